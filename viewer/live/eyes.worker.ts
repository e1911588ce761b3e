// What the cameras of a recorded episode see: its pictures, drawn again from the recorded scene, poses and look.
import type { Vec3 } from "../../src/math/vector.js";
import type { RecordedFrame, RecordingHeader } from "../../src/recording/recording.js";
import type { Look } from "../../src/scene/camera-description.js";
import { CameraRig } from "../../src/sensors/camera/camera-rig.js";
import { tangentOfHalf } from "../../src/sensors/camera/raycast/camera-frame.js";
import { Viewpoint } from "../../src/sensors/camera/raycast/viewpoint.js";
import { PLAIN_LOOK } from "../../src/sensors/camera/shading/look.js";
import type { Picture } from "./protocol.js";

/** Draws what Node drew when the episode was recorded, the same bytes. */
export class Eyes {
  private readonly header: RecordingHeader;
  private readonly look: Look;
  private readonly rig: CameraRig;

  /** `first` is the episode's first frame, which tells how all of it looks. */
  constructor(header: RecordingHeader, first: RecordedFrame) {
    this.header = header;
    this.look = first.look ?? PLAIN_LOOK;
    this.rig = new CameraRig(header.scene, header.cameras!, this.look);
    this.rig.setLook(this.look);
  }

  /** Draw the image that a policy is given at step `index`. */
  image({ poses }: RecordedFrame, index: number): Uint8Array {
    return this.rig.render(Float64Array.from(poses), index);
  }

  /** Draw each camera's picture at step `index`, with depth and what each pixel shows. */
  pictures(frame: RecordedFrame, index: number): Picture[] {
    this.image(frame, index);
    return this.rig.cameras.map((camera) => {
      const { name, width, height } = camera.description;
      return {
        name,
        width,
        height,
        rgb: camera.rgb.slice(),
        depth: camera.depth(new Float32Array(width * height)),
        entities: camera.segmentation(new Uint16Array(width * height)),
      };
    });
  }

  /** Tell where in each camera's picture a point of the world lies, pixels from its upper left corner; null outside of it. */
  project([x, y, z]: Vec3, { poses }: RecordedFrame): (readonly [number, number] | null)[] {
    const { cameras = [], scene } = this.header;
    const seen = new Float64Array(3);
    return cameras.map((camera) => {
      const { name, width, height, fovDeg, link } = camera;
      const change = this.look.cameras[name];
      const viewpoint = new Viewpoint(
        link === undefined ? -1 : scene.entities.findIndex(({ id }) => id === link),
      );
      viewpoint.stand(camera, change);
      viewpoint.aim(Float64Array.from(poses));
      viewpoint.toCamera(x, y, z, seen);
      const [right, up, forward] = seen as unknown as Vec3;
      if (forward <= 0) return null;
      const scale = height / 2 / (tangentOfHalf(fovDeg + (change?.fovDeg ?? 0)) * forward);
      const [column, row] = [width / 2 + scale * right, height / 2 - scale * up];
      return column >= 0 && column < width && row >= 0 && row < height ? [column, row] : null;
    });
  }
}
