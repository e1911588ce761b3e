// What the Robotiq 2F-85 looks like to people: a black body on a metal coupling, and fingers moved by links.
import type { Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import { block, disc, drum, rod, turned } from "./parts.js";

const METAL: Color = [0.62, 0.64, 0.66, 1];
const BLACK: Color = [0.12, 0.125, 0.135, 1];
const PAD: Color = [0.3, 0.31, 0.32, 1];
const Z: Vec3 = [0, 0, 1];

/** What carries a pad: links of the gripper, on the left finger's side. */
function finger(): SceneShape[] {
  return [
    block([0.022, 0.012, 0.0375], [0, 0.006, 0.1623], PAD),
    block([0.026, 0.01, 0.05], [0, 0.0165, 0.155], BLACK),
    rod([0, 0.02, 0.135], [0, 0.033, 0.098], 0.0095, BLACK),
    rod([0, 0.033, 0.098], [0, 0.026, 0.086], 0.0115, BLACK),
    disc(0.007, 0.03, [0, 0.033, 0.098], [1, 0, 0], METAL),
    disc(0.006, 0.03, [0, 0.02, 0.135], [1, 0, 0], METAL),
  ];
}

/** Shapes for people by link. */
export const ROBOTIQ_LOOK: Readonly<Record<string, readonly SceneShape[]>> = {
  hand: [
    turned(drum(0.0375, 0, 0.016, 0.002), [0, 0, 0], Z, METAL),
    turned(
      [
        [0.0375, 0.016],
        [0.039, 0.03],
        [0.04, 0.05],
        [0.0365, 0.066],
        [0, 0.066],
      ],
      [0, 0, 0],
      Z,
      BLACK,
    ),
    block([0.06, 0.086, 0.05], [0, 0, 0.068], BLACK),
    block([0.034, 0.128, 0.022], [0, 0, 0.086], BLACK),
    block([0.05, 0.06, 0.006], [0, 0, 0.097], METAL),
    block([0.02, 0.04, 0.012], [0.026, 0, 0.06], METAL),
  ],
  left_finger: finger(),
  right_finger: finger(),
};
