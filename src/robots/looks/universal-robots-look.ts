// What arms of Universal Robots look like to people: aluminium tubes between drums with blue lids.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { disc, dome, drum, type OutlinePoint, turned } from "./parts.js";
import { ROBOTIQ_LOOK } from "./robotiq-look.js";

const SHELL: Color = [0.8, 0.82, 0.84, 1];
const LID: Color = [0.42, 0.66, 0.83, 1];
const SEAM: Color = [0.22, 0.23, 0.25, 1];
const METAL: Color = [0.62, 0.64, 0.66, 1];
const BLACK: Color = [0.12, 0.125, 0.135, 1];
const ORIGIN: Vec3 = [0, 0, 0];
const Y: Vec3 = [0, 1, 0];
const MINUS_Y: Vec3 = [0, -1, 0];
const Z: Vec3 = [0, 0, 1];
const MINUS_Z: Vec3 = [0, 0, -1];

/**
 * A joint's drum about the line through `at` along `axis`: its lid lies at `lid` along the axis, the joint's gap at `gap`.
 */
function joint(at: Vec3, axis: Vec3, radius: number, gap: number, lid: number): SceneShape[] {
  const edge = 0.16 * radius;
  const cap: OutlinePoint[] = [
    [0, lid - 0.001],
    [0.86 * radius, lid - 0.001],
    [0.86 * radius, lid + 0.004],
    ...dome(0.84 * radius, lid + 0.004, 0.2 * radius),
  ];
  return [
    turned(drum(radius, gap, lid, edge), at, axis, SHELL),
    turned(cap, at, axis, LID),
    turned(drum(0.97 * radius, gap - 0.006, gap + 0.001, 0.001), at, axis, SEAM),
  ];
}

/** A tube along z with wider ends. */
function tube(from: number, to: number, ends: readonly [number, number], middle: number): SceneShape {
  const length = to - from;
  const outline: OutlinePoint[] = [
    [ends[0], from],
    [ends[0], from + 0.08 * length],
    [middle + 0.15 * (ends[0] - middle), from + 0.22 * length],
    [middle, from + 0.4 * length],
    [middle, to - 0.35 * length],
    [middle + 0.2 * (ends[1] - middle), to - 0.18 * length],
    [ends[1], to - 0.06 * length],
    [ends[1], to],
  ];
  return turned(outline, [0, 0, 0], Z, SHELL);
}

/** Sizes of an arm, m. */
interface ArmSizes {
  /** Radii of the drums of shoulder, elbow and wrist, and of the tubes of both arms. */
  readonly shoulder: number;
  readonly elbow: number;
  readonly wrist: number;
  readonly tubes: readonly [upper: number, fore: number];
  /** Height of the shoulder, and of the gap below it. */
  readonly height: number;
  readonly gap: number;
  /** Lengths of both arms. */
  readonly lengths: readonly [upper: number, fore: number];
  /** Where the drums of two links meet: of shoulder and upper arm in the upper arm's frame, of upper arm and forearm in both. */
  readonly meets: readonly [shoulder: number, upper: number, fore: number];
  /** How far the shoulder is from the upper arm, and the wrist's joints are from each other. */
  readonly aside: number;
  readonly wrists: readonly [first: number, second: number];
  /** From the last joint to the flange. */
  readonly flange: number;
}

const UR5E: ArmSizes = {
  ...{ shoulder: 0.06, elbow: 0.0555, wrist: 0.0415, tubes: [0.0435, 0.036] },
  ...{ height: 0.163, gap: 0.1, lengths: [0.425, 0.392], meets: [-0.066, -0.06, 0.064] },
  ...{ aside: 0.138, wrists: [0.127, 0.1], flange: 0.1 },
};

const UR10E: ArmSizes = {
  ...{ shoulder: 0.078, elbow: 0.067, wrist: 0.047, tubes: [0.056, 0.045] },
  ...{ height: 0.181, gap: 0.103, lengths: [0.613, 0.571], meets: [-0.088, -0.066, 0.064] },
  ...{ aside: 0.176, wrists: [0.135, 0.12], flange: 0.1 },
};

/** Shapes for people of the UR5e and its gripper, by link. */
export const UR5E_LOOK: Required<RobotLooks> = lookOf(UR5E);

/** Shapes for people of the UR10e and its gripper, by link. */
export const UR10E_LOOK: Required<RobotLooks> = lookOf(UR10E);

function lookOf(sizes: ArmSizes): Required<RobotLooks> {
  const {
    shoulder: s,
    elbow: e,
    wrist: w,
    tubes,
    height,
    gap,
    lengths,
    meets,
    aside,
    wrists,
    flange,
  } = sizes;
  const [upper, fore] = lengths;
  const [first, second] = wrists;
  const foot = 1.24 * s;
  const under = gap - height;
  return {
    base: [
      turned(drum(foot, 0, 0.014, 0.003), ORIGIN, Z, METAL),
      turned(
        [
          [foot, 0.014],
          [0.985 * foot, 0.03],
          [1.1 * s, 0.05],
          [1.035 * s, 0.066],
          [1.025 * s, gap - 0.008],
          [0, gap - 0.008],
        ],
        ORIGIN,
        Z,
        SHELL,
      ),
      turned(drum(0.99 * s, gap - 0.009, gap, 0.001), ORIGIN, Z, SEAM),
      disc(0.017, 0.03, [0.005 - foot, 0, 0.04], [1, 0, 0], BLACK),
    ],
    links: {
      shoulder: [
        turned(
          [...drum(1.01 * s, under, 0.02, 0.006).slice(0, -1), ...dome(0.97 * s, 0.02, 0.6 * s)],
          ORIGIN,
          Z,
          SHELL,
        ),
        ...joint(ORIGIN, MINUS_Y, s, -(aside + meets[0]) + 0.006, 1.03 * s),
      ],
      upper_arm: [
        ...joint(ORIGIN, Y, s, meets[0], 0.97 * s),
        tube(0.5 * s, upper - 0.5 * e, [0.9 * s, 0.93 * e], tubes[0]),
        ...joint([0, 0, upper], Y, 1.01 * e, meets[1], 0.94 * e),
      ],
      forearm: [
        ...joint(ORIGIN, MINUS_Y, e, -meets[2], 0.9 * e),
        tube(0.5 * e, fore - 0.58 * w, [0.85 * e, w], tubes[1]),
        ...joint([0, 0, fore], MINUS_Y, w, -1.25 * w, w),
      ],
      wrist_1: [
        turned(drum(0.99 * w, 1.4 * w, first - 0.007, 0.004), ORIGIN, Y, SHELL),
        ...joint([0, first, 0], MINUS_Z, w, -1.06 * w, 1.06 * w),
      ],
      wrist_2: [
        turned(drum(0.99 * w, 1.2 * w, second - 0.005, 0.004), ORIGIN, Z, SHELL),
        ...joint([0, 0, second], MINUS_Y, w, -1.1 * w, 1.06 * w),
      ],
      wrist_3: [
        turned(drum(0.93 * w, 1.25 * w, flange - 0.014, 0.004), ORIGIN, Y, SHELL),
        turned(drum(0.0315, flange - 0.015, flange, 0.002), ORIGIN, Y, METAL),
        disc(0.006, 0.012, [0, flange - 0.03, 0.98 * w], Z, BLACK),
      ],
      ...ROBOTIQ_LOOK,
    },
  };
}
