import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/math/random.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { InverseKinematics } from "../../../src/robots/control/inverse-kinematics.js";
import { ToolCentrePoint } from "../../../src/robots/control/tool-centre-point.js";
import { fingerOpening, type RobotModel } from "../../../src/robots/models/robot-model.js";
import { robots } from "../../../src/robots/models/robots.js";
import { so101 } from "../../../src/robots/models/so101.js";

describe.each(Object.values(robots))("$id", (robot) => {
  test("reaches 100 random poses of its task region from its rest posture to 1.5 mm", () => {
    const random = createRandom(`inverse kinematics/${robot.id}`);
    const kinematics = new InverseKinematics(robot);
    const { low, high } = robot.taskRegion;
    let [worst, worstTurn] = [0, 0];
    for (let pose = 0; pose < 100; pose++) {
      // from the table up to the goals in the air
      const [x, y, z] = [0, 1, 2].map((k) => random.uniform(k === 2 ? 0.012 : low[k], high[k]));
      const joints = Float64Array.from(robot.rest);
      const yaw = random.uniform(-0.8, 0.8);
      kinematics.solve(joints, [x!, y!, z!], yaw, 60);
      const { position, rotation } = kinematics.residual(joints, [x!, y!, z!], yaw);
      worst = Math.max(worst, position);
      // five joints cannot point straight down everywhere
      if (robot.armJoints.length > 5 || z! < 0.05) worstTurn = Math.max(worstTurn, rotation);
    }
    expect(worst).toBeLessThan(1.5e-3);
    expect(worstTurn).toBeLessThan(0.02);
  });

  test("takes any pose that its own joints make, position and orientation", () => {
    const random = createRandom(`poses/${robot.id}`);
    const kinematics = new InverseKinematics(robot);
    const arm = new Articulation(robot.articulation);
    const tcp = new ToolCentrePoint(robot, arm);
    for (let pose = 0; pose < 20; pose++) {
      const near = robot.rest.map((q) => q + random.uniform(-0.15, 0.15));
      arm.reset([...near, robot.gripper!.open]);
      tcp.update();
      const [position, rotation] = [tcp.position.slice(), tcp.rotation.slice()];
      const joints = Float64Array.from(robot.rest);
      kinematics.solvePose(joints, position, rotation, 100);
      arm.reset([...joints, robot.gripper!.open]);
      tcp.update();
      for (let k = 0; k < 3; k++) expect(Math.abs(tcp.position[k]! - position[k]!)).toBeLessThan(1e-3);
      for (let k = 0; k < 9; k++) expect(Math.abs(tcp.rotation[k]! - rotation[k]!)).toBeLessThan(0.02);
    }
  });
});

test("a hand that points up is half a turn from pointing down, which the axes' cross products do not see", () => {
  const joint = { name: "roll", type: "revolute", axis: [0, 0, 1], lower: -3, upper: 3 } as const;
  const servo = {
    velocityLimit: 1,
    effortLimit: 1,
    stiffness: 1,
    damping: 1,
    armature: 0.1,
    viscousFriction: 0,
  };
  const up: RobotModel = {
    ...so101,
    articulation: {
      links: [
        {
          name: "hand",
          parent: -1,
          position: [0, 0, 0.4],
          quaternion: [0, 0, 0, 1],
          mass: 1,
          centerOfMass: [0, 0, 0],
          inertia: [0.01, 0.01, 0.01, 0, 0, 0],
          joint: { ...joint, ...servo },
          collision: [],
        },
      ],
    },
    armJoints: ["roll"],
    tcp: { link: "hand", offset: [0, 0, 0] },
  };
  const { position, rotation, tilt } = new InverseKinematics(up).residual([0], [0, 0.03, 0.44], 0);
  expect(position).toBeCloseTo(0.05, 12);
  expect(rotation).toBeCloseTo(Math.PI, 12);
  expect(tilt).toBeCloseTo(Math.PI, 12);
  // turned upside down by 0.9 of a half turn about x there is a tenth left
  const nearly: RobotModel = {
    ...up,
    tcp: { ...up.tcp, quaternion: [Math.sin(0.45 * Math.PI), 0, 0, Math.cos(0.45 * Math.PI)] },
  };
  expect(new InverseKinematics(nearly).residual([0], [0, 0, 0.4], 0).tilt).toBeCloseTo(0.1 * Math.PI, 12);
});

test("the SO-101's jaws are 4 cm apart, 2 cm each, where its pad is parallel to the fixed jaw", () => {
  expect(fingerOpening(so101.gripper!, 0.31)).toBeCloseTo(0.02, 3);
  // the inner tips: the fixed jaw's stands at x = -0.0081 m of the hand's frame, the moving jaw's is 7.9 cm from its pivot
  const arm = new Articulation(so101.articulation);
  arm.reset([0, 0, 0, 0, 0, 0.31]);
  const [hand, jaw] = [arm.linkIndex("gripper"), arm.linkIndex("moving_jaw")];
  const tip = [-0.0125, -0.079, 0.0189].map((_, k) =>
    [-0.0125, -0.079, 0.0189].reduce(
      (sum, value, axis) => sum + arm.linkRotations[9 * jaw + 3 * k + axis]! * value,
      arm.linkPositions[3 * jaw + k]! - arm.linkPositions[3 * hand + k]!,
    ),
  );
  const x = tip.reduce((sum, value, k) => sum + arm.linkRotations[9 * hand + 3 * k]! * value, 0);
  expect(x - -0.0081).toBeCloseTo(0.04, 2);
});
