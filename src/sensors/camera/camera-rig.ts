// Several cameras whose pictures are stacked on channels: one image for a policy.
import type { CameraDescription, Look } from "../../scene/camera-description.js";
import type { SceneDescription } from "../../scene/scene.js";
import { Camera } from "./camera.js";
import { stackedShape } from "./camera-config.js";

/** Draws all cameras of an environment. */
export class CameraRig {
  readonly cameras: readonly Camera[];
  /** [height, width, 3 per camera] */
  readonly shape: readonly [number, number, number];

  /** Throws a UsageError where the cameras' sizes differ. */
  constructor(scene: SceneDescription, descriptions: readonly CameraDescription[], look: Look) {
    this.shape = stackedShape(descriptions);
    this.cameras = descriptions.map((description) => new Camera(scene, description, look));
  }

  /** Make the scene look like `look` from now on. */
  setLook(look: Look): void {
    for (const camera of this.cameras) camera.setLook(look);
  }

  /** Draw every camera at picture `frame` of the episode and return a fresh uint8 image of `shape`: first the red, green and blue of the first camera. */
  render(poses: Float64Array, frame: number): Uint8Array {
    const [height, width, channels] = this.shape;
    if (this.cameras.length === 1) return this.cameras[0]!.render(poses, frame).slice();
    const image = new Uint8Array(height * width * channels);
    for (const [index, camera] of this.cameras.entries()) {
      const rgb = camera.render(poses, frame);
      for (let from = 0, to = 3 * index; from < rgb.length; from += 3, to += channels) {
        image[to] = rgb[from]!;
        image[to + 1] = rgb[from + 1]!;
        image[to + 2] = rgb[from + 2]!;
      }
    }
    return image;
  }
}
