// What the cameras saw in a recorded episode, drawn again.
import type { EpisodePictures } from "../recording/pictures.js";
import type { EpisodeRecording } from "../recording/recording.js";
import { CameraRig } from "../sensors/camera/camera-rig.js";

/**
 * Return what draws the pictures of a recording of one episode; undefined where it has no cameras.
 *
 * They are, bit for bit, what the policy or the expert saw: scene, poses and look are in the recording.
 */
export function recordedPictures({ header, frames }: EpisodeRecording): EpisodePictures | undefined {
  const { cameras } = header;
  const look = frames[0]?.look;
  if (!cameras || cameras.length === 0 || !look) return undefined;
  const rig = new CameraRig(header.scene, cameras, look);
  return {
    cameras,
    draw(frame) {
      const poses = Float64Array.from(frames[frame]!.poses);
      return rig.cameras.map((camera) => camera.render(poses, frame).slice());
    },
  };
}
