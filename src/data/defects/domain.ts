// Two domains of light and texture whose ranges do not touch: one to learn from, one to show what was learned elsewhere.
import type { Random } from "../../math/random.js";

/** "seen": what a model is trained on; "unseen": other light, texture and sensor noise. */
export type PartDomain = "seen" | "unseen";

/** Light and texture of one picture. */
export interface PartAppearance {
  /** Where the light comes from, rad: 0 from the right, pi / 2 from below. */
  readonly direction: number;
  /** Share of brightness that is gained toward the light at the middle of an edge, and lost on the other side. */
  readonly falloff: number;
  /** Strength of the glossy highlight; how bright it is depends on the surface. */
  readonly highlight: number;
  /** Share of brightness that is lost in the corners. */
  readonly vignetting: number;
  /** How fine the texture is: factor of its frequencies. */
  readonly scale: number;
  /** Factor of the texture's contrast. */
  readonly strength: number;
  /** Standard deviation of the sensor's noise, grey levels. */
  readonly noise: number;
}

type Ranged = Exclude<keyof PartAppearance, "direction">;

/** Least and greatest value in each domain; uniform between them. The direction of light is any in both. */
export const DOMAINS: Readonly<Record<PartDomain, Readonly<Record<Ranged, readonly [number, number]>>>> = {
  seen: {
    falloff: [0, 0.16],
    highlight: [0, 0.45],
    vignetting: [0, 0.12],
    scale: [0.8, 1.3],
    strength: [0.5, 1],
    noise: [1, 2.5],
  },
  unseen: {
    falloff: [0.18, 0.25],
    highlight: [0.48, 0.62],
    vignetting: [0.14, 0.2],
    scale: [1.35, 1.6],
    strength: [1.04, 1.2],
    noise: [2.6, 3],
  },
};

/** Draw light and texture of a picture. */
export function drawAppearance(random: Random, domain: PartDomain): PartAppearance {
  const ranges = DOMAINS[domain];
  return {
    direction: random.uniform(0, 2 * Math.PI),
    falloff: random.uniform(...ranges.falloff),
    highlight: random.uniform(...ranges.highlight),
    vignetting: random.uniform(...ranges.vignetting),
    scale: random.uniform(...ranges.scale),
    strength: random.uniform(...ranges.strength),
    noise: random.uniform(...ranges.noise),
  };
}
