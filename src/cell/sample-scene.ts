// Scenes that no episode starts with, to learn to see from: the arm anywhere, a body below its hand or held.
import { quaternionFromAxisAngle } from "../math/quaternion.js";
import type { Random } from "../math/random.js";
import type { Vec3 } from "../math/vector.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import type { World } from "../physics/world.js";
import type { Controller } from "../robots/control/controller.js";
import {
  fingerJoint,
  type GripperModel,
  openFingers,
  type RobotModel,
} from "../robots/models/robot-model.js";
import type { ActionEntry } from "../spaces/action-entry.js";

/** What a robot cell gives to have its scene drawn. */
interface SampledCell {
  readonly model: RobotModel;
  readonly world: World;
  readonly controller: Controller;
  readonly actionEntries: readonly ActionEntry[];
  /** Where the goal is, m. */
  readonly goal: Float64Array;
  readonly stepsHeld: number;
  placeArm(tool: Vec3, fingers: number, stepsHeld: number): void;
}

/** Shares of the scenes in which a body lies below the hand, and is held. */
const BELOW = 0.25;
const HELD = 0.3;
/** Share of the scenes in which the goal is near the tool, as it is when the task is nearly done. */
const NEARLY_DONE = 0.25;
/** How far from the tool things then are along each axis, m; a held body nearer. */
const NEAR = 0.04;
const IN_HAND = 0.012;
/** How far between the fingers, m, and how much turned, rad. */
const BETWEEN_FINGERS = 0.004;
const TURNED = 0.12;

/** Put the arm anywhere in its workspace, at rest, and maybe one of the bodies and the goal near its tool; all else stays. */
export function sampleScene(cell: SampledCell, random: Random): void {
  const { model, goal, world } = cell;
  const { low, high } = model.workspace;
  const draw = (k: 0 | 1 | 2) => random.uniform(low[k], high[k]);
  const tool: Vec3 = [draw(0), draw(1), draw(2)];
  const { gripper } = model;
  const grips = gripper && cell.actionEntries.some(({ name }) => name === "gripper");
  let fingers = grips ? random.uniform(gripper.meets ?? 0, gripper.open) : cell.controller.commandedFingers;
  const near = (reach: number) => random.uniform(-reach, reach);
  const kind = random.uniform();
  const bodies = world.freeBodies;
  if (bodies.length > 0 && kind < BELOW + HELD) {
    const body = bodies[random.integer(bodies.length)]!;
    const height = body.position[2];
    if (kind < BELOW) {
      const yaw = random.uniform(-Math.PI, Math.PI);
      body.setPose([tool[0] + near(NEAR), tool[1] + near(NEAR), height], aboutVertical(yaw));
      // as it comes down to grasp, more often than not
      if (grips && random.uniform() < 0.7) fingers = openFingers(model);
    } else {
      const yaw = (random.integer(4) * Math.PI) / 2 + near(TURNED);
      const z = Math.max(height, tool[2] + near(IN_HAND));
      body.setPose([tool[0] + near(IN_HAND), tool[1] + near(BETWEEN_FINGERS), z], aboutVertical(yaw));
      if (grips) fingers = holdingFingers(gripper, halfWidth(body));
    }
  }
  if (random.uniform() < NEARLY_DONE)
    for (const k of [0, 1, 2] as const)
      goal[k] = Math.max(tool[k] + near(NEAR), k === 2 ? low[2] : -Infinity);
  cell.placeArm(tool, fingers, cell.stepsHeld);
}

/** As far open as holds something, not further than the fingers open. */
function holdingFingers(gripper: GripperModel, half: number): number {
  const joint = fingerJoint(gripper, half);
  return gripper.open >= (gripper.meets ?? 0) ? Math.min(gripper.open, joint) : Math.max(gripper.open, joint);
}

function aboutVertical(yaw: number) {
  return quaternionFromAxisAngle([0, 0, 1], yaw);
}

/** How far the surface of a body is from its middle, sideways, m. */
function halfWidth({ shape }: FreeBody): number {
  if (shape.type === "box") return shape.halfExtents[1];
  if (shape.type === "convex") return Math.max(...shape.points.map(([, y]) => y));
  return shape.radius;
}
