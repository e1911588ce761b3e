// What the cameras of a recording see.
import { BufferGeometry, Group, LineBasicMaterial, LineSegments, Vector3 } from "three";
import type { EpisodeRecording, RecordedFrame } from "../../../src/recording/recording.js";
import type { CameraDescription } from "../../../src/scene/camera-description.js";
import { findEntity, POSE_SIZE } from "../../../src/scene/scene.js";

const DEPTH = 0.14;
const COLOR = 0x7048e8;

/** Draws a pyramid per camera, with a mark on the side that is up in its picture. */
export class CameraFrustums extends Group {
  private readonly mounts: readonly { readonly entity: number; readonly group: Group }[];

  constructor({ header }: EpisodeRecording) {
    super();
    this.mounts = (header.cameras ?? []).flatMap((camera) => {
      const { link, position, quaternion } = camera;
      const entity = link === undefined ? -1 : findEntity(header.scene, link);
      if (link !== undefined && entity < 0) return [];
      const lines = new LineSegments(pyramid(camera), new LineBasicMaterial({ color: COLOR }));
      lines.position.set(...position);
      lines.quaternion.set(...quaternion);
      const group = new Group().add(lines);
      this.add(group);
      return [{ entity, group }];
    });
  }

  /** Move those that are fixed to a link. */
  show({ poses }: RecordedFrame): void {
    for (const { entity, group } of this.mounts) {
      if (entity < 0) continue;
      const pose = poses.slice(POSE_SIZE * entity, POSE_SIZE * (entity + 1));
      if (!pose.every(Number.isFinite)) continue;
      const [x, y, z, qx, qy, qz, qw] = pose as [number, number, number, number, number, number, number];
      group.position.set(x, y, z);
      group.quaternion.set(qx, qy, qz, qw);
    }
  }
}

/** A camera looks along its -z axis, its y axis points up in the picture. */
function pyramid({ fovDeg, width, height }: CameraDescription): BufferGeometry {
  const up = DEPTH * Math.tan((fovDeg * Math.PI) / 360);
  const side = (up * width) / height;
  const eye = new Vector3();
  const corner = (x: number, y: number) => new Vector3(x * side, y * up, -DEPTH);
  const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
  const edges = corners.flatMap((from, k) => [eye, from, from, corners[(k + 1) % 4]!]);
  const roof = [corner(-0.4, 1.1), corner(0.4, 1.1), corner(0.4, 1.1), corner(0, 1.6)];
  return new BufferGeometry().setFromPoints([...edges, ...roof, corner(0, 1.6), corner(-0.4, 1.1)]);
}
