// The picture of what never moves before a camera that stands still: drawn once, then copied.
import { POSE_SIZE } from "../../../scene/scene.js";
import type { RayTarget } from "../raycast/ray-target.js";

/** Keeps a picture of entities until one of them is somewhere else. */
export class Background {
  /** Indices of the entities in it, and where they stood. */
  private readonly entities: readonly number[];
  private readonly poses: Float64Array;
  private readonly inverseDepths: Float32Array;
  private readonly parts: Uint16Array;
  private readonly pixels: Uint8ClampedArray;
  private isDrawn = false;

  constructor({ width, height }: RayTarget, entities: readonly number[]) {
    this.entities = entities;
    this.poses = new Float64Array(POSE_SIZE * entities.length);
    this.inverseDepths = new Float32Array(width * height);
    this.parts = new Uint16Array(width * height);
    this.pixels = new Uint8ClampedArray(3 * width * height);
  }

  /** Forget the picture. */
  discard(): void {
    this.isDrawn = false;
  }

  /** Tell whether the picture is that of the entities at `poses`. */
  shows(poses: Float64Array): boolean {
    const { entities, isDrawn } = this;
    if (!isDrawn) return false;
    for (let k = 0; k < entities.length; k++) {
      const o = POSE_SIZE * entities[k]!;
      for (let i = 0; i < POSE_SIZE; i++) if (this.poses[POSE_SIZE * k + i] !== poses[o + i]) return false;
    }
    return true;
  }

  /** Keep what `target` and `pixels` show, the entities being at `poses`. */
  keep(target: RayTarget, pixels: Uint8ClampedArray, poses: Float64Array): void {
    this.pixels.set(pixels);
    this.inverseDepths.set(target.inverseDepths);
    this.parts.set(target.parts);
    for (const [k, entity] of this.entities.entries())
      this.poses.set(poses.subarray(POSE_SIZE * entity, POSE_SIZE * (entity + 1)), POSE_SIZE * k);
    this.isDrawn = true;
  }

  /** Copy the picture into `target` and `pixels`. */
  restore(target: RayTarget, pixels: Uint8ClampedArray): void {
    target.inverseDepths.set(this.inverseDepths);
    target.parts.set(this.parts);
    pixels.set(this.pixels);
  }
}
