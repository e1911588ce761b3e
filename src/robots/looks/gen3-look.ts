// What the Kinova Gen3 looks like to people: slim light shells that end in drums, dark rings at the joints, a camera at the wrist.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { block, disc, dome, drum, type OutlinePoint, rod, turned } from "./parts.js";
import { ROBOTIQ_LOOK } from "./robotiq-look.js";

const SHELL: Color = [0.9, 0.905, 0.915, 1];
const LID: Color = [0.8, 0.81, 0.825, 1];
const RING: Color = [0.17, 0.18, 0.2, 1];
const BASE: Color = [0.24, 0.25, 0.27, 1];
const METAL: Color = [0.62, 0.64, 0.66, 1];
const LENS: Color = [0.06, 0.07, 0.09, 1];
const ORIGIN: Vec3 = [0, 0, 0];
const MINUS_Y: Vec3 = [0, -1, 0];
const Z: Vec3 = [0, 0, 1];
const MINUS_Z: Vec3 = [0, 0, -1];

/** Radii of the shells of shoulder and arm, and of the wrist, m. */
const LARGE = 0.0455;
const SMALL = 0.0375;

/** Half a joint's drum: from the plane where it meets the other half, at `at`, out along `axis`; its lid is set in a dark ring. */
function halfDrum(at: Vec3, axis: Vec3, radius: number): SceneShape[] {
  return [
    turned(drum(radius, 0.002, radius, 0.16 * radius), at, axis, SHELL),
    turned(drum(0.97 * radius, -0.002, 0.003, 0.001), at, axis, RING),
    turned(drum(0.8 * radius, radius - 0.001, radius + 0.0012, 0.0005), at, axis, RING),
    turned([[0, radius], ...dome(0.75 * radius, radius + 0.0008, 0.09 * radius)], at, axis, LID),
  ];
}

/** A shell along `axis` from the middle of a drum to the plane where the next link turns on it, which a dark ring shows. */
function tube(at: Vec3, axis: Vec3, radius: number, length: number): SceneShape[] {
  const outline: OutlinePoint[] = [
    [0, -0.1 * radius],
    [0.93 * radius, 0],
    [0.985 * radius, 0.35 * length],
    [0.95 * radius, 0.6 * length],
    [radius, length - 0.018],
    [radius, length - 0.004],
    [0, length - 0.004],
  ];
  return [
    turned(outline, at, axis, SHELL),
    turned(drum(0.965 * radius, length - 0.005, length + 0.001, 0.001), at, axis, RING),
  ];
}

/** A short shell between two heights along `axis`; its edges have rims of their own, so that its side is shaded evenly. */
function sleeve(radius: number, low: number, high: number, axis: Vec3): SceneShape {
  const outline: OutlinePoint[] = [
    [0, low],
    [radius - 0.002, low],
    [radius, low + 0.003],
    [radius, low + 0.006],
    [radius, high - 0.006],
    [radius, high - 0.003],
    [radius - 0.002, high],
    [0, high],
  ];
  return turned(outline, ORIGIN, axis, SHELL);
}

/** A link that turns about the length of the one before and ends in half a drum, at `end` along -z, which the next one turns on. */
function lengthwise(radius: number, end: number, aside: number): SceneShape[] {
  const at: Vec3 = [0, 0, -end];
  return [
    turned(
      [
        [0, 0.002],
        [radius, 0.002],
        [radius, 0.02],
        [0.95 * radius, 0.4 * end],
        [0.985 * radius, 0.6 * end],
        [0.93 * radius, end],
        [0, end + 0.1 * radius],
      ],
      ORIGIN,
      MINUS_Z,
      SHELL,
    ),
    rod([0, 0, -0.6 * end], at, 0.93 * radius, SHELL),
    ...halfDrum([0, aside, -end], MINUS_Y, radius),
  ];
}

/** A link that begins as the other half of that drum and goes on along -y to where the next one turns on its length. */
function crosswise(radius: number, length: number, aside: number): SceneShape[] {
  return [...halfDrum(ORIGIN, MINUS_Z, radius), ...tube([0, 0, -aside], MINUS_Y, radius, length)];
}

/** Shapes for people of the Gen3 and its gripper, by link. */
export const GEN3_LOOK: Required<RobotLooks> = {
  base: [
    turned(drum(0.0605, 0, 0.012, 0.003), ORIGIN, Z, METAL),
    turned(
      [
        [0.056, 0.012],
        [0.0485, 0.03],
        [0.0465, 0.05],
        [0.0465, 0.09],
        [0, 0.09],
      ],
      ORIGIN,
      Z,
      BASE,
    ),
    sleeve(0.0458, 0.088, 0.15, Z),
    turned(drum(0.0442, 0.149, 0.156, 0.001), ORIGIN, Z, RING),
    block([0.02, 0.06, 0.044], [-0.047, 0, 0.042], BASE),
    disc(0.007, 0.008, [-0.058, 0.014, 0.044], [1, 0, 0], METAL),
    disc(0.007, 0.008, [-0.058, -0.014, 0.044], [1, 0, 0], METAL),
  ],
  links: {
    shoulder: lengthwise(LARGE, 0.12838, 0.005375),
    half_arm_1: crosswise(LARGE, 0.21038, 0.006375),
    half_arm_2: lengthwise(LARGE, 0.21038, 0.006375),
    forearm: [
      ...halfDrum(ORIGIN, MINUS_Z, LARGE),
      turned(
        [
          [0, 0],
          [0.93 * LARGE, 0],
          [0.98 * LARGE, 0.07],
          [0.043, 0.13],
          [SMALL, 0.185],
          [SMALL, 0.2045],
          [0, 0.2045],
        ],
        [0, 0, -0.006375],
        MINUS_Y,
        SHELL,
      ),
      turned(drum(0.965 * SMALL, 0.2035, 0.2094, 0.001), [0, 0, -0.006375], MINUS_Y, RING),
    ],
    spherical_wrist_1: lengthwise(SMALL, 0.10593, 0.000175),
    spherical_wrist_2: crosswise(SMALL, 0.10593, 0.000175),
    bracelet: [
      sleeve(SMALL, 0.002, 0.05, MINUS_Z),
      turned(drum(0.034, 0.049, 0.0616, 0.002), ORIGIN, MINUS_Z, METAL),
      // the camera looks out over the gripper
      block([0.062, 0.03, 0.036], [0, 0.046, -0.026], SHELL),
      block([0.056, 0.024, 0.004], [0, 0.046, -0.045], RING),
      disc(0.008, 0.004, [0.012, 0.047, -0.0465], Z, LENS),
      disc(0.005, 0.004, [-0.014, 0.047, -0.0465], Z, LENS),
    ],
    ...ROBOTIQ_LOOK,
  },
};
