// How high the goal hangs.
import { BufferGeometry, Group, Line, LineBasicMaterial, LineDashedMaterial, LineLoop, Vector3 } from "three";
import type { EpisodeRecording, RecordedFrame } from "../../../src/recording/recording.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";

const COLOR = 0x1d8a4b;
const LEAST_HEIGHT = 0.03;

/** A dashed line from the goal down to a ring on the table: without it nobody sees how high the goal hangs. */
export class GoalPlumb extends Group {
  private readonly goal: number;

  constructor({ header }: EpisodeRecording) {
    super();
    this.goal = header.scene.entities.findIndex(({ kind }) => kind === "goal");
    const line = new Line(
      new BufferGeometry().setFromPoints([new Vector3(0, 0, 0.001), new Vector3(0, 0, 1)]),
      new LineDashedMaterial({ color: COLOR, dashSize: 0.06, gapSize: 0.05 }),
    );
    line.computeLineDistances();
    const corner = (k: number) => new Vector3(0.025 * Math.cos(k), 0.025 * Math.sin(k), 0.0015);
    const ring = new LineLoop(
      new BufferGeometry().setFromPoints(
        Array.from({ length: 48 }, (_, k) => corner((2 * Math.PI * k) / 48)),
      ),
      new LineBasicMaterial({ color: COLOR }),
    );
    this.add(line, ring);
  }

  /** Hang it below the goal of a frame. */
  show({ poses }: RecordedFrame): void {
    const [x, y, z] = poses.slice(POSE_SIZE * this.goal, POSE_SIZE * this.goal + 3);
    this.visible = this.goal >= 0 && Number.isFinite(x) && z! > LEAST_HEIGHT;
    this.position.set(x ?? 0, y ?? 0, 0);
    this.children[0]?.scale.set(1, 1, z || 1);
  }
}
