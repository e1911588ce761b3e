// What the WidowX 250 S looks like to people: black servos between black aluminium brackets and square tubes, fingers on a rail.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { block, disc, drum, rod, turned } from "./parts.js";

const BRACKET: Color = [0.26, 0.265, 0.28, 1];
const SERVO: Color = [0.15, 0.155, 0.165, 1];
const TUBE: Color = [0.34, 0.345, 0.36, 1];
const HORN: Color = [0.68, 0.69, 0.71, 1];
const PAD: Color = [0.42, 0.43, 0.45, 1];
const X: Vec3 = [1, 0, 0];
const Y: Vec3 = [0, 1, 0];
const Z: Vec3 = [0, 0, 1];
const SIDES = [1, -1] as const;

/** What turns about y through `at`: a plate on both sides, `half` away, as long along x and z as `size`, and the servo's horns on it. */
function fork(at: Vec3, half: number, [long, high]: readonly [number, number], shift: Vec3): SceneShape[] {
  const [x, y, z] = at;
  return SIDES.flatMap((side) => [
    block([long, 0.004, high], [x + shift[0], y + side * half, z + shift[2]], BRACKET),
    disc(0.0125, 0.004, [x, y + side * (half + 0.0025), z], Y, HORN),
    disc(0.004, 0.0055, [x, y + side * (half + 0.0025), z], Y, SERVO),
  ]);
}

/** A Dynamixel: its case, and its lid lighter. */
function servo(size: Vec3, at: Vec3): SceneShape[] {
  return [block(size, at, SERVO), block([0.8 * size[0], size[1] + 0.002, 0.8 * size[2]], at, BRACKET)];
}

function finger(sign: 1 | -1): SceneShape[] {
  return [
    block([0.024, 0.026, 0.03], [-0.014, 0.002 * sign, 0], BRACKET),
    block([0.012, 0.02, 0.034], [-0.017, 0.002 * sign, 0], SERVO),
    block([0.05, 0.007, 0.022], [0.021, 0.0025 * sign, 0], TUBE),
    block([0.028, 0.008, 0.024], [0.034, -0.0056 * sign, 0], PAD),
  ];
}

/** Shapes for people by link. */
export const WX250S_LOOK: Required<RobotLooks> = {
  base: [
    block([0.17, 0.14, 0.006], [-0.01, 0, 0.003], BRACKET),
    ...SIDES.flatMap((side) =>
      SIDES.map((end) => disc(0.006, 0.008, [-0.01 + end * 0.072, side * 0.057, 0.005], Z, HORN)),
    ),
    block([0.1, 0.076, 0.044], [-0.012, 0, 0.028], SERVO),
    block([0.06, 0.07, 0.012], [-0.02, 0, 0.053], BRACKET),
    turned(drum(0.046, 0.05, 0.062, 0.003), [0, 0, 0], Z, TUBE),
  ],
  links: {
    shoulder: [
      turned(drum(0.044, -0.01, -0.001, 0.002), [0, 0, 0], Z, HORN),
      block([0.06, 0.072, 0.006], [0, 0, 0.002], BRACKET),
      ...SIDES.flatMap((side) => [
        ...servo([0.036, 0.028, 0.05], [0, side * 0.019, 0.033]),
        block([0.046, 0.004, 0.04], [0, side * 0.0355, 0.019], BRACKET),
      ]),
    ],
    upper_arm: [
      ...fork([0, 0, 0], 0.0395, [0.034, 0.076], [0, 0, 0.026]),
      block([0.034, 0.083, 0.005], [0, 0, 0.064], BRACKET),
      block([0.03, 0.034, 0.166], [0, 0, 0.148], TUBE),
      block([0.033, 0.037, 0.012], [0, 0, 0.078], BRACKET),
      block([0.033, 0.037, 0.012], [0, 0, 0.216], BRACKET),
      ...SIDES.map((side) => block([0.034, 0.004, 0.056], [0, side * 0.02, 0.242], BRACKET)),
      block([0.044, 0.036, 0.03], [0.012, 0, 0.25], TUBE),
      ...servo([0.046, 0.036, 0.034], [0.0455, 0, 0.25]),
    ],
    upper_forearm: [
      ...fork([0, 0, 0], 0.024, [0.062, 0.032], [0.018, 0, 0]),
      block([0.005, 0.052, 0.032], [0.051, 0, 0], BRACKET),
      block([0.078, 0.028, 0.028], [0.09, 0, 0], TUBE),
      block([0.01, 0.032, 0.032], [0.06, 0, 0], BRACKET),
      ...servo([0.044, 0.034, 0.034], [0.146, 0, 0]),
    ],
    lower_forearm: [
      disc(0.0165, 0.008, [-0.003, 0, 0], X, HORN),
      block([0.006, 0.048, 0.034], [0.004, 0, 0], BRACKET),
      ...SIDES.map((side) => block([0.034, 0.004, 0.032], [0.022, side * 0.022, 0], BRACKET)),
      block([0.04, 0.034, 0.028], [0.03, 0, 0], TUBE),
      ...servo([0.046, 0.034, 0.034], [0.066, 0, 0]),
    ],
    wrist: [
      ...fork([0, 0, 0], 0.022, [0.042, 0.03], [0.014, 0, 0]),
      block([0.005, 0.048, 0.03], [0.035, 0, 0], BRACKET),
      ...servo([0.026, 0.034, 0.034], [0.049, 0, 0]),
    ],
    gripper: [
      disc(0.0165, 0.008, [-0.001, 0, 0], X, HORN),
      block([0.006, 0.05, 0.04], [0.006, 0, 0], BRACKET),
      ...servo([0.036, 0.036, 0.048], [0.025, 0, 0]),
      // the rail, and the plates at its ends
      block([0.008, 0.128, 0.034], [0.044, 0, 0], BRACKET),
      rod([0.054, -0.06, 0.009], [0.054, 0.06, 0.009], 0.004, HORN),
      rod([0.054, -0.06, -0.009], [0.054, 0.06, -0.009], 0.004, HORN),
      ...SIDES.map((side) => block([0.02, 0.006, 0.034], [0.05, side * 0.064, 0], BRACKET)),
      disc(0.011, 0.006, [0.05, 0, 0], X, HORN),
    ],
    left_finger: finger(1),
    right_finger: finger(-1),
  },
};
