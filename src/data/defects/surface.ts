// Surfaces without defects: what they are made of and how light falls on them.
import type { Random } from "../../math/random.js";
import type { PartAppearance } from "./domain.js";
import { EDGE, type Point, type Sheet } from "./sheet.js";
import { NOISE_PERIOD, smoothNoise } from "./value-noise.js";

/** Brushed metal, cast metal, glass, moulded plastic. */
export const PART_SURFACES = ["brushed", "cast", "glass", "moulded"] as const;

/** A surface by its name. */
export type PartSurface = (typeof PART_SURFACES)[number];

/** A surface in its light. */
export interface LitSurface {
  /** Brightness in grey levels, light and texture included, without sensor noise. [size, size] */
  readonly image: Float32Array;
  /** What of it is texture, in grey levels. [size, size] */
  readonly texture: Float32Array;
  /** Factor of the light on each pixel, 1 on average. [size, size] */
  readonly light: Float32Array;
}

interface Material {
  /** Least and greatest mean brightness, grey levels. */
  readonly brightness: readonly [number, number];
  /** Grey levels of a texture of 1. */
  readonly amplitude: number;
  /** Grey levels of a highlight of 1. */
  readonly gloss: number;
  /** Texture at a point, about -2 to 2. */
  readonly texture: (x: number, y: number, toLight: Point) => number;
  /** How many times longer than wide a highlight is, across the grain. */
  readonly stretch: number;
}

const MATERIALS: Readonly<Record<PartSurface, Material>> = {
  brushed: { brightness: [105, 175], amplitude: 5, gloss: 70, texture: brushed, stretch: 5 },
  cast: { brightness: [70, 130], amplitude: 6.5, gloss: 12, texture: cast, stretch: 1 },
  glass: { brightness: [120, 190], amplitude: 2.5, gloss: 60, texture: glass, stretch: 1 },
  moulded: { brightness: [45, 200], amplitude: 4.5, gloss: 40, texture: moulded, stretch: 1.5 },
};

/** Draw a surface in its light; its grain lies at an angle of its own. */
export function drawSurface(
  sheet: Sheet,
  random: Random,
  surface: PartSurface,
  appearance: PartAppearance,
): LitSurface {
  const { size, pixel } = sheet;
  const material = MATERIALS[surface];
  const brightness = random.uniform(...material.brightness);
  const grain = random.uniform(0, Math.PI);
  const origin: Point = [random.uniform(0, NOISE_PERIOD), random.uniform(0, NOISE_PERIOD)];
  const [cos, sin] = [Math.cos(grain), Math.sin(grain)];
  const angle = appearance.direction - grain;
  const toLight: Point = [Math.cos(angle), Math.sin(angle)];
  const highlight = drawHighlight(random, appearance, material, grain);
  const shade = shading(appearance);
  const lit: LitSurface = {
    image: new Float32Array(size * size),
    texture: new Float32Array(size * size),
    light: new Float32Array(size * size),
  };
  for (let k = 0; k < size * size; k++) {
    const x = ((k % size) + 0.5) * pixel;
    const y = (Math.floor(k / size) + 0.5) * pixel;
    // along and across the grain
    const u = (x * cos + y * sin) * appearance.scale + origin[0];
    const v = (y * cos - x * sin) * appearance.scale + origin[1];
    const light = shade(x, y);
    const texture = material.amplitude * appearance.strength * material.texture(u, v, toLight);
    lit.light[k] = light;
    lit.texture[k] = texture * light;
    lit.image[k] = light * (brightness + texture) + highlight(x, y);
  }
  return lit;
}

/** Return the factor of the light at a point: brighter toward the light, darker in the corners. */
function shading({ direction, falloff, vignetting }: PartAppearance): (x: number, y: number) => number {
  const half = EDGE / 2;
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  return (x, y) => {
    const [dx, dy] = [(x - half) / half, (y - half) / half];
    return (1 + falloff * (dx * cos + dy * sin)) * (1 - (vignetting * (dx * dx + dy * dy)) / 2);
  };
}

/** Return the grey levels of a highlight on the side of the light; brushed metal spreads it across its grain. */
function drawHighlight(
  random: Random,
  { direction, highlight }: PartAppearance,
  { gloss, stretch }: Material,
  grain: number,
): (x: number, y: number) => number {
  const away = random.uniform(4, 26);
  const width = random.uniform(7, 14);
  const x0 = EDGE / 2 + away * Math.cos(direction);
  const y0 = EDGE / 2 + away * Math.sin(direction);
  const [cos, sin] = [Math.cos(grain), Math.sin(grain)];
  return (x, y) => {
    const along = ((x - x0) * cos + (y - y0) * sin) / width;
    const across = ((y - y0) * cos - (x - x0) * sin) / (width * stretch);
    return highlight * gloss * Math.exp(-0.5 * (along * along + across * across));
  };
}

/** Streaks along u, of several widths and lengths. */
function brushed(u: number, v: number): number {
  return (
    0.7 * smoothNoise(u / 22, 1.2 * v) +
    0.55 * smoothNoise(u / 9 + 40, 2.3 * v) +
    0.4 * smoothNoise(u / 50, v / 5)
  );
}

/** Bumps lit from the side, and dark pores. */
function cast(u: number, v: number, [lx, ly]: Point): number {
  const e = 0.7;
  const height = bumps(u, v);
  const slope = bumps(u + e * lx, v + e * ly) - height;
  const pore = smoothNoise(u / 2.1 + 60, v / 2.1 + 17) - 1.25;
  return 1.3 * slope + 0.35 * height - (pore > 0 ? 3 * pore : 0);
}

function bumps(u: number, v: number): number {
  return smoothNoise(u / 4.5, v / 4.5) + 0.6 * smoothNoise(u / 1.9 + 30, v / 1.9);
}

/** Slow waves, as of float glass, and hardly anything else. */
function glass(u: number, v: number): number {
  return smoothNoise(u / 24, v / 14) + 0.35 * smoothNoise(u / 7, v / 7 + 50);
}

/** The leather grain of an eroded mould, lit from the side, and faint flow lines. */
function moulded(u: number, v: number, [lx, ly]: Point): number {
  const e = 0.6;
  const slope = leather(u + e * lx, v + e * ly) - leather(u, v);
  const bend = 3 * smoothNoise(u / 20, v / 20);
  return 2.4 * slope + 0.45 * smoothNoise(u / 40, (v + bend) / 6 + 80);
}

/** Ridges between flat cells. */
function leather(u: number, v: number): number {
  return Math.min(0.8, Math.abs(smoothNoise(u / 2.4, v / 2.4)));
}
