// Efforts, speeds and gains of imported joints, against what a pendulum says.
import { describe, expect, test } from "vitest";
import type { DescribedJoint } from "../../../../src/robots/import/description.js";
import { readUrdf } from "../../../../src/robots/import/formats/read-urdf.js";
import { parseXml } from "../../../../src/robots/import/formats/xml.js";
import { importRobot, importUrdf } from "../../../../src/robots/import/import-robot.js";
import { stepResponse } from "../../../../src/robots/import/tuning/step-response.js";
import type { RobotModel } from "../../../../src/robots/models/robot-model.js";
import { chainUrdf, SIX } from "./arms.js";

/** One link of 1 kg, 0.1 m from a level axis: 0.981 N m at worst, 0.01 + 0.1² = 0.02 kg m². */
function pendulum(limit: string, more = "") {
  return importUrdf(chainUrdf([{ xyz: "0 0 0.5", axis: "0 1 0", limit, more }]), { file: "pendulum.urdf" });
}

const jointOf = ({ articulation }: RobotModel) => articulation.links[0]!.joint!;
const RANGE = 'lower="-3" upper="3"';

describe("an effort", () => {
  test.each([
    ["is missing", "", "has no effort limit"],
    ["is 0", 'effort="0"', "has no effort limit"],
    ["is 1e-9", 'effort="1e-9"', "would not hold itself at the reach limit with 1e-9 N m (0.98 N m needed)"],
    [
      "does not hold the arm",
      'effort="0.9"',
      "would not hold itself at the reach limit with 0.9 N m (0.98 N m needed)",
    ],
  ])("that %s is estimated from gravity and inertia", (_, effort, reason) => {
    const { robot, assumptions } = pendulum(`${RANGE} ${effort} velocity="2"`);
    // twice 0.981 + 0.02 * 5
    expect(jointOf(robot).effortLimit).toBeCloseTo(2 * (0.981 + 0.1), 2);
    expect(assumptions).toContain(
      `joint "j1" ${reason}: 2.16 N m estimated, 2 times what gravity and 5 rad/s² take at the reach limit`,
    );
  });

  test("of more than a hundred times that is bounded, any other is taken as it is", () => {
    const { robot, assumptions } = pendulum(`${RANGE} effort="1e308" velocity="2"`);
    expect(jointOf(robot).effortLimit).toBeCloseTo(216.2, 0);
    expect(assumptions).toContain(
      'joint "j1" has an effort limit of 1e+308 N m: 216 N m taken, 100 times what is needed',
    );
    expect(jointOf(pendulum(`${RANGE} effort="1.1" velocity="2"`).robot).effortLimit).toBe(1.1);
    expect(jointOf(pendulum(`${RANGE} effort="150" velocity="2"`).robot).effortLimit).toBe(150);
  });
});

test.each([
  ["", "no velocity limit"],
  ['velocity="0"', "no velocity limit"],
  ['velocity="1e-9"', "a velocity limit of 1e-9 rad/s, which no arm has"],
  ['velocity="1e300"', "a velocity limit of 1e+300 rad/s, which no arm has"],
])("a joint with %j has %s and turns at half a turn per second", (velocity, reason) => {
  const { robot, assumptions } = pendulum(`${RANGE} effort="50" ${velocity}`);
  expect(jointOf(robot).velocityLimit).toBeCloseTo(Math.PI, 4);
  expect(assumptions).toContain(`joint "j1" has ${reason}: 3.14 rad/s estimated`);
});

describe("gains", () => {
  test("are those of 60 rad/s and a damping ratio of 3 for the joint's inertia, the rotor's included", () => {
    const { robot, assumptions } = pendulum(`${RANGE} effort="50" velocity="2"`);
    // 0.02 kg m² and a rotor of 0.002 kg m² per N m, at most 0.1
    expect(jointOf(robot)).toMatchObject({ armature: 0.1, stiffness: 432, damping: 43.2 });
    expect(assumptions).toContainEqual(
      expect.stringMatching(
        /^servos: natural frequency 60 rad\/s, .*; a step settles to 2 % within 0\.38 s \(joint "j1"\), overshoot 0 %$/,
      ),
    );
  });

  test("of a joint with much friction are as high as lets it lag like the others", () => {
    const { robot } = pendulum(`${RANGE} effort="50" velocity="2"`, '<dynamics damping="100"/>');
    expect(jointOf(robot)).toMatchObject({ viscousFriction: 100, stiffness: 1000, damping: 0 });
  });

  test("that the file gives are kept, a damping ratio as the damping that it is", () => {
    const described = readUrdf(parseXml(chainUrdf(SIX), "six.urdf"), "six.urdf");
    const servos: Record<string, DescribedJoint["servo"]> = {
      j1: { stiffness: 500, damping: 50 },
      j6: { stiffness: 400, damping: 0, dampingRatio: 1 },
    };
    const joints = described.joints.map((joint) => {
      const servo = servos[joint.name];
      return servo ? { ...joint, servo } : joint;
    });
    const { robot, assumptions } = importRobot({ ...described, joints });
    const { links } = robot.articulation;
    expect(links[0]!.joint).toMatchObject({ stiffness: 500, damping: 50 });
    // about its own axis the last link has 0.01 kg m², its rotor 0.1: 2 sqrt(400 * 0.11)
    expect(links[5]!.joint!.stiffness).toBe(400);
    expect(links[5]!.joint!.damping).toBeCloseTo(2 * Math.sqrt(400 * 0.11), 6);
    expect(assumptions).toContainEqual(expect.stringMatching(/^servos: .*\(2 as the file gives them\)/));
  });
});

describe("a step response", () => {
  const { robot } = pendulum(`${RANGE} effort="50" velocity="2"`);
  const withGains = (stiffness: number, damping: number): RobotModel => {
    const [link] = robot.articulation.links;
    return {
      ...robot,
      articulation: { links: [{ ...link!, joint: { ...link!.joint!, stiffness, damping } }] },
    };
  };

  test("of a slow servo settles when its slow pole has: 60 rad/s and ratio 3 in 0.383 s", () => {
    const { settling, overshoot } = stepResponse(withGains(432, 43.2), "j1");
    expect(settling).toBeCloseTo(0.383, 1.7);
    expect(overshoot).toBe(0);
  });

  test("of a servo with ratio 0.3 overshoots by exp(-pi 0.3 / sqrt(1 - 0.3²)) = 37 %", () => {
    const damping = 2 * 0.3 * Math.sqrt(100 * 0.12);
    expect(stepResponse(withGains(100, damping), "j1").overshoot).toBeCloseTo(0.372, 1.3);
  });

  test("of a servo without damping does not settle", () => {
    expect(stepResponse(withGains(100, 0), "j1").settling).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a gripper's servo", () => {
  const finger = (side: string, limit: string, mimic = "") =>
    `<link name="${side}"><inertial><mass value="0.1"/><inertia ixx="1e-4" iyy="1e-4" izz="1e-4" ixy="0" ixz="0" iyz="0"/></inertial></link>
     <joint name="${side}_slide" type="prismatic"><parent link="l6"/><child link="${side}"/><origin xyz="0 0 0.1"/>
     <axis xyz="0 ${side === "left" ? 1 : -1} 0"/><limit lower="0" upper="0.04" ${limit}/>${mimic}</joint>`;
  const withFingers = (limit: string) =>
    importUrdf(
      chainUrdf(SIX).replace(
        "</robot>",
        `${finger("left", limit)}${finger("right", limit, '<mimic joint="left_slide"/>')}</robot>`,
      ),
      { file: "hand.urdf" },
    );
  const slide = ({ articulation }: RobotModel, name: string) =>
    articulation.links.find(({ joint }) => joint?.name === name)!.joint!;

  test("gives its whole force at 1 cm, with a rotor that makes it 120 rad/s; its follower is passive", () => {
    const { robot } = withFingers('effort="60" velocity="0.1"');
    expect(slide(robot, "left_slide")).toMatchObject({
      effortLimit: 60,
      velocityLimit: 0.1,
      stiffness: 6000,
      damping: 300,
    });
    // two fingers of 0.1 kg move with it
    expect(slide(robot, "left_slide").armature).toBeCloseTo(6000 / 120 ** 2 - 0.2, 3);
    expect(slide(robot, "right_slide")).toMatchObject({
      effortLimit: 0,
      stiffness: 0,
      damping: 0,
      armature: 0,
    });
  });

  test("has 40 N at each finger where the file gives none that fingers have", () => {
    for (const limit of ["", 'effort="0" velocity="0"', 'effort="1e6" velocity="100"']) {
      const { robot, assumptions } = withFingers(limit);
      expect(slide(robot, "left_slide")).toMatchObject({ effortLimit: 80, velocityLimit: 0.15 });
      expect(assumptions).toContainEqual(
        expect.stringMatching(/^gripper joint "left_slide" has .*: 80 N, 40 N at each finger$/),
      );
    }
  });
});
