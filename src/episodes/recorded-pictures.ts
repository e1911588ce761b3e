// What the cameras saw in a recorded episode, drawn again.
import { encode } from "fast-png";
import type { CameraPictures } from "../recording/pictures.js";
import type { EpisodeRecording } from "../recording/recording.js";
import type { CameraDescription, Look } from "../scene/camera-description.js";
import { CameraRig } from "../sensors/camera/camera-rig.js";
import { turnedQuaternion } from "../sensors/camera/raycast/camera-frame.js";

/**
 * Return what draws the pictures of a recording of one episode; undefined where it has no cameras.
 *
 * They are, bit for bit, what the policy or the expert saw: scene, poses and look are in the recording.
 */
export function recordedPictures({ header, frames }: EpisodeRecording): CameraPictures | undefined {
  const { cameras } = header;
  const look = frames[0]?.look;
  if (!cameras || cameras.length === 0 || !look) return undefined;
  const rig = new CameraRig(header.scene, cameras, look);
  const draw = (frame: number) => {
    const poses = Float64Array.from(frames[frame]!.poses);
    return rig.cameras.map((camera) => camera.render(poses, frame).slice());
  };
  return {
    cameras: cameras.map((camera) => displaced(camera, look.cameras[camera.name])),
    draw,
    drawPng: (frame) =>
      draw(frame).map((data, index) => {
        const { width, height } = cameras[index]!;
        return encode({ width, height, data, channels: 3, depth: 8 });
      }),
  };
}

/** A camera where the look has moved it to. */
function displaced(
  camera: CameraDescription,
  change: Look["cameras"][string] | undefined,
): CameraDescription {
  if (!change) return camera;
  const [x, y, z] = camera.position;
  const [dx, dy, dz] = change.shift;
  return {
    ...camera,
    fovDeg: camera.fovDeg + change.fovDeg,
    position: [x + dx, y + dy, z + dz],
    quaternion: [...turnedQuaternion(camera.quaternion, change.turn)],
  };
}
