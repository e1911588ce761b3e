// A gripper closed on a block in simulation: how hard it squeezes, and whether it holds.
import { quaternionFromRotation } from "../../../math/quaternion.js";
import type { LinkModel } from "../../../physics/articulation/articulation-model.js";
import { World } from "../../../physics/world.js";
import { pointOfTool } from "../../control/closed-fingers.js";
import { Grip } from "../../control/grip.js";
import { ToolCentrePoint } from "../../control/tool-centre-point.js";
import { fingerOpening, gripperLink, type RobotModel } from "../../models/robot-model.js";
import type { Assume } from "../links.js";

/** Width of the block, m, or this share of the opening of a gripper that opens less than twice that. */
const BLOCK = { width: 0.04, share: 0.5, mass: 0.1 } as const;
const TIMESTEP = 1 / 240;
/** How long the fingers may take, s, and how long they hold before it is measured. */
const LONGEST = 4;
const HELD = 0.25;
/** A block is so much wider than the fingers close, where the usual one is not, m. */
const CLEAR = 0.01;
/** Fingers that are this near touch, m. */
const TOUCH = 0.002;
/** Less than this is no grip, N. */
const LEAST_FORCE = 0.5;
/** What came of closing on a block. */
interface MeasuredGrip {
  /** Width of the block, m. */
  readonly width: number;
  /** Squeezing force once the fingers hold, N; 0 where they did not get hold of it. */
  readonly force: number;
}

/**
 * Close the gripper of `robot` on a block that floats where the tool is, the arm held still; undefined without a gripper.
 *
 * The squeezing force is that of `Grip`: what both fingers push by their inner faces.
 */
function measureGrip(robot: RobotModel): MeasuredGrip | undefined {
  const { gripper } = robot;
  if (!gripper) return undefined;
  const opening = 2 * fingerOpening(gripper, gripper.open);
  const least = leastGap(robot);
  const usual = Math.min(BLOCK.width, BLOCK.share * opening);
  // fingers that do not close to the usual block hold a larger one
  const width = usual > least ? usual : Math.min(least + CLEAR, (least + opening) / 2);
  if (!(width > 1e-3)) return { width: Math.max(0, width), force: 0 };
  const held = withStillArm(robot);
  const world = new World({ timestep: TIMESTEP, gravity: 0, selfCollision: false });
  const arm = world.addArticulation(held.articulation);
  const half = width / 2;
  const block = world.addBox({
    name: "block",
    halfExtents: [half, half, half],
    mass: BLOCK.mass,
  });
  arm.speedLimits[0] = robot.articulation.links[gripperLink(robot)]!.joint!.velocityLimit;
  arm.reset([gripper.open]);
  const tool = new ToolCentrePoint(held, arm);
  const [x, y, z] = pointOfTool(tool, [0, 0, 0]);
  block.setPose([x, y, z], quaternionFromRotation(tool.rotation));
  arm.jointTargets[0] = gripper.closed;
  world.settle();
  const grip = new Grip(held, gripper, world);
  let since = 0;
  let force = 0;
  for (let step = 0; step * TIMESTEP < LONGEST && since < HELD; step++) {
    world.step();
    force = grip.force(block);
    since = force > LEAST_FORCE ? since + TIMESTEP : 0;
    if (!block.position.every(Number.isFinite)) return { width, force: 0 };
  }
  return { width, force: since < HELD ? 0 : force };
}

/** How near the fingers come to each other within the limits of their joint, m. */
function leastGap(robot: RobotModel): number {
  const { lower, upper } = robot.articulation.links[gripperLink(robot)]!.joint!;
  return Math.max(0, 2 * Math.min(...[lower, upper].map((at) => fingerOpening(robot.gripper!, at))));
}

/** Close the gripper on a block and tell its force. */
export function tellGrip(robot: RobotModel, assume: Assume): void {
  const grip = measureGrip(robot);
  if (!grip) return;
  const least = leastGap(robot);
  if (least > TOUCH)
    assume(
      `the fingers come no nearer to each other than ${Number((100 * least).toFixed(1))} cm: they hold nothing smaller`,
    );
  const block = `a block of ${Number((100 * grip.width).toFixed(1))} cm`;
  assume(
    grip.force === 0
      ? `closed on ${block} in simulation the fingers did not hold it: see whether they are what they should be`
      : `the fingers squeeze with ${Number(grip.force.toFixed(1))} N, measured by closing on ${block} in simulation`,
  );
}

/** The robot with its arm's joints welded where they are at home. */
function withStillArm(robot: RobotModel): RobotModel {
  const { articulation, gripper } = robot;
  const moved = (joint: LinkModel["joint"]): boolean => {
    if (!joint || joint.name === gripper!.joint) return joint !== undefined;
    const leader = articulation.links.find((link) => link.joint?.name === joint.mimic)?.joint;
    return leader !== undefined && moved(leader);
  };
  const links = articulation.links.map((link): LinkModel => {
    if (moved(link.joint)) return link;
    const { joint: _, ...still } = link;
    return still;
  });
  const home = [gripper!.open];
  return { ...robot, articulation: { ...articulation, links }, armJoints: [], home, rest: [] };
}
