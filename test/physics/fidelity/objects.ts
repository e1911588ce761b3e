// The objects of the comparisons with MuJoCo: one of each shape, 4 cm across and 2 cm from centre to table.
import type { Quat } from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { BodyShape } from "../../../src/physics/bodies/body-shape.js";

/** Distance of a resting object's centre from the table, m. */
export const HALF = 0.02;

/** A free body and how it lies. */
export interface TestObject {
  readonly shape: BodyShape;
  /** Lying on the table; what fingers that close along y hold faces them. */
  readonly turn: Quat;
  /** A horizontal axis of the body by which its heading can be told, in its own frame; a ball has none. */
  readonly heading?: Vec3;
}

const NONE: Quat = [0, 0, 0, 1];
const LYING_ALONG_X: Quat = [0, Math.SQRT1_2, 0, Math.SQRT1_2];
const CORNER = HALF / Math.cos(Math.PI / 6);

/** All shapes by name. */
export const objects = {
  box: { shape: { type: "box", halfExtents: [HALF, HALF, HALF] }, turn: NONE, heading: [1, 0, 0] },
  sphere: { shape: { type: "sphere", radius: HALF }, turn: NONE },
  cylinder: {
    shape: { type: "cylinder", radius: HALF, length: 2 * HALF },
    turn: NONE,
    heading: [1, 0, 0],
  },
  capsule: {
    shape: { type: "capsule", radius: HALF, length: 2 * HALF },
    turn: LYING_ALONG_X,
    heading: [0, 0, 1],
  },
  // a hexagonal prism, standing
  convex: {
    shape: {
      type: "convex",
      points: [-HALF, HALF].flatMap((z) =>
        Array.from({ length: 6 }, (_, k): Vec3 => {
          const angle = (k * Math.PI) / 3;
          return [CORNER * Math.cos(angle), CORNER * Math.sin(angle), z];
        }),
      ),
    },
    turn: NONE,
    heading: [1, 0, 0],
  },
} as const satisfies Record<string, TestObject>;

/** Name of one of the objects. */
export type ObjectName = keyof typeof objects;
