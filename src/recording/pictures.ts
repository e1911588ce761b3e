// Pictures that go with a recording: not stored in it, but drawn again from its scene, poses and look.
import type { CameraDescription } from "../scene/camera-description.js";

/** What the cameras of an environment saw in an episode. */
export interface EpisodePictures {
  readonly cameras: readonly PictureFormat[];
  /** Draw what all cameras see at a frame of the episode, in the order of `cameras`: uint8 [height, width, 3] each. */
  draw(frame: number): readonly Uint8Array[];
}

/** Pictures and what the cameras are that saw them, each where it stood in the episode. */
export interface CameraPictures extends EpisodePictures {
  readonly cameras: readonly CameraDescription[];
  /** What `draw` draws, as PNG files. */
  drawPng(frame: number): readonly Uint8Array[];
}

/** A camera's name and the size of its pictures, pixels. */
export interface PictureFormat {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}
