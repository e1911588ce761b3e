// Where a policy holds things to be: an open octahedron at each place, joined to where the thing is.
import {
  BufferGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  OctahedronGeometry,
  Vector3,
  WireframeGeometry,
} from "three";
import type { Explanation } from "../../live/protocol.js";
import { dispose } from "../scene-shapes.js";

const COLOR = 0xd6219c;
const RADIUS = 0.025;

/** Draws places over everything else, so that they are seen inside of things. */
export class PredictedMarks extends Group {
  /** Show other places; none without any. */
  show(places: Explanation["places"] = []): void {
    dispose(this);
    this.clear();
    for (const { predicted, actual } of places) {
      const mark = overAll(new WireframeGeometry(new OctahedronGeometry(RADIUS)));
      mark.position.set(...predicted);
      this.add(mark);
      if (!actual) continue;
      const ends = [new Vector3(...predicted), new Vector3(...actual)];
      this.add(overAll(new BufferGeometry().setFromPoints(ends)));
    }
  }
}

function overAll(geometry: BufferGeometry): LineSegments {
  const lines = new LineSegments(
    geometry,
    new LineBasicMaterial({ color: COLOR, depthTest: false, transparent: true }),
  );
  lines.renderOrder = 4;
  return lines;
}
