// The ways of the tool and of the object up to the frame shown.
import { Group } from "three";
import { Line2 } from "three/addons/lines/Line2.js";
import { LineGeometry } from "three/addons/lines/LineGeometry.js";
import { LineMaterial } from "three/addons/lines/LineMaterial.js";
import type { EpisodeRecording } from "../../../src/recording/recording.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";

const OBJECT_COLOR = 0x2b7de9;
const TOOL_COLOR = 0xe8590c;
/** Most points of a line: of longer episodes every so many frames count. */
const MOST_POINTS = 4000;

/** Draws a full line behind the object and a dashed one behind the tool. */
export class Trails extends Group {
  /** Frames from one point to the next. */
  private readonly stride: number;

  constructor({ header, frames }: EpisodeRecording) {
    super();
    const { entities } = header.scene;
    const object = entities.findIndex(({ kind }) => kind === "object");
    const link = entities.findIndex(({ id }) => id === header.toolLinks?.[0]);
    const lastLink = entities.findLastIndex(({ kind }) => kind === "link");
    const stride = Math.ceil(frames.length / MOST_POINTS);
    this.stride = stride;
    const followed = stride === 1 ? frames : frames.filter((_, index) => index % stride === 0);
    const wayOf = (entity: number) => followed.flatMap(({ poses }) => place(poses, POSE_SIZE * entity));
    if (object >= 0) this.add(line(wayOf(object), OBJECT_COLOR, false));
    const tool = followed.every((frame) => frame.tool)
      ? followed.flatMap((frame) => place(frame.tool!, 0))
      : lastLink >= 0
        ? wayOf(link >= 0 ? link : lastLink)
        : [];
    this.add(line(tool, TOOL_COLOR, object >= 0));
  }

  /** Draw up to frame `index`. */
  show(index: number): void {
    for (const part of this.children) {
      const { geometry } = part as Line2;
      geometry.instanceCount = Math.min(
        Math.floor(index / this.stride),
        (geometry.userData.segments as number) ?? 0,
      );
      part.visible = geometry.instanceCount > 0;
    }
  }
}

function place(numbers: readonly number[], offset: number): number[] {
  return numbers.slice(offset, offset + 3);
}

function line(points: readonly number[], color: number, dashed: boolean): Line2 {
  const geometry = new LineGeometry();
  if (points.length >= 6 && points.every(Number.isFinite)) {
    geometry.setPositions([...points]);
    geometry.userData.segments = points.length / 3 - 1;
  }
  const material = new LineMaterial({ color, linewidth: 2.5, dashed, dashSize: 0.012, gapSize: 0.008 });
  const made = new Line2(geometry, material);
  if (dashed && geometry.userData.segments) made.computeLineDistances();
  made.frustumCulled = false;
  return made;
}
