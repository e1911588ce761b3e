// Axes of the world, the tool, its commanded pose, objects and goal: x red, y green, z blue.
import { AxesHelper, Group } from "three";
import type { EpisodeRecording, RecordedFrame } from "../../../src/recording/recording.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";

const WORLD_SIZE = 0.2;
const TOOL_SIZE = 0.09;
const THING_SIZE = 0.06;

/** Draws coordinate frames. */
export class FrameAxes extends Group {
  private readonly tool = axes(TOOL_SIZE);
  private readonly commanded = axes(0.7 * TOOL_SIZE);
  private readonly things: readonly { readonly entity: number; readonly helper: AxesHelper }[];

  constructor({ header }: EpisodeRecording) {
    super();
    this.things = header.scene.entities.flatMap(({ kind }, entity) =>
      kind === "object" || kind === "goal" ? [{ entity, helper: axes(THING_SIZE) }] : [],
    );
    this.add(axes(WORLD_SIZE), this.tool, this.commanded, ...this.things.map(({ helper }) => helper));
  }

  /** Place them by a frame. */
  show({ tool, commandedTool, poses }: RecordedFrame): void {
    put(this.tool, tool);
    put(this.commanded, commandedTool);
    for (const { entity, helper } of this.things) {
      put(helper, poses.slice(POSE_SIZE * entity, POSE_SIZE * (entity + 1)));
    }
  }
}

function axes(size: number): AxesHelper {
  const helper = new AxesHelper(size);
  // those inside a body must be seen, too
  Object.assign(helper.material, { depthTest: false, transparent: true });
  helper.renderOrder = 3;
  return helper;
}

function put(helper: AxesHelper, pose: readonly number[] | undefined): void {
  helper.visible = pose?.every(Number.isFinite) === true;
  if (!helper.visible) return;
  const [x, y, z, qx, qy, qz, qw] = pose as [number, number, number, number, number, number, number];
  helper.position.set(x, y, z);
  helper.quaternion.set(qx, qy, qz, qw);
}
