// What the Panda looks like to people: white flowing shells, dark lids on its elbows, thin seams at its joints.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { block, disc, dome, drum, type OutlinePoint, rod, turned } from "./parts.js";

const SHELL: Color = [0.95, 0.955, 0.96, 1];
const LID: Color = [0.26, 0.28, 0.31, 1];
const SEAM: Color = [0.2, 0.21, 0.24, 1];
const METAL: Color = [0.66, 0.67, 0.69, 1];
const RUBBER: Color = [0.13, 0.135, 0.15, 1];
const ORIGIN: Vec3 = [0, 0, 0];
const Y: Vec3 = [0, 1, 0];
const MINUS_Y: Vec3 = [0, -1, 0];
const Z: Vec3 = [0, 0, 1];

/** The drum of an elbow along z with a dark lid on both ends. */
function elbow(radius: number, half: number): SceneShape[] {
  return [
    turned(drum(radius, -half, half, 0.3 * radius), ORIGIN, Z, SHELL),
    ...([1, -1] as const).map((side) =>
      turned(dome(0.66 * radius, half - 0.002, 0.1 * radius), ORIGIN, [0, 0, side], LID),
    ),
  ];
}

function seam(radius: number, at: number, axis: Vec3, origin: Vec3 = ORIGIN): SceneShape {
  return turned(drum(radius, at - 0.004, at + 0.004, 0.001), origin, axis, SEAM);
}

/** A shell whose lower end is a joint's rim. */
function bell(points: readonly OutlinePoint[], axis: Vec3, at: Vec3 = ORIGIN): SceneShape {
  return turned([[0, points[0]![1]], ...points], at, axis, SHELL);
}

function finger(): SceneShape[] {
  return [
    block([0.021, 0.022, 0.014], [0, 0.014, 0.008], METAL),
    block([0.02, 0.013, 0.03], [0, 0.0165, 0.026], SHELL),
    block([0.0195, 0.011, 0.012], [0, 0.011, 0.034], SHELL),
    block([0.02, 0.012, 0.025], [0, 0.006, 0.042], RUBBER),
  ];
}

/** Shapes for people by link. */
export const PANDA_DETAILS: Required<RobotLooks> = {
  base: [
    bell(
      [
        [0.084, 0],
        [0.084, 0.018],
        [0.077, 0.05],
        [0.069, 0.09],
        [0.0635, 0.12],
        [0.062, 0.137],
        [0, 0.137],
      ],
      Z,
    ),
    block([0.15, 0.132, 0.085], [-0.07, 0, 0.045], SHELL),
    block([0.12, 0.1, 0.06], [-0.06, 0, 0.085], SHELL),
    block([0.24, 0.172, 0.012], [-0.05, 0, 0.006], METAL),
    block([0.008, 0.08, 0.05], [-0.145, 0, 0.045], SEAM),
    seam(0.0605, 0.14, Z),
  ],
  links: {
    link1: [
      bell(
        [
          [0.0615, -0.188],
          [0.0615, -0.15],
          [0.0595, -0.11],
          [0.0565, -0.07],
          [0.056, -0.03],
          [0.058, 0],
          ...dome(0.058, 0, 0.058),
        ],
        Z,
      ),
    ],
    link2: [
      ...elbow(0.061, 0.074),
      bell(
        [
          [0.057, 0],
          [0.056, 0.05],
          [0.0585, 0.09],
          [0.061, 0.115],
          [0.061, 0.127],
          [0, 0.127],
        ],
        MINUS_Y,
      ),
      seam(0.0595, 0.13, MINUS_Y),
    ],
    link3: [
      bell([[0.061, -0.182], [0.061, -0.14], [0.0585, -0.105], ...dome(0.0565, -0.09, 0.056)], Z),
      rod([0, 0, -0.085], [0.03, 0, -0.045], 0.055, SHELL),
      rod([0.03, 0, -0.045], [0.0825, 0, 0], 0.053, SHELL),
      turned(drum(0.05, -0.062, 0.062, 0.012), [0.0825, 0, 0], Y, SHELL),
    ],
    link4: [
      ...elbow(0.0575, 0.066),
      rod([0, 0, 0], [-0.045, 0.05, 0], 0.054, SHELL),
      rod([-0.045, 0.05, 0], [-0.0825, 0.085, 0], 0.053, SHELL),
      bell(
        [
          [0.053, 0.06],
          [0.056, 0.095],
          [0.0595, 0.118],
          [0.0595, 0.126],
          [0, 0.126],
        ],
        Y,
        [-0.0825, 0, 0],
      ),
      seam(0.058, 0.129, Y, [-0.0825, 0, 0]),
    ],
    link5: [
      bell([[0.0595, -0.251], [0.0595, -0.215], [0.056, -0.18], ...dome(0.0545, -0.165, 0.05)], Z),
      rod([0, 0, -0.17], [0, 0.042, -0.1], 0.051, SHELL),
      rod([0, 0.042, -0.1], [0, 0.062, -0.02], 0.046, SHELL),
      turned(drum(0.049, 0.056, 0.112, 0.016), ORIGIN, Y, SHELL),
      turned(dome(0.033, 0.111, 0.005), ORIGIN, Y, LID),
      seam(0.047, 0.054, Y),
    ],
    link6: [
      turned(drum(0.0495, -0.052, 0.056, 0.016), ORIGIN, Z, SHELL),
      turned(dome(0.034, 0.054, 0.005), ORIGIN, Z, LID),
      rod([0, 0, 0], [0.07, 0, 0], 0.045, SHELL),
      turned(drum(0.047, -0.052, 0.046, 0.014), [0.088, 0, 0], MINUS_Y, SHELL),
      turned(dome(0.032, 0.05, 0.005), [0.088, 0, 0], Y, LID),
      seam(0.0455, 0.047, MINUS_Y, [0.088, 0, 0]),
    ],
    link7: [
      turned(drum(0.0455, 0.051, 0.084, 0.007), ORIGIN, Z, SHELL),
      turned(drum(0.0405, 0.083, 0.107, 0.002), ORIGIN, Z, METAL),
      block([0.02, 0.03, 0.02], [0.042, 0, 0.066], SHELL),
    ],
    hand: [
      turned(drum(0.0385, 0, 0.012, 0.002), ORIGIN, Z, SEAM),
      block([0.058, 0.122, 0.04], [0, 0, 0.026], SHELL),
      block([0.06, 0.206, 0.036], [0, 0, 0.041], SHELL),
      rod([0, -0.05, 0.034], [0, 0.05, 0.034], 0.0265, SHELL),
      block([0.04, 0.19, 0.012], [0, 0, 0.059], SEAM),
      block([0.026, 0.17, 0.008], [0, 0, 0.063], METAL),
      disc(0.009, 0.004, [0.03, 0, 0.042], [1, 0, 0], LID),
    ],
    left_finger: finger(),
    right_finger: finger(),
  },
};
