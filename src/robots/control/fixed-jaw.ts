// Where a jaw that stands still is, and how much room it takes together with the closed other one.
import { IDENTITY_QUATERNION, rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Articulation } from "../../physics/articulation/articulation.js";
import type { CollisionShape } from "../../physics/articulation/articulation-model.js";
import { type GripperModel, gripperLink, type RobotModel } from "../models/robot-model.js";
import { alongTool } from "./closed-fingers.js";
import { closedHand, isMovedBy, padCentre } from "./finger-pads.js";
import type { ToolCentrePoint } from "./tool-centre-point.js";

/** Shapes of a jaw that reach as far as its tip but for this belong to the tip, m. */
const TIP = 0.015;

/** A jaw that stands still while the other one closes on it; from the tool centre point along the tool's axes, m. */
export interface FixedJaw {
  /** Its inner face, along x. */
  readonly face: number;
  /** On which side of it the other jaw is: 1 towards greater x, -1 towards smaller. */
  readonly side: 1 | -1;
  /** Opposite corners of the box that both jaws fill when they are closed, x and y. */
  readonly closed: { readonly low: readonly [number, number]; readonly high: readonly [number, number] };
}

/**
 * Return where the jaw of `robot` that stands still is; undefined where both fingers move, and without a gripper.
 *
 * @throws Nothing.
 * @example
 * const jaw = fixedJaw(findRobot("so101"));
 */
export function fixedJaw(robot: RobotModel): FixedJaw | undefined {
  const { gripper } = robot;
  if (!gripper) return undefined;
  const { arm, tool } = closedHand(robot);
  const dof = arm.dofOfLink[gripperLink(robot)]!;
  const links = gripper.fingerLinks.map((name) => arm.linkIndex(name));
  const still = ([0, 1] as const).filter((finger) => !isMovedBy(arm, links[finger]!, dof));
  const [first] = still;
  if (first === undefined || still.length !== 1) return undefined;
  const fixed = padSpan(arm, gripper, first, tool);
  const moving = padSpan(arm, gripper, first === 0 ? 1 : 0, tool);
  const isNearer = fixed[0].middle < moving[0].middle;
  const low = (axis: 0 | 1) => Math.min(fixed[axis].low, moving[axis].low);
  const high = (axis: 0 | 1) => Math.max(fixed[axis].high, moving[axis].high);
  const own = isNearer ? fixed[0].high : fixed[0].low;
  return {
    // the middle of a pad that was measured lies on its face
    face: gripper.pads ? fixed[0].middle : own,
    side: isNearer ? 1 : -1,
    closed: { low: [low(0), low(1)], high: [high(0), high(1)] },
  };
}

/** How far a finger reaches along the tool's x and y axes, m: its last shape, or where its pad is known all at its tip. */
function padSpan(arm: Articulation, gripper: GripperModel, finger: 0 | 1, tool: ToolCentrePoint) {
  const link = arm.linkIndex(gripper.fingerLinks[finger]);
  const { collision } = arm.model.links[link]!;
  const spans = collision.map((shape) => shapeSpan(arm, link, shape, tool));
  const furthest = Math.max(...spans.map((span) => span(2).high));
  const tips = gripper.pads ? spans.filter((span) => span(2).high > furthest - TIP) : spans.slice(-1);
  const centre = padCentre(arm, gripper, finger).map((value, k) => value - tool.position[k]!);
  const along = (axis: 0 | 1) => {
    const middle = alongTool(tool, axis, centre);
    const reaches = tips.map((span) => span(axis));
    const low = Math.min(...reaches.map((reach) => reach.low));
    const high = Math.max(...reaches.map((reach) => reach.high));
    return tips.length === 0 ? { low: middle, middle, high: middle } : { low, middle, high };
  };
  return [along(0), along(1)] as const;
}

/** How far a shape reaches along an axis of the tool, m. */
function shapeSpan(arm: Articulation, link: number, shape: CollisionShape, tool: ToolCentrePoint) {
  const R = arm.linkRotations.subarray(9 * link, 9 * link + 9);
  const toWorld = ([x, y, z]: Vec3) =>
    [0, 1, 2].map((k) => R[3 * k]! * x + R[3 * k + 1]! * y + R[3 * k + 2]! * z);
  const centre = toWorld(shape.position).map(
    (value, k) => value + arm.linkPositions[3 * link + k]! - tool.position[k]!,
  );
  const edges: readonly Vec3[] =
    shape.type === "box"
      ? shape.halfExtents.map((half, k) =>
          rotateVector(
            shape.quaternion ?? IDENTITY_QUATERNION,
            [0, 1, 2].map((i) => (i === k ? half : 0)) as unknown as Vec3,
          ),
        )
      : [];
  return (axis: 0 | 1 | 2) => {
    const middle = alongTool(tool, axis, centre);
    if (shape.type === "capsule" || shape.type === "cylinder" || shape.type === "convex") {
      const reaches = outlineOf(shape).map((point) => middle + alongTool(tool, axis, toWorld(point)));
      return { low: Math.min(...reaches), high: Math.max(...reaches) };
    }
    const half =
      shape.type === "sphere"
        ? shape.radius
        : edges.reduce((sum, edge) => sum + Math.abs(alongTool(tool, axis, toWorld(edge))), 0);
    return { low: middle - half, high: middle + half };
  };
}

/** Points from the middle of a shape, turned as in its link's frame, between which it lies in any direction within a hundredth. */
function outlineOf(shape: Exclude<CollisionShape, { readonly type: "box" | "sphere" }>): Vec3[] {
  const { quaternion = IDENTITY_QUATERNION } = shape;
  const points = shape.type === "convex" ? shape.points : roundOutline(shape);
  return points.map((point) => rotateVector(quaternion, point));
}

function roundOutline({
  type,
  radius,
  length,
}: Extract<CollisionShape, { readonly type: "capsule" | "cylinder" }>): Vec3[] {
  const rings = 8;
  return [-1, 1].flatMap((end) =>
    Array.from(
      { length: type === "capsule" ? rings + 1 : 1 },
      (_, ring) => (ring / rings) * (Math.PI / 2),
    ).flatMap((rise) =>
      Array.from({ length: 32 }, (_, k): Vec3 => {
        const turn = (k * Math.PI) / 16;
        const across = radius * Math.cos(rise);
        return [
          across * Math.cos(turn),
          across * Math.sin(turn),
          end * (length / 2 + radius * Math.sin(rise)),
        ];
      }),
    ),
  );
}
