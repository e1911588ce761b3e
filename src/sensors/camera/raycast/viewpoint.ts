// Where a camera is and how it looks: standing in the world, or fixed to an entity that moves.
import type { CameraDescription, Look } from "../../../scene/camera-description.js";
import { POSE_SIZE } from "../../../scene/scene.js";
import { rotationMatrix, turnedQuaternion } from "./camera-frame.js";

/** A camera's place and axes in the world. */
export class Viewpoint {
  readonly eye = new Float64Array(3);
  /** Rows: right, up and forward in world axes. */
  readonly view = new Float64Array(9);
  /** Index of the entity that it is fixed to, or -1. */
  private readonly mount: number;
  /** Where it stands in its mount's frame or the world's. */
  private readonly place = new Float64Array(3);
  /** Turn of the mount, and of the camera on it. */
  private readonly mountTurn = new Float64Array(9);
  private readonly ownTurn = new Float64Array(9);

  constructor(mount: number) {
    this.mount = mount;
  }

  /** Stand as `description` says, or a little off. */
  stand({ position, quaternion }: CameraDescription, change: Look["cameras"][string] | undefined): void {
    for (let k = 0; k < 3; k++) this.place[k] = position[k]! + (change?.shift[k] ?? 0);
    rotationMatrix(change ? turnedQuaternion(quaternion, change.turn) : quaternion, 0, this.ownTurn);
  }

  /** Take in where the entities are. */
  aim(poses: Float64Array): void {
    const { eye, view, mount, mountTurn, ownTurn, place } = this;
    if (mount < 0) eye.set(place);
    else {
      const o = POSE_SIZE * mount;
      const turn = mountTurn;
      rotationMatrix(poses, o + 3, turn);
      for (let k = 0; k < 3; k++) {
        eye[k] =
          poses[o + k]! +
          turn[3 * k]! * place[0]! +
          turn[3 * k + 1]! * place[1]! +
          turn[3 * k + 2]! * place[2]!;
      }
    }
    for (let k = 0; k < 3; k++) {
      // columns of the camera's turn are right, up and back
      for (let column = 0; column < 3; column++) {
        let entry = ownTurn[3 * k + column]!;
        if (mount >= 0) {
          entry = 0;
          for (let j = 0; j < 3; j++) entry += mountTurn[3 * k + j]! * ownTurn[3 * j + column]!;
        }
        view[3 * column + k] = column === 2 ? -entry : entry;
      }
    }
  }

  /** Write the point in the camera's frame to `out`. */
  toCamera(px: number, py: number, pz: number, out: Float64Array): void {
    const { eye, view } = this;
    const x = px - eye[0]!;
    const y = py - eye[1]!;
    const z = pz - eye[2]!;
    for (let k = 0; k < 3; k++) out[k] = view[3 * k]! * x + view[3 * k + 1]! * y + view[3 * k + 2]! * z;
  }

  /** Write the unit vector along the world's `direction` in the camera's frame to `out`. */
  turnToCamera(direction: readonly [number, number, number], out: Float64Array): void {
    const { view } = this;
    const [x, y, z] = direction;
    const length = Math.sqrt(x * x + y * y + z * z);
    for (let o = 0; o < 9; o += 3) out[o / 3] = (view[o]! * x + view[o + 1]! * y + view[o + 2]! * z) / length;
  }
}
