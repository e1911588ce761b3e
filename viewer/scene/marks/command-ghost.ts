// The hand where it is told to be.
import { Group, type Material, Matrix4, MeshBasicMaterial, Quaternion, Vector3 } from "three";
import type { EpisodeRecording, RecordedFrame } from "../../../src/recording/recording.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";
import { EntityGroup } from "../entity-group.js";

const COLOR = 0x2b7de9;
/** A ghost nearer than this to the hand is not drawn, m and rad. */
const LEAST_OFFSET = 0.002;
const LEAST_TURN = 0.01;

/** Draws the tool's links, translucent, at the commanded pose; nothing for control modes that command none. */
export class CommandGhost extends Group {
  private readonly links: readonly { readonly entity: number; readonly group: Group }[];

  constructor({ header, frames }: EpisodeRecording) {
    super();
    const material = new MeshBasicMaterial({
      color: COLOR,
      transparent: true,
      opacity: 0.28,
      depthWrite: false,
    });
    const wanted = frames.some(({ commandedTool }) => commandedTool) ? (header.toolLinks ?? []) : [];
    this.links = header.scene.entities.flatMap((entity, index) => {
      if (!wanted.includes(entity.id)) return [];
      const group = new EntityGroup(entity);
      group.paint((part) => {
        (part.material as Material).dispose();
        part.material = material;
        part.castShadow = false;
        part.receiveShadow = false;
      });
      group.matrixAutoUpdate = false;
      this.add(group);
      return [{ entity: index, group }];
    });
  }

  /** Place it by a frame. */
  show({ tool, commandedTool, poses }: RecordedFrame): void {
    const all = tool && commandedTool ? [...tool, ...commandedTool] : [];
    this.visible = all.length > 0 && all.every(Number.isFinite) && isApart(tool!, commandedTool!);
    if (!this.visible) return;
    const move = matrixOf(commandedTool!).multiply(matrixOf(tool!).invert());
    for (const { entity, group } of this.links) {
      const pose = poses.slice(POSE_SIZE * entity, POSE_SIZE * (entity + 1));
      if (pose.every(Number.isFinite)) group.matrix.multiplyMatrices(move, matrixOf(pose));
      group.matrixWorldNeedsUpdate = true;
    }
  }
}

function isApart(a: readonly number[], b: readonly number[]): boolean {
  const [p, q] = [parts(a), parts(b)];
  return p.position.distanceTo(q.position) > LEAST_OFFSET || p.turn.angleTo(q.turn) > LEAST_TURN;
}

function matrixOf(pose: readonly number[]): Matrix4 {
  const { position, turn } = parts(pose);
  return new Matrix4().compose(position, turn, new Vector3(1, 1, 1));
}

function parts(pose: readonly number[]) {
  const [x, y, z, qx, qy, qz, qw] = pose as [number, number, number, number, number, number, number];
  return { position: new Vector3(x, y, z), turn: new Quaternion(qx, qy, qz, qw) };
}
