// What the parts of a scene's surfaces are painted with, and what they belong to.
import type { Look } from "../../../scene/camera-description.js";
import type { SceneDescription } from "../../../scene/scene.js";
import { type Primitives, WORLD } from "../raycast/primitives.js";
import type { Goal } from "./goal-marker.js";
import type { SurfaceLight } from "./surface-light.js";
import { TEXTURES } from "./texture.js";

/** How much darker the disc below a goal is than the goal. */
const DISC_SHADE = 0.6;

/** Patterns and owners of all parts of `primitives`; the last part is the disc below the goal. */
export class Paints {
  /** Per part: number of its pattern, 1 / size of its fields, contrast. */
  readonly textures: Uint8Array;
  readonly scales: Float64Array;
  readonly contrasts: Float64Array;
  /** Per part: its primitive. */
  readonly primitives: Int16Array;
  /** Per part: index of its entity + 1; 0 for sky and floor. */
  readonly labels: Uint16Array;
  /** Per part: whether it is the table's. */
  readonly onTable: Uint8Array;

  constructor({ numParts }: Primitives) {
    this.textures = new Uint8Array(numParts + 1);
    this.scales = new Float64Array(numParts + 1);
    this.contrasts = new Float64Array(numParts + 1);
    this.primitives = new Int16Array(numParts + 1).fill(-1);
    this.labels = new Uint16Array(numParts + 1);
    this.onTable = new Uint8Array(numParts + 1);
  }

  /** Paint all parts as `look` says; their colours go to `surface`. */
  apply(
    look: Look,
    { entities }: SceneDescription,
    primitives: Primitives,
    goal: Goal | undefined,
    surface: SurfaceLight,
  ): void {
    const { count, numParts } = primitives;
    for (let p = 0; p < count; p++) {
      const index = primitives.entities[p]!;
      const entity = entities[index];
      const paint = look.paints[entity?.id ?? "floor"];
      const own = entity
        ? primitives.colors.subarray(3 * p, 3 * p + 3)
        : look.floorColor.map((value) => 255 * value);
      const color = Array.from(own, (value, k) =>
        Math.max(0, Math.min(255, value + 255 * (paint?.shift[k] ?? 0))),
      );
      for (let part = primitives.firstPart[p]!; part < (primitives.firstPart[p + 1] ?? numParts); part++) {
        surface.setColor(part, color);
        this.labels[part] = index === WORLD ? 0 : index + 1;
        this.onTable[part] = entity?.kind === "table" ? 1 : 0;
        this.primitives[part] = p;
        this.textures[part] = TEXTURES[paint?.texture ?? "plain"];
        this.scales[part] = 1 / (paint?.size ?? 1);
        this.contrasts[part] = paint?.contrast ?? 0;
      }
    }
    if (!goal) return;
    surface.setColor(
      numParts,
      goal.color.map((value) => DISC_SHADE * value),
    );
    this.labels[numParts] = goal.entity + 1;
  }
}
