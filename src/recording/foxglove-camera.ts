// Cameras and their pictures as Foxglove's messages.
import { multiplyQuaternions, type Quat } from "../math/quaternion.js";
import type { CameraDescription } from "../scene/camera-description.js";
import { frameName, timestamp } from "./foxglove-scene.js";

/** From our cameras' axes, which look along -z with y up, to optical ones: z into the picture, x right, y down. */
const TO_OPTICAL: Quat = [1, 0, 0, 0];

/** Return a foxglove.FrameTransform: where a camera's optical frame is, in its link's or the world. */
export function cameraTransform(
  { name, link, position: [x, y, z], quaternion }: CameraDescription,
  time: number,
): object {
  const [qx, qy, qz, qw] = multiplyQuaternions(quaternion, TO_OPTICAL);
  return {
    timestamp: timestamp(time),
    parent_frame_id: link === undefined ? "world" : frameName(link),
    child_frame_id: opticalFrame(name),
    translation: { x, y, z },
    rotation: { x: qx, y: qy, z: qz, w: qw },
  };
}

/** Return a foxglove.CameraCalibration: a pinhole without distortion, its square pixels counted from the picture's corner. */
export function cameraCalibration({ name, width, height, fovDeg }: CameraDescription, time: number): object {
  const f = height / 2 / Math.tan((fovDeg * Math.PI) / 360);
  const [cx, cy] = [width / 2, height / 2];
  return {
    timestamp: timestamp(time),
    frame_id: opticalFrame(name),
    width,
    height,
    K: [f, 0, cx, 0, f, cy, 0, 0, 1],
    R: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    P: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0],
  };
}

/** Return a foxglove.CompressedImage: the camera's picture, a PNG file. */
export function compressedImage({ name }: CameraDescription, png: Uint8Array, time: number): object {
  return {
    timestamp: timestamp(time),
    frame_id: opticalFrame(name),
    format: "png",
    data: png,
  };
}

function opticalFrame(name: string): string {
  return frameName(`camera ${name}`);
}
