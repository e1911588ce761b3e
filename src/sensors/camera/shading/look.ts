// How scenes look without randomisation, and the part of it that a config sets.

import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import { type Look, TEXTURE_NAMES, type Texture } from "../../../scene/camera-description.js";

/** Height of the floor: just below the table top of a robot cell, m. */
export const FLOOR_HEIGHT = -0.041;

/** Plain colours, no shadows, light from the front right. */
export const PLAIN_LOOK: Look = {
  light: [0.45, -0.35, 0.85],
  ambient: 0.4,
  diffuse: 0.6,
  shadows: false,
  skyColor: [0.59, 0.71, 0.84],
  floorColor: [0.27, 0.29, 0.33],
  paints: {},
  cameras: {},
  blur: 0,
  noise: 0,
  seed: 0,
};

/** How scenes look, as a config sets it. */
export interface Appearance {
  /** Whether things cast shadows; default false. */
  readonly shadows: boolean;
  /** Where the light comes from; its length does not matter. */
  readonly light: Vec3;
  /** Pattern of the table; default "plain". */
  readonly tableTexture: Texture;
  /** Pattern of the floor; default "plain". */
  readonly floorTexture: Texture;
}

/** The appearance of all cells unless a config says otherwise. */
export const APPEARANCE: Appearance = {
  shadows: false,
  light: PLAIN_LOOK.light,
  tableTexture: "plain",
  floorTexture: "plain",
};

/** Of a direction, so that its squares stay finite. */
const LONGEST_LIGHT = 1e6;
const TABLE_FIELD = 0.1;
const FLOOR_FIELD = 0.25;
const CONTRAST = 0.35;
const NO_SHIFT: [number, number, number] = [0, 0, 0];

/** Return the look that an appearance stands for; throws a UsageError, naming `owner`, where it is not possible. */
export function lookOf(appearance: Appearance, owner: string): Look {
  const { shadows, light, tableTexture, floorTexture } = appearance;
  for (const [name, texture] of Object.entries({ tableTexture, floorTexture })) {
    if (TEXTURE_NAMES.includes(texture)) continue;
    const known = TEXTURE_NAMES.map((known) => `"${known}"`).join(", ");
    throw new UsageError(
      `Setting "appearance.${name}" of ${owner} is "${texture}", expected one of ${known}.`,
    );
  }
  const isDirection = light.length === 3 && light.every((value) => Math.abs(value) <= LONGEST_LIGHT);
  if (!isDirection || light.every((value) => Math.abs(value) < 1 / LONGEST_LIGHT)) {
    throw new UsageError(
      `Setting "appearance.light" of ${owner} is ${JSON.stringify(light)}, expected three numbers, not all 0.`,
    );
  }
  const paint = (texture: Texture, size: number) => ({ shift: NO_SHIFT, texture, size, contrast: CONTRAST });
  return {
    ...PLAIN_LOOK,
    shadows,
    light: [...light],
    paints: {
      ...(tableTexture === "plain" ? {} : { table: paint(tableTexture, TABLE_FIELD) }),
      ...(floorTexture === "plain" ? {} : { floor: paint(floorTexture, FLOOR_FIELD) }),
    },
  };
}
