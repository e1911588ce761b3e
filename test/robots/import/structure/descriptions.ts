// Descriptions of made-up robots, written joint by joint.

import type { Quat } from "../../../../src/math/quaternion.js";
import type { Vec3 } from "../../../../src/math/vector.js";
import type {
  DescribedGeometry,
  DescribedJoint,
  DescribedLink,
  DescribedShape,
  RobotDescription,
} from "../../../../src/robots/import/description.js";

/** A joint with what matters of it; the rest is at its default. */
export interface Part {
  readonly name: string;
  readonly parent: string;
  readonly child: string;
  readonly type?: DescribedJoint["type"];
  readonly at?: Vec3;
  readonly axis?: Vec3;
  readonly limits?: readonly [number, number];
  readonly mimic?: { readonly joint: string; readonly multiplier?: number; readonly offset?: number };
  readonly effort?: number;
  /** Boxes of the child: middle and size, m. */
  readonly boxes?: readonly (readonly [Vec3, Vec3])[];
  /** Other shapes of the child, at these places. */
  readonly shapes?: readonly (readonly [Vec3, DescribedGeometry])[];
  /** How the child is turned against the parent; default not. */
  readonly turn?: Quat;
}

const NONE = [0, 0, 0, 1] as const;

/** A robot of these joints, every link of 0.1 kg. */
export function describe(parts: readonly Part[], extra: Partial<RobotDescription> = {}): RobotDescription {
  const names = [...new Set(parts.flatMap(({ parent, child }) => [parent, child]))];
  const links = names.map((name): DescribedLink => {
    const { boxes = [], shapes = [] } = parts.find(({ child }) => child === name) ?? {};
    const place = (position: Vec3, geometry: DescribedGeometry): DescribedShape => ({
      line: 1,
      pose: { position, quaternion: NONE },
      geometry,
    });
    const collisions = [
      ...boxes.map(([position, size]) => place(position, { type: "box", size })),
      ...shapes.map(([position, geometry]) => place(position, geometry)),
    ];
    const inertia = [1e-4, 1e-4, 1e-4, 0, 0, 0] as const;
    const centerOfMass = boxes[0]?.[0] ?? shapes[0]?.[0] ?? [0, 0, 0];
    return {
      name,
      line: 1,
      inertial: { line: 1, mass: 0.1, centerOfMass, inertia },
      collisions,
      visuals: [],
    };
  });
  const joints = parts.map(
    ({
      name,
      parent,
      child,
      type = "revolute",
      at = [0, 0, 0.1],
      axis = [0, 0, 1],
      ...rest
    }): DescribedJoint => {
      const { limits, mimic, effort = 20, turn = NONE } = rest;
      return {
        ...{ name, line: 1, type, parent, child, axis, effort, velocity: 1, damping: 0, friction: 0 },
        pose: { position: at, quaternion: turn },
        ...(limits ? { limits } : {}),
        ...(mimic ? { mimic: { multiplier: 1, offset: 0, ...mimic } } : {}),
      };
    },
  );
  return { name: "made up", file: "made.urdf", links, joints, mayOverlap: [], notes: [], ...extra };
}

/** An upright arm of `count` joints that turn about y and z by turns, `prefix`1 and so on, up to the link `prefix`tip. */
export function arm(count: number, { prefix = "j", parent = "base" } = {}): Part[] {
  return Array.from({ length: count }, (_, k): Part => {
    const link = (index: number) => (index === count - 1 ? `${prefix}tip` : `${prefix}link${index + 1}`);
    return {
      name: `${prefix}${k + 1}`,
      parent: k === 0 ? parent : link(k - 1),
      child: link(k),
      axis: k % 2 === 1 ? [0, 1, 0] : [0, 0, 1],
      limits: [-2.5, 2.5],
    };
  });
}
