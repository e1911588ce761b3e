// What a base that stands above the table stands on.
import { IDENTITY_QUATERNION, rotateVector } from "../../math/quaternion.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import { basePose } from "../models/robot-base.js";
import type { RobotModel } from "../models/robot-model.js";

const COLOR: Color = [0.42, 0.44, 0.48, 1];
/** Bases lower than this stand on the table, m. */
const LEAST_HEIGHT = 1e-3;
/** Cosine of the tilt up to which a base stands, else it hangs on something that is not drawn. */
const UPRIGHT = 0.999;

/** Return the pedestal of a robot in the frame of its base, a square of half edge `half` (m); none where it stands on the table. */
export function pedestal(robot: RobotModel, half: number): SceneShape[] {
  const { position, quaternion } = basePose(robot);
  const height = position[2];
  if (height < LEAST_HEIGHT || rotateVector(quaternion, [0, 0, 1])[2] < UPRIGHT) return [];
  return [
    {
      type: "box",
      size: [2 * half, 2 * half, height],
      position: [0, 0, -height / 2],
      quaternion: IDENTITY_QUATERNION,
      color: COLOR,
    },
  ];
}
