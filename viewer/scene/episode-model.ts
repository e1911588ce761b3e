// One episode in the scene: its entities and what is drawn over them.
import { Group, type MeshStandardMaterial } from "three";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { POSE_SIZE, type SceneEntity } from "../../src/scene/scene.js";
import type { SceneOptions } from "../state/viewer-state.js";
import { EntityGroup } from "./entity-group.js";
import { CameraFrustums } from "./marks/camera-frustums.js";
import { CommandGhost } from "./marks/command-ghost.js";
import { ContactForces } from "./marks/contact-forces.js";
import { FrameAxes } from "./marks/frame-axes.js";
import { GoalPlumb } from "./marks/goal-plumb.js";
import { Trails } from "./marks/trails.js";
import { WorkspaceOutlines } from "./marks/workspace-outlines.js";
import { dispose } from "./scene-shapes.js";

/** Draws one recording. */
export class EpisodeModel extends Group {
  private readonly kinds: readonly SceneEntity["kind"][];
  /** One per entity of the recording. */
  readonly entities: readonly EntityGroup[];
  private readonly trails: Trails;
  private readonly forces = new ContactForces();
  private readonly plumb: GoalPlumb;
  private readonly command: CommandGhost;
  private readonly axes: FrameAxes;
  private readonly workspace: WorkspaceOutlines;
  private readonly cameras: CameraFrustums;
  private options: SceneOptions | undefined;

  constructor(recording: EpisodeRecording) {
    super();
    const { entities } = recording.header.scene;
    this.kinds = entities.map(({ kind }) => kind);
    this.entities = entities.map((entity) => new EntityGroup(entity));
    this.trails = new Trails(recording);
    this.plumb = new GoalPlumb(recording);
    this.command = new CommandGhost(recording);
    this.axes = new FrameAxes(recording);
    this.workspace = new WorkspaceOutlines(recording);
    this.cameras = new CameraFrustums(recording);
    const { trails, forces, plumb, command, axes, workspace, cameras } = this;
    this.add(...this.entities, trails, forces, plumb, command, axes, workspace, cameras);
  }

  /** Put every entity where it is in `frame`; one whose pose is not finite stays where it was. */
  place(frame: RecordedFrame, index: number): void {
    for (const [k, entity] of this.entities.entries()) {
      const pose = frame.poses.slice(POSE_SIZE * k, POSE_SIZE * (k + 1));
      if (!pose.every(Number.isFinite)) continue;
      const [x, y, z, qx, qy, qz, qw] = pose as [number, number, number, number, number, number, number];
      entity.position.set(x, y, z);
      entity.quaternion.set(qx, qy, qz, qw);
    }
    this.trails.show(index);
    this.forces.show(frame);
    this.plumb.show(frame);
    this.axes.show(frame);
    this.cameras.show(frame);
    this.command.show(frame);
    if (this.options && !this.options.command) this.command.visible = false;
  }

  /** Choose what is drawn over the entities; the ghost of the command follows with the next `place`. */
  setOptions(options: SceneOptions): void {
    this.options = options;
    this.trails.visible = options.path;
    this.forces.visible = options.forces;
    this.axes.visible = options.axes;
    this.workspace.visible = options.workspace;
    this.cameras.visible = options.cameras;
    for (const [k, entity] of this.entities.entries()) {
      if (this.kinds[k] === "region") entity.visible = options.areas;
    }
  }

  /** Draw links and objects as a ghost in one colour, and leave out what the other episode shows as well. */
  makeGhost(color: number): void {
    for (const [k, entity] of this.entities.entries()) {
      const kind = this.kinds[k];
      entity.visible = kind === "link" || kind === "object";
      entity.paint((part) => {
        // where both stand in the same place the other one is seen
        const behind = { polygonOffset: true, polygonOffsetFactor: 2, polygonOffsetUnits: 4 };
        const material = part.material as MeshStandardMaterial;
        material.color.set(color);
        Object.assign(material, { transparent: true, opacity: 0.34, depthWrite: false, ...behind });
        part.castShadow = false;
      });
    }
  }

  /** Free what is held on the graphics card. */
  close(): void {
    this.removeFromParent();
    dispose(this);
  }
}
