// How scenes look may vary from episode to episode: names, units, limits, the preset, and what is drawn.
import { didYouMean } from "../../math/nearest.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import type { CameraDescription, Look, Paint, Texture } from "../../scene/camera-description.js";
import type { SceneDescription } from "../../scene/scene.js";
import { rangeSchema, type ValueRange } from "./randomization.js";

/**
 * All names. Each is drawn uniformly from its range at the start of an episode and holds until its end:
 *
 * - `lightDirection` (1): added to each component of the unit vector to the light.
 * - `lightStrength`, `ambientLight` (×): of the light, and of what is everywhere.
 * - `objectColor`, `robotColor`, `tableColor`, `backgroundColor` (1): added to red, green and blue, 0 to 1, of each object, of
 *   the robot, of each table and fixture, of floor and sky. The goal's marker keeps its colour.
 * - `textureContrast` (1): of a pattern, whose kind and size are drawn too, on floor, tables and objects.
 * - `cameraPosition` (m), `cameraRotation` (rad), `cameraFov` (degrees): added to each camera's, along and about each axis.
 * - `blur` (pixels): pictures are blurred over so many pixels to each side, rounded.
 * - `pixelNoise` (of 255): standard deviation of the noise on each value, drawn again at every step.
 */
const QUANTITIES = {
  lightDirection: { unit: "1", least: -1, most: 1 },
  lightStrength: { unit: "×", least: 0, most: 4 },
  ambientLight: { unit: "×", least: 0, most: 4 },
  objectColor: { unit: "1", least: -1, most: 1 },
  robotColor: { unit: "1", least: -1, most: 1 },
  tableColor: { unit: "1", least: -1, most: 1 },
  backgroundColor: { unit: "1", least: -1, most: 1 },
  textureContrast: { unit: "1", least: 0, most: 1 },
  cameraPosition: { unit: "m", least: -0.2, most: 0.2 },
  cameraRotation: { unit: "rad", least: -0.5, most: 0.5 },
  cameraFov: { unit: "degrees", least: -20, most: 20 },
  blur: { unit: "pixels", least: 0, most: 8 },
  pixelNoise: { unit: "of 255", least: 0, most: 64 },
} as const;

/** A name that a range may be given for. */
export type VisualName = keyof typeof QUANTITIES;

const NAMES = Object.keys(QUANTITIES) as VisualName[];

/** Ranges by name; what is not named stays as it is without randomisation. */
export type VisualRandomization = Readonly<Partial<Record<VisualName, ValueRange>>>;

/** What a config may say: nothing, the preset, or ranges, a single number standing for a range without width. */
export type VisualRandomizationSetting =
  | "none"
  | "default"
  | Readonly<Partial<Record<VisualName, ValueRange | readonly [number, number] | number>>>;

/** The ranges that "default" stands for; ours: a scene is still easy to read in each of its pictures. */
const DEFAULT_VISUAL_RANDOMIZATION: VisualRandomization = {
  lightDirection: { low: -0.3, high: 0.3 },
  lightStrength: { low: 0.7, high: 1.2 },
  ambientLight: { low: 0.7, high: 1.3 },
  objectColor: { low: -0.08, high: 0.08 },
  robotColor: { low: -0.1, high: 0.05 },
  tableColor: { low: -0.15, high: 0.15 },
  backgroundColor: { low: -0.2, high: 0.2 },
  textureContrast: { low: 0, high: 0.4 },
  cameraPosition: { low: -0.015, high: 0.015 },
  cameraRotation: { low: -0.02, high: 0.02 },
  cameraFov: { low: -1.5, high: 1.5 },
  blur: { low: 0, high: 1 },
  pixelNoise: { low: 0, high: 6 },
};

/** Return the ranges that `setting` stands for, undefined where it is "none"; throws a UsageError about environment `id`. */
export function parseVisualRandomization(setting: unknown, id: string): VisualRandomization | undefined {
  if (setting === undefined || setting === "none") return undefined;
  if (setting === "default") return DEFAULT_VISUAL_RANDOMIZATION;
  if (typeof setting !== "object" || setting === null || Array.isArray(setting)) {
    throw new UsageError(
      `Setting "visualRandomization" of ${id} is ${JSON.stringify(setting)}. ` +
        'Expected "none", "default", or ranges by name, for example {"lightStrength": [0.7, 1.2]}.',
    );
  }
  const ranges = Object.entries(setting).map(([name, value]) => {
    const path = `"visualRandomization.${name}" of ${id}`;
    if (!isName(name)) {
      throw new UsageError(`Unknown setting ${path}. ${didYouMean(name, NAMES)}It has: ${NAMES.join(", ")}.`);
    }
    const { unit, least, most } = QUANTITIES[name];
    const parsed = rangeSchema.safeParse(value);
    const range = parsed.data;
    if (range && range.low <= range.high && range.low >= least && range.high <= most) return [name, range];
    throw new UsageError(
      `Setting ${path} is ${JSON.stringify(value)}, expected [low, high] within ${least} to ${most}, or one number (unit: ${unit}).`,
    );
  });
  return ranges.length > 0 ? (Object.fromEntries(ranges) as VisualRandomization) : undefined;
}

/**
 * Throw a UsageError, naming the environment `id`, where a range leads a camera to where it sees nothing.
 *
 * Its field of view must stay between 0 and 180 degrees, and a camera of a robot cell, whose table's top is at height 0,
 * above that if it is.
 */
export function requireCamerasSee(
  { cameraFov, cameraPosition }: VisualRandomization,
  cameras: readonly CameraDescription[],
  { entities }: SceneDescription,
  id: string,
): void {
  const hasTable = entities.some(({ kind }) => kind === "table");
  for (const { name, fovDeg, link, position } of cameras) {
    if (cameraFov && !(fovDeg + cameraFov.low > 0 && fovDeg + cameraFov.high < 180)) {
      throw new UsageError(
        `Setting "visualRandomization.cameraFov" of ${id} adds ${cameraFov.low} to ${cameraFov.high} degrees to the fovDeg ${fovDeg} of ` +
          `camera "${name}", expected a sum above 0 and below 180. Choose a narrower range or another fovDeg.`,
      );
    }
    const height = position[2];
    if (cameraPosition && hasTable && link === undefined && height > 0 && height + cameraPosition.low <= 0) {
      throw new UsageError(
        `Setting "visualRandomization.cameraPosition" of ${id} goes down to ${cameraPosition.low} m, which takes camera "${name}" at height ` +
          `${height} m below the table. Choose a narrower range or put the camera higher.`,
      );
    }
  }
}

function isName(name: string): name is VisualName {
  return Object.hasOwn(QUANTITIES, name);
}

/** State of a `VisualRandomizer` as plain data. */
export interface VisualRandomizerSnapshot {
  readonly streams: Readonly<Record<string, RandomState>>;
  readonly look: Look;
}

const PATTERNS: readonly Texture[] = ["checker", "stripes", "mosaic"];

/** Draws how each episode looks; every name has a random stream of its own. */
export class VisualRandomizer {
  /** How the present episode looks. */
  look: Look;
  private readonly ranges: VisualRandomization;
  private readonly plain: Look;
  private readonly cameras: readonly CameraDescription[];
  private streams: Readonly<Record<VisualName, Random>>;

  /** `plain` is the look without randomisation. */
  constructor(ranges: VisualRandomization, plain: Look, cameras: readonly CameraDescription[], name: string) {
    this.ranges = ranges;
    this.plain = plain;
    this.look = plain;
    this.cameras = cameras;
    this.streams = openStreams(name);
  }

  /** Restart all streams. */
  seed(name: string): void {
    this.streams = openStreams(name);
  }

  /** Draw an episode's look. */
  begin({ entities }: SceneDescription): Look {
    const { plain, streams } = this;
    const shift = (name: VisualName) => this.vector(name, 0);
    const length = Math.sqrt(plain.light[0] ** 2 + plain.light[1] ** 2 + plain.light[2] ** 2);
    const tilt = shift("lightDirection");
    const paints: Record<string, Paint> = {};
    const robot = shift("robotColor");
    paints.floor = this.paint(shift("backgroundColor"), plain.paints.floor, 0.05, 0.4);
    for (const { id, kind } of entities) {
      if (kind === "link") paints[id] = { ...UNPAINTED, shift: robot };
      if (kind === "table") paints[id] = this.paint(shift("tableColor"), plain.paints[id], 0.04, 0.2);
      if (kind === "object") paints[id] = this.paint(shift("objectColor"), plain.paints[id], 0.008, 0.04);
    }
    const skyShift = shift("backgroundColor");
    this.look = {
      ...plain,
      light: [0, 1, 2].map((k) => plain.light[k]! / length + tilt[k]!) as [number, number, number],
      diffuse: plain.diffuse * this.value("lightStrength", 1),
      ambient: plain.ambient * this.value("ambientLight", 1),
      skyColor: [0, 1, 2].map((k) => plain.skyColor[k]! + skyShift[k]!) as [number, number, number],
      paints,
      cameras: Object.fromEntries(
        this.cameras.map(({ name }) => [
          name,
          {
            shift: shift("cameraPosition"),
            // tangents of half the angles: equal to half of them as long as they are small
            turn: shift("cameraRotation").map((angle) => angle / 2) as [number, number, number],
            fovDeg: this.value("cameraFov", 0),
          },
        ]),
      ),
      blur: Math.round(this.value("blur", 0)),
      noise: this.value("pixelNoise", 0),
      seed: streams.pixelNoise.integer(2 ** 31),
    };
    return this.look;
  }

  snapshot(): VisualRandomizerSnapshot {
    const states = NAMES.map((name) => [name, this.streams[name].state()]);
    return { streams: Object.fromEntries(states), look: this.look };
  }

  restore({ streams, look }: VisualRandomizerSnapshot): void {
    for (const name of NAMES) this.streams[name].restore(streams[name]!);
    this.look = look;
  }

  private value(name: VisualName, otherwise: number): number {
    const range = this.ranges[name];
    return range ? this.streams[name].uniform(range.low, range.high) : otherwise;
  }

  private vector(name: VisualName, otherwise: number): [number, number, number] {
    return [this.value(name, otherwise), this.value(name, otherwise), this.value(name, otherwise)];
  }

  private paint(
    shift: [number, number, number],
    plain: Paint | undefined,
    least: number,
    most: number,
  ): Paint {
    const contrast = this.value("textureContrast", 0);
    if (contrast === 0) return { ...(plain ?? UNPAINTED), shift };
    const stream = this.streams.textureContrast;
    const texture = PATTERNS[stream.integer(PATTERNS.length)]!;
    return { shift, texture, size: stream.uniform(least, most), contrast };
  }
}

const UNPAINTED: Paint = { shift: [0, 0, 0], texture: "plain", size: 1, contrast: 0 };

function openStreams(name: string): Readonly<Record<VisualName, Random>> {
  const streams = NAMES.map((purpose) => [purpose, createRandom(`${name}/visual/${purpose}`)]);
  return Object.fromEntries(streams) as Record<VisualName, Random>;
}
