// How the world around a scene looks: light, sky and floor.
import type { Vec3 } from "../../math/vector.js";

/** Light, sky and floor; colours are red, green, blue, 0 to 1. */
export interface Appearance {
  /** Where the light comes from; its length does not matter. */
  readonly light: Vec3;
  /** Brightness of a surface in the dark, and what is added where the light falls straight on it. */
  readonly ambient: number;
  readonly diffuse: number;
  readonly skyColor: Vec3;
  readonly floorColor: Vec3;
}

/** Height of the floor: just below the table top of a robot cell, m. */
export const FLOOR_HEIGHT = -0.041;

/** The look of all cells without randomisation. */
export const APPEARANCE: Appearance = {
  light: [0.45, -0.35, 0.85],
  ambient: 0.4,
  diffuse: 0.6,
  skyColor: [0.59, 0.71, 0.84],
  floorColor: [0.27, 0.29, 0.33],
};
