// What is drawn over the scene: the way of the object, contact forces, and how high the goal is.
import {
  ArrowHelper,
  BufferGeometry,
  Float32BufferAttribute,
  Group,
  Line,
  LineBasicMaterial,
  LineDashedMaterial,
  LineLoop,
  Vector3,
} from "three";
import type { EpisodeRecording, RecordedFrame } from "../src/replay/recording.js";
import { POSE_SIZE } from "../src/replay/scene.js";
import { dispose } from "./scene-shapes.js";

/** Length of a force arrow, m per N; longer ones are cut at `LONGEST`. */
const METRES_PER_NEWTON = 0.01;
const LONGEST = 0.25;
const LEAST_NEWTON = 0.05;
const FORCE_COLOR = 0xd6336c;
const PATH_COLOR = 0x2b7de9;

/** The marks of one recording. */
export class SceneMarks extends Group {
  private readonly path = new Line(new BufferGeometry(), new LineBasicMaterial({ color: PATH_COLOR }));
  private readonly arrows: ArrowHelper[] = [];
  private readonly forces = new Group();
  private readonly plumb = new Group();
  private readonly goal: number;

  constructor({ header, frames }: EpisodeRecording) {
    super();
    const { entities } = header.scene;
    const object = entities.findIndex(({ kind }) => kind === "object");
    const shown = object >= 0 ? object : entities.findLastIndex(({ kind }) => kind === "link");
    this.goal = entities.findIndex(({ kind }) => kind === "goal");
    const points = frames.flatMap(({ poses }) => poses.slice(POSE_SIZE * shown, POSE_SIZE * shown + 3));
    if (shown >= 0 && points.every(Number.isFinite)) {
      this.path.geometry.setAttribute("position", new Float32BufferAttribute(points, 3));
    }
    this.path.frustumCulled = false;
    this.addPlumb();
    this.add(this.path, this.forces, this.plumb);
  }

  /** Switch the path and the forces on and off. */
  setVisible(path: boolean, forces: boolean): void {
    this.path.visible = path;
    this.forces.visible = forces;
  }

  /** Show the marks of a frame. */
  place({ contacts, poses }: RecordedFrame, index: number): void {
    this.path.geometry.setDrawRange(0, index + 1);
    let used = 0;
    for (const { position, force } of contacts) {
      const size = Math.hypot(...force);
      if (!(size > LEAST_NEWTON && Number.isFinite(size))) continue;
      const arrow = this.arrowAt(used++);
      const length = Math.min(LONGEST, size * METRES_PER_NEWTON);
      arrow.position.set(...position);
      arrow.setDirection(new Vector3(...force).normalize());
      arrow.setLength(length, Math.min(0.02, 0.5 * length), Math.min(0.012, 0.3 * length));
    }
    for (const [k, arrow] of this.arrows.entries()) arrow.visible = k < used;
    const [x, y, z] = poses.slice(POSE_SIZE * this.goal, POSE_SIZE * this.goal + 3);
    this.plumb.visible = this.goal >= 0 && Number.isFinite(x) && z! > 0.03;
    this.plumb.position.set(x ?? 0, y ?? 0, 0);
    this.plumb.children[0]?.scale.set(1, 1, z || 1);
  }

  /** Free what is held on the graphics card. */
  close(): void {
    dispose(this);
  }

  private arrowAt(index: number): ArrowHelper {
    while (this.arrows.length <= index) {
      const arrow = new ArrowHelper(new Vector3(0, 0, 1), new Vector3(), 0.1, FORCE_COLOR);
      // contacts lie inside the fingers' and the cube's surfaces
      for (const part of [arrow.line, arrow.cone]) {
        Object.assign(part.material, { depthTest: false, transparent: true });
        part.renderOrder = 2;
      }
      this.arrows.push(arrow);
      this.forces.add(arrow);
    }
    return this.arrows[index]!;
  }

  /** A dashed line from the goal down to a ring on the table: without it nobody sees how high the goal hangs. */
  private addPlumb(): void {
    const line = new Line(
      new BufferGeometry().setFromPoints([new Vector3(0, 0, 0.001), new Vector3(0, 0, 1)]),
      new LineDashedMaterial({ color: 0x1d8a4b, dashSize: 0.06, gapSize: 0.05 }),
    );
    line.computeLineDistances();
    const corner = (k: number) => new Vector3(0.025 * Math.cos(k), 0.025 * Math.sin(k), 0.0015);
    const ring = new LineLoop(
      new BufferGeometry().setFromPoints(
        Array.from({ length: 48 }, (_, k) => corner((2 * Math.PI * k) / 48)),
      ),
      new LineBasicMaterial({ color: 0x1d8a4b }),
    );
    this.plumb.add(line, ring);
  }
}
