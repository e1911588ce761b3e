// What the xArm7 with its gripper looks like to people: slim white tubes, silver rings at the joints, a black gripper.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { block, disc, dome, drum, type OutlinePoint, rod, turned } from "./parts.js";

const SHELL: Color = [0.94, 0.945, 0.95, 1];
const RING: Color = [0.6, 0.62, 0.65, 1];
const DARK: Color = [0.17, 0.18, 0.2, 1];
const METAL: Color = [0.66, 0.67, 0.69, 1];
const PAD: Color = [0.3, 0.31, 0.33, 1];
const ORIGIN: Vec3 = [0, 0, 0];
const Y: Vec3 = [0, 1, 0];
const MINUS_Y: Vec3 = [0, -1, 0];
const Z: Vec3 = [0, 0, 1];

/** A joint's drum about the line through `at` along `axis`, closed by a white cap with a dark line around it. */
function joint(at: Vec3, axis: Vec3, radius: number, gap: number, cap: number): SceneShape[] {
  return [
    turned(drum(radius, gap, cap, 0.12 * radius), at, axis, SHELL),
    turned(drum(0.99 * radius, cap - 0.016, cap - 0.012, 0.0005), at, axis, DARK),
    turned(dome(0.86 * radius, cap - 0.001, 0.12 * radius), at, axis, SHELL),
    turned(drum(0.985 * radius, gap - 0.008, gap + 0.001, 0.001), at, axis, RING),
  ];
}

function tube(outline: readonly OutlinePoint[], at: Vec3, axis: Vec3): SceneShape {
  return turned(outline, at, axis, SHELL);
}

/** What carries a pad: links of the gripper, on the left finger's side. */
function finger(): SceneShape[] {
  return [
    block([0.03, 0.012, 0.037], [0, 0.006, 0.154], PAD),
    block([0.032, 0.012, 0.046], [0, 0.017, 0.146], DARK),
    rod([0, 0.02, 0.128], [0, 0.036, 0.095], 0.009, DARK),
    rod([0, 0.036, 0.095], [0, 0.026, 0.074], 0.0105, DARK),
    disc(0.0065, 0.038, [0, 0.036, 0.095], [1, 0, 0], METAL),
    disc(0.0065, 0.038, [0, 0.02, 0.128], [1, 0, 0], METAL),
  ];
}

/** Shapes for people by link. */
export const XARM7_LOOK: Required<RobotLooks> = {
  base: [
    turned(drum(0.0635, 0, 0.012, 0.002), ORIGIN, Z, METAL),
    tube(
      [
        [0.0605, 0.012],
        [0.0605, 0.12],
        [0.059, 0.128],
        [0, 0.128],
      ],
      ORIGIN,
      Z,
    ),
    turned(drum(0.0585, 0.127, 0.136, 0.001), ORIGIN, Z, RING),
    block([0.03, 0.06, 0.05], [-0.055, 0, 0.045], DARK),
  ],
  links: {
    link1: [
      tube([[0, -0.131], [0.06, -0.131], [0.06, -0.03], ...dome(0.06, 0, 0.058)], ORIGIN, Z),
      ...joint(ORIGIN, MINUS_Y, 0.0575, -0.052, 0.062),
    ],
    link2: [
      ...joint(ORIGIN, Z, 0.0575, 0.058, 0.108),
      rod([0, 0, 0.08], [0, -0.07, 0.06], 0.05, SHELL),
      rod([0, -0.07, 0.06], [0, -0.14, 0], 0.051, SHELL),
      tube(
        [
          [0, 0.09],
          [0.036, 0.1],
          [0.051, 0.13],
          [0.0545, 0.165],
          [0.0545, 0.19],
          [0, 0.19],
        ],
        ORIGIN,
        MINUS_Y,
      ),
      turned(drum(0.0535, 0.189, 0.198, 0.001), ORIGIN, MINUS_Y, RING),
    ],
    link3: [
      tube([[0, -0.095], [0.0545, -0.095], [0.0545, -0.05], ...dome(0.0535, -0.035, 0.05)], ORIGIN, Z),
      rod([0, 0, -0.04], [0.0525, 0, 0], 0.049, SHELL),
      ...joint([0.0525, 0, 0], Y, 0.0525, -0.044, 0.058),
    ],
    link4: [
      ...joint(ORIGIN, Z, 0.0525, 0.05, 0.098),
      rod([0, 0, 0.072], [0.045, -0.06, 0.05], 0.046, SHELL),
      rod([0.045, -0.06, 0.05], [0.0775, -0.15, 0], 0.0455, SHELL),
      tube(
        [
          [0, 0.11],
          [0.032, 0.12],
          [0.0455, 0.15],
          [0.0475, 0.185],
          [0.0475, 0.204],
          [0, 0.204],
        ],
        [0.0775, 0, 0],
        MINUS_Y,
      ),
      turned(drum(0.0465, 0.203, 0.211, 0.001), [0.0775, 0, 0], MINUS_Y, RING),
    ],
    link5: [
      tube([[0, -0.131], [0.0475, -0.131], [0.0475, -0.06], ...dome(0.0465, -0.04, 0.045)], ORIGIN, Z),
      rod([0, 0, -0.06], [0, 0.06, -0.005], 0.043, SHELL),
      ...joint(ORIGIN, Y, 0.0455, 0.05, 0.095),
    ],
    link6: [
      ...joint(ORIGIN, Z, 0.0455, -0.042, 0.052),
      rod([0, 0, 0.006], [0.06, 0, 0.004], 0.042, SHELL),
      rod([0.06, 0, 0.004], [0.076, 0.03, 0], 0.0405, SHELL),
      tube(
        [
          [0, -0.035],
          [0.034, -0.03],
          [0.04, -0.02],
          [0.04, 0.062],
          [0, 0.062],
        ],
        [0.076, 0, 0],
        Y,
      ),
      turned(drum(0.0392, 0.061, 0.069, 0.001), [0.076, 0, 0], Y, RING),
    ],
    link7: [turned(drum(0.038, -0.027, -0.001, 0.003), ORIGIN, Z, METAL)],
    hand: [
      turned(drum(0.036, 0, 0.012, 0.002), ORIGIN, Z, DARK),
      block([0.062, 0.09, 0.05], [0, 0, 0.035], SHELL),
      block([0.064, 0.118, 0.026], [0, 0, 0.066], SHELL),
      block([0.05, 0.122, 0.02], [0, 0, 0.082], DARK),
      block([0.002, 0.05, 0.014], [0.0315, 0, 0.045], DARK),
    ],
    left_finger: finger(),
    right_finger: finger(),
  },
};
