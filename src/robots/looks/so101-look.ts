// What the SO-101 looks like to people: printed yellow parts that hold black hobby servos.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { block, disc, rod, turned } from "./parts.js";

const YELLOW: Color = [0.98, 0.73, 0.13, 1];
const SERVO: Color = [0.13, 0.135, 0.15, 1];
const HORN: Color = [0.75, 0.76, 0.78, 1];
const Z: Vec3 = [0, 0, 1];

/** The axle of a joint along z: two horns on the servo's faces, and their screws. */
function axle(at: Vec3, half: number): SceneShape[] {
  const [x, y, z] = at;
  return ([1, -1] as const).flatMap((side) => [
    disc(0.0115, 0.004, [x, y, z + side * half], Z, HORN),
    disc(0.003, 0.006, [x, y, z + side * half], Z, SERVO),
  ]);
}

/** An STS3215: its case, a lid, and its cable. */
function servo(size: Vec3, at: Vec3): SceneShape[] {
  return [block(size, at, SERVO)];
}

/** Shapes for people by link; `pad` is the middle and turn of the moving jaw's pad, `print` the colour of what is printed. */
export function so101Look(
  pad: { readonly position: Vec3; readonly quaternion: Quat },
  print: Color = YELLOW,
): Required<RobotLooks> {
  return {
    base: [
      block([0.115, 0.09, 0.01], [-0.002, 0, 0.005], print),
      block([0.07, 0.056, 0.042], [0.012, 0, 0.03], print),
      block([0.05, 0.05, 0.03], [-0.032, 0, 0.022], print),
      ...servo([0.047, 0.026, 0.036], [0.03, 0, 0.036]),
      block([0.03, 0.004, 0.024], [-0.04, 0.026, 0.022], SERVO),
      disc(0.02, 0.01, [0.0388, 0, 0.055], Z, print),
      disc(0.012, 0.008, [0.0388, 0, 0.061], Z, HORN),
    ],
    links: {
      shoulder: [
        disc(0.021, 0.008, [0, 0, -0.006], Z, print),
        block([0.05, 0.05, 0.012], [-0.018, 0, -0.013], print),
        ...([1, -1] as const).map((side) =>
          block([0.048, 0.005, 0.056], [-0.026, side * 0.0225, -0.042], print),
        ),
        ...servo([0.046, 0.036, 0.026], [-0.026, -0.0005, -0.05]),
        block([0.006, 0.046, 0.05], [-0.005, 0, -0.038], print),
      ],
      upper_arm: [
        ...axle([0, 0, 0.0182], 0.027),
        ...([1, -1] as const).flatMap((side) => [
          turned(
            [
              [0, -0.002],
              [0.0165, -0.002],
              [0.0165, 0.002],
              [0, 0.002],
            ],
            [0, 0, 0.0182 + side * 0.0235],
            Z,
            print,
          ),
          block([0.082, 0.026, 0.005], [-0.044, 0, 0.0182 + side * 0.0235], print),
        ]),
        block([0.05, 0.006, 0.046], [-0.062, 0.01, 0.0182], print),
        block([0.05, 0.006, 0.046], [-0.062, -0.01, 0.0182], print),
        block([0.036, 0.048, 0.046], [-0.1, -0.012, 0.0182], print),
        ...servo([0.028, 0.05, 0.037], [-0.116, -0.018, 0.0182]),
      ],
      lower_arm: [
        ...axle([0, 0, 0.0182], 0.027),
        ...([1, -1] as const).flatMap((side) => [
          block([0.088, 0.025, 0.005], [-0.034, 0, 0.0182 + side * 0.0235], print),
        ]),
        block([0.05, 0.022, 0.046], [-0.06, 0.001, 0.0182], print),
        block([0.03, 0.036, 0.044], [-0.094, 0.003, 0.0182], print),
        ...servo([0.05, 0.027, 0.037], [-0.122, 0.0052, 0.0182]),
      ],
      wrist: [
        ...axle([0, 0, 0.0182], 0.027),
        ...([1, -1] as const).map((side) =>
          block([0.025, 0.04, 0.005], [0, -0.012, 0.0182 + side * 0.0235], print),
        ),
        block([0.032, 0.008, 0.052], [0, -0.029, 0.0182], print),
        ...servo([0.026, 0.03, 0.048], [0, -0.043, 0.0235]),
        block([0.032, 0.026, 0.008], [0, -0.042, -0.003], print),
      ],
      gripper: [
        disc(0.0115, 0.006, [0, 0, 0.001], Z, HORN),
        block([0.05, 0.034, 0.008], [-0.002, 0, -0.006], print),
        block([0.018, 0.03, 0.03], [-0.0165, 0, -0.022], print),
        ...servo([0.036, 0.026, 0.048], [0.0165, -0.001, -0.03]),
        block([0.036, 0.006, 0.034], [0.012, -0.0165, -0.024], print),
        block([0.012, 0.024, 0.07], [-0.0141, 0, -0.0695], print),
        block([0.008, 0.03, 0.04], [-0.018, 0, -0.046], print),
        block([0.009, 0.018, 0.012], [-0.0128, 0, -0.1], print),
      ],
      moving_jaw: [
        disc(0.0155, 0.006, [0, 0, -0.001], Z, print),
        disc(0.0155, 0.006, [0, 0, 0.038], Z, print),
        ...axle([0, 0, 0.0188], 0.0225),
        block([0.02, 0.022, 0.044], [0, -0.016, 0.0188], print),
        rod([0, -0.02, 0.0188], [0.004, -0.048, 0.0188], 0.0085, print),
        block([0.01, 0.046, 0.022], [-0.0005, -0.047, 0.0188], print, pad.quaternion),
        block([0.008, 0.042, 0.02], pad.position, print, pad.quaternion),
      ],
    },
  };
}
