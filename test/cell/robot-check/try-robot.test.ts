import { describe, expect, test } from "vitest";
import {
  checkLift,
  checkRandom,
  checkSquare,
  checkStill,
} from "../../../src/cell/robot-check/motion-checks.js";
import {
  checkGravity,
  checkRegion,
  checkSelfCollision,
} from "../../../src/cell/robot-check/posture-checks.js";
import { tryRobot } from "../../../src/cell/robot-check/try-robot.js";
import type { JointModel, LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { so101 } from "../../../src/robots/models/so101.js";

/** `robot` with what `change` makes of each link. */
function withLinks(robot: RobotModel, change: (link: LinkModel) => LinkModel): RobotModel {
  return { ...robot, articulation: { links: robot.articulation.links.map(change) } };
}

function withJoint(robot: RobotModel, name: string, change: Partial<JointModel>): RobotModel {
  return withLinks(robot, (link) =>
    link.joint?.name === name ? { ...link, joint: { ...link.joint, ...change } } : link,
  );
}

test("an arm without a gripper is not asked to lift", () => {
  const { gripper: _, ...bare } = withLinks(so101, (link) =>
    link.name === "moving_jaw" ? { ...link, joint: undefined as never } : link,
  );
  const robot = { ...bare, home: so101.home.slice(0, 5) };
  expect(checkLift(robot)).toEqual({
    name: "lifts a block",
    status: "skip",
    measured: "it has no gripper",
    advice: "",
  });
});

test("without a task region nothing is tried in it", () => {
  const nowhere = { low: [0, 0, 0], high: [0, 0, 0] } as const;
  expect(tryRobot({ ...panda, taskRegion: nowhere }).map(({ status }) => status)).toEqual([
    "fail",
    "pass",
    "skip",
    "skip",
    "skip",
    "skip",
    "skip",
  ]);
});

describe("the line that fails says what to change:", () => {
  test("a task region out of reach", () => {
    const { low } = panda.taskRegion;
    expect(checkRegion({ ...panda, taskRegion: { low, high: [0.95, 0.15, 0.27] } })).toEqual({
      name: "reaches its region",
      status: "fail",
      measured: expect.stringMatching(/^60 x 30 x 21 cm, \d\d\d\.\d mm off at most, hand \d+\.\d° from/),
      advice:
        'Mount it where its hand, pointing down, reaches the table in front of it (the option "base"), name the tool\'s frame ' +
        '(the option "tip"), or set its workspace, taskRegion and start.',
    });
  });

  test("a hand that is tilted by 2 degrees", () => {
    const tilt = Math.PI / 180;
    const tcp = { ...panda.tcp, quaternion: [Math.sin(tilt), 0, 0, Math.cos(tilt)] as const };
    // the fingers' own directions do not matter here
    expect(checkRegion({ ...panda, tcp, rest: panda.rest })).toMatchObject({ status: "pass" });
    const [, ...joints] = panda.armJoints;
    const stiff = withJoint(panda, joints.at(-2)!, { lower: 2.1, upper: 2.15 });
    expect(checkRegion(stiff)).toMatchObject({
      status: "fail",
      measured: expect.stringMatching(/hand [1-9]/),
    });
  });

  test("a shoulder too weak for the arm", () => {
    expect(checkGravity(withJoint(panda, "joint2", { effortLimit: 20 }))).toEqual({
      name: "holds gravity at its reach limit",
      status: "fail",
      measured: expect.stringMatching(/^joint2 needs 5\d\.\d of 20 N m, 0\.\d\d m out$/),
      advice: expect.stringMatching(
        /^Raise the effort limit of joint "joint2" to 8\d N m or more, or correct the masses beyond it\.$/,
      ),
    });
  });

  test("links that overlap", () => {
    const fat = withLinks(panda, (link) =>
      link.name === "link5"
        ? { ...link, collision: [{ type: "sphere", radius: 0.4, position: [0, 0, 0] }] }
        : link,
    );
    expect(checkSelfCollision(fat)).toMatchObject({
      status: "fail",
      measured: expect.stringMatching(/^\d+ pairs overlap: "\w+" and "\w+" by \d+\.\d mm$/),
      advice: expect.stringMatching(
        /^Let "\w+" and "\w+" overlap \(mayOverlap of its articulation\), or make their collision shapes smaller\.$/,
      ),
    });
  });

  test("a link that stands in the table", () => {
    const low = withLinks(panda, (link) =>
      link.name === "link1"
        ? { ...link, collision: [{ type: "sphere", radius: 0.05, position: [0, 0, -0.3] }] }
        : link,
    );
    expect(checkSelfCollision(low)).toEqual({
      name: "links keep clear of each other",
      status: "fail",
      measured: '"link1" is 17.0 mm inside the table',
      advice: 'Mount it higher (the option "base"), or make the collision shape of "link1" smaller.',
    });
  });

  test("servos that do not hold", () => {
    expect(checkStill(withJoint(panda, "joint4", { effortLimit: 5 }))).toMatchObject({
      status: "fail",
      advice:
        "Raise the stiffness and effort limits of its joints, or correct masses and inertias that are out of proportion.",
    });
  });

  test("servos that lag", () => {
    const soft = withLinks(panda, (link) =>
      link.joint ? { ...link, joint: { ...link.joint, stiffness: link.joint.stiffness / 20 } } : link,
    );
    expect(checkSquare(soft)).toMatchObject({
      status: "fail",
      advice:
        "Raise the stiffness and effort limits of its joints, with a damping of about a tenth of the stiffness.",
    });
  });

  test("fingers without force", () => {
    const weak = withLinks(panda, (link) =>
      link.joint?.type === "prismatic" ? { ...link, joint: { ...link.joint, effortLimit: 0.2 } } : link,
    );
    expect(checkLift(weak)).toMatchObject({
      status: "fail",
      advice: expect.stringMatching(/^Name the joint that moves the fingers \(the option "gripper"\)/),
    });
  });

  test("a tool's frame that is not between the fingers", () => {
    const aside = { ...panda.tcp, offset: [0, 0.06, 0.1034] as const };
    expect(checkLift({ ...panda, tcp: aside })).toMatchObject({
      status: "fail",
      measured: expect.stringMatching(/stays behind/),
    });
  });

  test("joints that are faster than they can be", () => {
    expect(checkRandom(withJoint(panda, "joint6", { velocityLimit: 0.05 }))).toMatchObject({
      status: "fail",
      advice:
        'Raise the damping or the armature of joint "joint6", or its velocity limit where that is too low.',
    });
  });
});
