// Smooth noise over the plane: the stuff that surfaces, stains and uneven edges are made of.
import { createRandom } from "../../math/random.js";

/** Cells after which the noise repeats. */
export const NOISE_PERIOD = 128;

let lattice: Float32Array | undefined;

/**
 * Return noise at a point: normal numbers at whole coordinates, smooth between them (value noise, Perlin's fade 3t² - 2t³).
 *
 * It is one plane for all pictures; each looks at it from an offset, a turn and a scale of its own.
 */
export function smoothNoise(x: number, y: number): number {
  lattice ??= normals();
  const i = Math.floor(x);
  const j = Math.floor(y);
  const a = fade(x - i);
  const b = fade(y - j);
  const left = i & (NOISE_PERIOD - 1);
  const right = (i + 1) & (NOISE_PERIOD - 1);
  const top = (j & (NOISE_PERIOD - 1)) * NOISE_PERIOD;
  const bottom = ((j + 1) & (NOISE_PERIOD - 1)) * NOISE_PERIOD;
  const upper = lattice[top + left]! * (1 - a) + lattice[top + right]! * a;
  const lower = lattice[bottom + left]! * (1 - a) + lattice[bottom + right]! * a;
  return upper * (1 - b) + lower * b;
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}

function normals(): Float32Array {
  const random = createRandom("armgym/data/defects/value-noise");
  return Float32Array.from({ length: NOISE_PERIOD ** 2 }, () => random.normal());
}
