// What the cameras of a recorded episode see: its pictures, drawn again from the recorded scene, poses and look.
import type { Quat } from "../../src/math/quaternion.js";
import { multiplyQuaternions, rotateVector } from "../../src/math/quaternion.js";
import type { Vec3 } from "../../src/math/vector.js";
import type { Look } from "../../src/replay/camera-description.js";
import type { RecordedFrame, RecordingHeader } from "../../src/replay/recording.js";
import { POSE_SIZE } from "../../src/replay/scene.js";
import { tangentOfHalf, turnedQuaternion } from "../../src/sensors/camera/camera-frame.js";
import { CameraRig } from "../../src/sensors/camera/camera-rig.js";
import { PLAIN_LOOK } from "../../src/sensors/camera/look.js";
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
  project(point: Vec3, { poses }: RecordedFrame): (readonly [number, number] | null)[] {
    const { cameras = [], scene } = this.header;
    return cameras.map((camera) => {
      const change = this.look.cameras[camera.name];
      const mount = scene.entities.findIndex(({ id }) => id === camera.link);
      let place = camera.position.map(
        (value, k) => value + (change?.shift[k] ?? 0),
      ) as readonly number[] as Vec3;
      let turn: Quat = change ? turnedQuaternion(camera.quaternion, change.turn) : camera.quaternion;
      if (mount >= 0) {
        const [x, y, z, ...rotation] = poses.slice(POSE_SIZE * mount, POSE_SIZE * (mount + 1));
        const [dx, dy, dz] = rotateVector(rotation as readonly number[] as Quat, place);
        place = [x! + dx, y! + dy, z! + dz];
        turn = multiplyQuaternions(rotation as readonly number[] as Quat, turn);
      }
      const [qx, qy, qz, qw] = turn;
      const away = point.map((value, k) => value - place[k]!) as readonly number[] as Vec3;
      const [right, up, back] = rotateVector([-qx, -qy, -qz, qw], away);
      if (back >= 0) return null;
      const scale = camera.height / 2 / tangentOfHalf(camera.fovDeg + (change?.fovDeg ?? 0));
      const column = camera.width / 2 - (scale * right) / back;
      const row = camera.height / 2 + (scale * up) / back;
      const isInside = column >= 0 && column < camera.width && row >= 0 && row < camera.height;
      return isInside ? [column, row] : null;
    });
  }
}
