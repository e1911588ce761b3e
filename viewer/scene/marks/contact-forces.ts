// Contact points and the forces there.
import { ArrowHelper, Group, Mesh, MeshBasicMaterial, SphereGeometry, Vector3 } from "three";
import type { RecordedFrame } from "../../../src/recording/recording.js";

/** Length of a force arrow, m per N; longer ones are cut at `LONGEST`. */
const METRES_PER_NEWTON = 0.01;
const LONGEST = 0.25;
const LEAST_NEWTON = 0.05;
const FORCE_COLOR = 0xd6336c;

/** Draws a dot at each contact and an arrow of 1 cm per newton. */
export class ContactForces extends Group {
  private readonly arrows: ArrowHelper[] = [];
  private readonly dots: Mesh[] = [];

  /** Show the contacts of a frame. */
  show({ contacts }: RecordedFrame): void {
    let used = 0;
    for (const { position, force } of contacts) {
      const size = Math.hypot(...force);
      if (!Number.isFinite(size) || !position.every(Number.isFinite)) continue;
      this.grow(used);
      const [arrow, dot] = [this.arrows[used]!, this.dots[used]!];
      used++;
      dot.position.set(...position);
      const length = Math.min(LONGEST, size * METRES_PER_NEWTON);
      arrow.userData.drawn = size > LEAST_NEWTON;
      if (!arrow.userData.drawn) continue;
      arrow.position.set(...position);
      arrow.setDirection(new Vector3(...force).normalize());
      arrow.setLength(length, Math.min(0.02, 0.5 * length), Math.min(0.012, 0.3 * length));
    }
    for (const [k, dot] of this.dots.entries()) {
      dot.visible = k < used;
      this.arrows[k]!.visible = k < used && this.arrows[k]!.userData.drawn === true;
    }
  }

  private grow(index: number): void {
    while (this.arrows.length <= index) {
      const arrow = new ArrowHelper(new Vector3(0, 0, 1), new Vector3(), 0.1, FORCE_COLOR);
      const dot = new Mesh(
        new SphereGeometry(0.004, 12, 8),
        new MeshBasicMaterial({ color: FORCE_COLOR, toneMapped: false }),
      );
      // contacts lie inside the fingers' and the cube's surfaces
      for (const part of [arrow.line, arrow.cone, dot]) {
        Object.assign(part.material, { depthTest: false, transparent: true });
        part.renderOrder = 2;
      }
      this.arrows.push(arrow);
      this.dots.push(dot);
      this.add(arrow, dot);
    }
  }
}
