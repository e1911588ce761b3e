// Whatever is asked of an arm, its joints stay within their limits and it stays finite.
import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { World } from "../../src/physics/world.js";
import { CONTROL_MODES, type ControlMode } from "../../src/robots/control/controller.js";
import { createController } from "../../src/robots/control/create-controller.js";
import { importUrdf } from "../../src/robots/import/import-robot.js";
import { openFingers, type RobotModel } from "../../src/robots/models/robot-model.js";
import { robots } from "../../src/robots/models/robots.js";

/** A turntable whose first link turns about the vertical and dips into the table, with a linkage for a gripper. */
const TURNTABLE = `<robot name="turntable"><link name="ground"/>${[
  [
    "column",
    "ground",
    "0 0 1",
    "0 0 0",
    "2",
    '<collision><origin xyz="0 0 0.09"/><geometry><box size="0.1 0.1 0.2"/></geometry></collision>',
  ],
  [
    "upper",
    "column",
    "0 1 0",
    "0 0 0.2",
    "1.1",
    '<collision><origin xyz="0 0 0.15"/><geometry><sphere radius="0.06"/></geometry></collision>',
  ],
  [
    "fore",
    "upper",
    "0 1 0",
    "0 0 0.3",
    "0.9",
    '<collision><origin xyz="0 0 0.15"/><geometry><box size="0.05 0.06 0.3"/></geometry></collision>',
  ],
  [
    "wrist",
    "fore",
    "0 1 0",
    "0 0 0.3",
    "0.4",
    '<collision><origin xyz="0 0 0.03"/><geometry><box size="0.06 0.08 0.06"/></geometry></collision>',
  ],
  [
    "left_finger",
    "wrist",
    "1 0 0",
    "0 0.03 0.07",
    "0.05",
    '<collision><origin xyz="0 0 0.02"/><geometry><box size="0.02 0.01 0.05"/></geometry></collision>',
  ],
  [
    "right_finger",
    "wrist",
    "1 0 0",
    "0 -0.03 0.07",
    "0.05",
    '<collision><origin xyz="0 0 0.02"/><geometry><box size="0.02 0.01 0.05"/></geometry></collision>',
  ],
]
  .map(
    ([name, parent, axis, xyz, mass, shape]) => `
  <link name="${name}"><inertial><origin xyz="0 0 0.02"/><mass value="${mass}"/>
    <inertia ixx="0.01" iyy="0.012" izz="0.008" ixy="0" ixz="0" iyz="0"/></inertial>${shape}</link>
  <joint name="${name}_joint" type="revolute"><parent link="${parent}"/><child link="${name}"/><origin xyz="${xyz}"/>
    <axis xyz="${axis}"/><limit lower="${name!.endsWith("finger") ? 0 : -2.4}" upper="${name!.endsWith("finger") ? 0.7 : 2.4}" effort="40" velocity="2"/>
    ${name === "right_finger" ? '<mimic joint="left_finger_joint" multiplier="-0.9"/>' : ""}
    ${name === "upper" ? '<dynamics damping="0.5" friction="0.4"/>' : ""}</joint>`,
  )
  .join("")}</robot>`;
const arms = [...Object.values(robots), importUrdf(TURNTABLE, { file: "turntable.urdf" }).robot];

interface Worst {
  /** Beyond a limit, rad or m. */
  readonly beyond: number;
  /** Of any joint, rad/s or m/s. */
  readonly fastest: number;
}

/** Act for `steps` control steps of 12 substeps at 240 Hz: anew in each, or everything in full for a second at a time. */
function play(robot: RobotModel, mode: ControlMode, kind: "random" | "full", steps: number): Worst {
  const world = new World({ timestep: 1 / 240 });
  world.addTable();
  const arm = world.addArticulation(robot.articulation);
  const controller = createController(mode, robot, arm);
  controller.reset(robot.start, 0, openFingers(robot));
  const random = createRandom(`${robot.id}${mode}${kind}`);
  const action = new Float32Array(controller.actionEntries.length);
  let [beyond, fastest] = [0, 0];
  for (let step = 0; step < steps; step++) {
    if (kind === "random") for (const k of action.keys()) action[k] = random.uniform(-1, 1);
    else if (step % 20 === 0) for (const k of action.keys()) action[k] = random.uniform(0, 1) < 0.5 ? -1 : 1;
    controller.setAction(action);
    for (let substep = 1; substep <= 12; substep++) {
      controller.beforeSubstep(substep, 12);
      world.step();
      for (let dof = 0; dof < arm.numDofs; dof++) {
        const position = arm.jointPositions[dof]!;
        const speed = Math.abs(arm.jointVelocities[dof]!);
        beyond = Math.max(beyond, arm.lowerLimits[dof]! - position, position - arm.upperLimits[dof]!);
        fastest = Math.max(fastest, Number.isFinite(position + speed) ? speed : Number.POSITIVE_INFINITY);
      }
    }
  }
  return { beyond, fastest };
}

describe.each(arms.map((robot) => [robot.id, robot] as const))("%s", (_, robot) => {
  test.each(CONTROL_MODES)(
    "under %s passes no joint limit by more than 2 mrad, whatever the actions",
    (mode) => {
      expect(play(robot, mode, "random", 200).beyond).toBeLessThan(2e-3);
      expect(play(robot, mode, "full", 200).beyond).toBeLessThan(2e-3);
    },
  );
});

test("5,000 random steps of a first link that dips into the table are finite and bounded", () => {
  expect(play(arms.at(-1)!, "joint-velocity", "random", 5000).fastest).toBeLessThan(60);
});
