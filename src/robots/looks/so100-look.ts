// What the SO-100 looks like to people: the printed parts of the SO-101 but for small things, white, in frames of their own.
import { multiplyQuaternions, type Quat, rotateVector } from "../../math/quaternion.js";
import { add, type Vec3 } from "../../math/vector.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import type { RobotLooks } from "../models/robot-model.js";
import { so101Look } from "./so101-look.js";

const PRINT: Color = [0.93, 0.93, 0.9, 1];
const HALF = Math.SQRT1_2;
const NO_TURN: Quat = [0, 0, 0, 1];
/** The SO-101's frames turn about z, those of the SO-100 about x, or about y for the first joint and the wrist's roll. */
const Z_TO_X: Quat = [0, HALF, 0, HALF];
const Y_AND_Z: Quat = [0, HALF, HALF, 0];
const MINUS_QUARTER_X: Quat = [-HALF, 0, 0, HALF];
const MINUS_QUARTER_Z: Quat = [0, 0, -HALF, HALF];
/** Middle planes of the SO-101's links and of its moving jaw along their axes, m. */
const MIDDLE = 0.0182;
const JAW_MIDDLE = 0.0189;

/** Where links of the SO-101 lie in the frames of the SO-100's. */
const FRAMES: Readonly<Record<string, readonly [turn: Quat, shift: Vec3]>> = {
  shoulder: [multiplyQuaternions(MINUS_QUARTER_Z, Z_TO_X), [0, 0.0483, 0]],
  upper_arm: [multiplyQuaternions(MINUS_QUARTER_X, Z_TO_X), [-MIDDLE, 0, 0]],
  lower_arm: [Z_TO_X, [-MIDDLE, 0, 0]],
  wrist: [Z_TO_X, [-MIDDLE, 0, 0]],
  gripper: [Y_AND_Z, [0, 0, 0]],
  moving_jaw: [NO_TURN, [0, 0, -JAW_MIDDLE]],
};
const BASE_SHIFT: Vec3 = [0.0064, 0, 0.0024];

/** Shapes for people by link; `pad` is the middle and turn of the moving jaw's pad. */
export function so100Look(pad: { readonly position: Vec3; readonly quaternion: Quat }): Required<RobotLooks> {
  const position = add(pad.position, [0, 0, JAW_MIDDLE]);
  const { base, links } = so101Look({ ...pad, position }, PRINT);
  const placed = Object.entries(links).map(([name, shapes]) => {
    const [turn, shift] = FRAMES[name]!;
    return [name, shapes.map((shape) => moved(shape, turn, shift))];
  });
  return { base: base.map((shape) => moved(shape, NO_TURN, BASE_SHIFT)), links: Object.fromEntries(placed) };
}

function moved(shape: SceneShape, turn: Quat, shift: Vec3): SceneShape {
  const position = add(rotateVector(turn, shape.position), shift).map(rounded) as unknown as Vec3;
  const quaternion = multiplyQuaternions(turn, shape.quaternion).map(rounded) as unknown as Quat;
  return { ...shape, position, quaternion };
}

/** Recordings hold the numbers: a micrometre is enough. */
function rounded(value: number): number {
  return Math.round(1e6 * value) / 1e6 + 0;
}
