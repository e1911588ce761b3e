// Where the tools may be commanded: the edges of a box per robot.
import { BoxGeometry, EdgesGeometry, Group, LineBasicMaterial, LineSegments } from "three";
import type { EpisodeRecording } from "../../../src/recording/recording.js";

/** Seen before a light and a dark background. */
const COLOR = 0x64779f;
const OPACITY = 0.9;

/** Draws the workspace of each robot; nothing for recordings that do not tell it. */
export class WorkspaceOutlines extends Group {
  constructor({ header }: EpisodeRecording) {
    super();
    for (const { low, high } of header.scene.workspaces ?? []) {
      const [x, y, z] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
      const box = new BoxGeometry(x, y, z);
      const outline = new LineSegments(
        new EdgesGeometry(box),
        // what is drawn over it stays as it is: path, contacts and axes
        new LineBasicMaterial({ color: COLOR, transparent: true, opacity: OPACITY, depthWrite: false }),
      );
      box.dispose();
      outline.position.set(low[0] + x / 2, low[1] + y / 2, low[2] + z / 2);
      this.add(outline);
    }
  }
}
