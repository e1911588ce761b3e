// Cameras as a config gives them, by name or as settings, checked and settled.
import { z } from "zod";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import type { CameraDescription } from "../../scene/camera-description.js";
import { lookAt } from "./raycast/camera-frame.js";

/** m; further away floats lose what is near. */
const coordinate = z.number().min(-1000).max(1000);
const vector = z.tuple([coordinate, coordinate, coordinate]);

const settingsSchema = z.strictObject({
  name: z.string().min(1),
  width: z.number().optional(),
  height: z.number().optional(),
  fovDeg: z.number().optional(),
  link: z.string().optional(),
  eye: vector.optional(),
  target: vector.optional(),
  up: vector.optional(),
  position: vector.optional(),
  quaternion: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  goalMarker: z.enum(["solid", "overlay", "hidden"]).optional(),
  goalFootprint: z.boolean().optional(),
});

/**
 * A camera as a config gives it.
 *
 * It stands at `eye` and looks at `target`, or has the pose `position` and `quaternion` (it looks along its -z axis, y is
 * up); in the frame of `link` where there is one, else in the world's; m. Defaults: 64 x 64 pixels, `fovDeg` 45 (vertical,
 * degrees), up z, goal drawn solid and without footprint.
 */
export type CameraSettings = z.infer<typeof settingsSchema>;

/** A camera in a config: the name of one of the robot's own, or settings; with the name of one of those they change it. */
export type CameraEntry = string | CameraSettings;

const LARGEST = 4096;

/** What cameras are resolved against. */
export interface CameraSurroundings {
  /** Cameras that are known by name. */
  readonly known: Readonly<Record<string, CameraSettings>>;
  /** Names of what a camera can be fixed to. */
  readonly links: readonly string[];
  /** Whose cameras they are, for messages. */
  readonly owner: string;
}

/**
 * Settle the cameras of a config.
 *
 * @throws UsageError that names the camera and the setting that is wrong.
 * @example
 * const cameras = resolveCameras(["front"], { known: cell.cameras(), links: [], owner: "PickPlace-v1" });
 */
export function resolveCameras(
  entries: readonly unknown[],
  surroundings: CameraSurroundings,
): CameraDescription[] {
  const { known, owner } = surroundings;
  if (entries.length === 0) {
    throw new UsageError(
      `Setting "cameras" of ${owner} is empty, expected at least one camera. ${listKnown(known)}`,
    );
  }
  const cameras = entries.map((entry, index) => {
    if (typeof entry === "string") {
      if (Object.hasOwn(known, entry)) return describe(known[entry]!, surroundings);
      throw new UsageError(
        `Unknown camera "${entry}" of ${owner}. ${didYouMean(entry, Object.keys(known))}${listKnown(known)}`,
      );
    }
    const parsed = settingsSchema.safeParse(entry);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new UsageError(`Setting "${["cameras", index, ...path].join(".")}" of ${owner}: ${message}.`);
    }
    const { name } = parsed.data;
    const base = Object.hasOwn(known, name) ? known[name] : undefined;
    return describe({ ...(base && withoutOldPose(base, parsed.data)), ...parsed.data }, surroundings);
  });
  const names = cameras.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError(`Two cameras of ${owner} are named "${twice}". Give each its own name.`);
  return cameras;
}

/** A camera that is put somewhere else takes over nothing of where it stood. */
function withoutOldPose(base: CameraSettings, { position, quaternion }: CameraSettings): CameraSettings {
  if (!position && !quaternion) return base;
  const { eye, target, up, ...rest } = base;
  return rest;
}

function describe(settings: CameraSettings, { links, owner }: CameraSurroundings): CameraDescription {
  const { name, width = 64, height = 64, fovDeg = 45, link, goalMarker = "solid" } = settings;
  const wrong = (message: string) => new UsageError(`Camera "${name}" of ${owner}: ${message}`);
  for (const [side, value] of Object.entries({ width, height })) {
    if (Number.isInteger(value) && value >= 1 && value <= LARGEST) continue;
    throw wrong(`${side} is ${value}, expected a whole number of pixels from 1 to ${LARGEST}.`);
  }
  if (!(fovDeg > 0 && fovDeg < 180))
    throw wrong(`fovDeg is ${fovDeg}, expected degrees above 0 and below 180, for example 45.`);
  if (link !== undefined && !links.includes(link)) {
    throw wrong(`there is no link "${link}". ${didYouMean(link, links)}There are: ${links.join(", ")}.`);
  }
  const pose = poseOf(settings, wrong);
  const { goalFootprint = false } = settings;
  const mount = link === undefined ? {} : { link };
  return { name, width, height, fovDeg, ...mount, ...pose, goalMarker, goalFootprint };
}

function poseOf(
  { eye, target, up, position, quaternion }: CameraSettings,
  wrong: (message: string) => UsageError,
): Pick<CameraDescription, "position" | "quaternion"> {
  if (position && quaternion && !eye && !target) {
    const [x, y, z, w] = quaternion;
    const length = Math.sqrt(x * x + y * y + z * z + w * w);
    if (Math.abs(length - 1) < 1e-3)
      return { position, quaternion: [x / length, y / length, z / length, w / length] };
    throw wrong(`quaternion [${quaternion.join(", ")}] has length ${length}, expected 1.`);
  }
  if (!eye || !target || position || quaternion)
    throw wrong("expected either eye and target, or position and quaternion.");
  if (eye.every((value, k) => value === target[k]))
    throw wrong(`eye and target are both [${eye.join(", ")}], so it looks nowhere. Move one of them.`);
  const turn = lookAt(eye, target, up);
  if (turn) return { position: eye, quaternion: [...turn] };
  throw wrong(
    `up [${(up ?? [0, 0, 1]).join(", ")}] lies along the direction of view. Give another one, for example [1, 0, 0].`,
  );
}

function listKnown(known: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(known);
  const own = "one of your own: name, eye and target.";
  return names.length === 0 ? `Give ${own}` : `There are: ${names.join(", ")}; or give ${own}`;
}

/** Return the shape of all cameras' pictures stacked on channels, [height, width, 3 per camera]; throws where sizes differ. */
export function stackedShape(cameras: readonly CameraDescription[]): readonly [number, number, number] {
  const first = cameras[0]!;
  const other = cameras.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other) {
    throw new UsageError(
      `Cameras "${first.name}" (${first.width} x ${first.height}) and "${other.name}" (${other.width} x ${other.height}) ` +
        "cannot be stacked into one image. Give all of them the same width and height.",
    );
  }
  return [first.height, first.width, 3 * cameras.length];
}
