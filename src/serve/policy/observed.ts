// What a client gives of a step, checked against what the policy reads; in the page, too.
import type { PolicyManifest } from "../../deploy/policy-manifest.js";
import { requireReadings } from "../../deploy/readings.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";

/** An image as it came: bytes and their shape. */
export interface GivenImage {
  readonly bytes: Uint8Array;
  /** As the client counts: [height, width, channels] where it is right. */
  readonly shape: readonly number[];
}

/** Images as they came: those of all cameras in one, or by the names of the cameras. */
export interface GivenImages {
  readonly image?: GivenImage | undefined;
  readonly images?: Readonly<Record<string, GivenImage>> | undefined;
}

type Entries = PolicyManifest["observation"];
type ImageFormat = NonNullable<PolicyManifest["image"]>;

/** Channels of a camera: red, green, blue. */
const RGB = 3;
const NAMES_SHOWN = 40;

/**
 * Return an observation as float32, [O]: given as a list of numbers in the order of `entries`, or as an object with a number for
 * each entry's name.
 *
 * Throws a UsageError that names the entry that is missing, unknown or no finite number.
 */
export function readObservation(given: unknown, entries: Entries): Float32Array {
  if (typeof given !== "object" || given === null || Array.isArray(given) || ArrayBuffer.isView(given))
    return requireReadings(given as ArrayLike<number>, entries);
  const values = given as Readonly<Record<string, number>>;
  const names = entries.map(({ name }) => name);
  const known = new Set(names);
  const unknown = Object.keys(values).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new UsageError(
      `The observation has "${unknown.slice(0, 64)}", which the policy does not read. ${didYouMean(unknown.slice(0, 64), names)}It reads ${list(names)}.`,
    );
  const missing = entries.find(({ name }) => !Object.hasOwn(values, name));
  if (missing)
    throw new UsageError(
      `The observation lacks "${missing.name}" (${missing.unit}). It needs ${list(names)}, by name or as a list of ${names.length} numbers.`,
    );
  return requireReadings(
    entries.map(({ name }) => values[name]!),
    entries,
  );
}

/**
 * Return the image that the policy takes, [height, width, channels], undefined for one that reads none.
 *
 * Throws a UsageError where it is missing, of another shape, or one too many.
 */
export function readImages(
  { image, images }: GivenImages,
  format: PolicyManifest["image"],
): Uint8Array | undefined {
  if (!format) {
    if (!image && !images) return undefined;
    throw new UsageError(
      `The policy reads no images; "${image ? "image" : "images"}" was given. Leave it out.`,
    );
  }
  if (image && images) throw new UsageError('Both "image" and "images" were given. Leave one out.');
  if (image) return requireShape('"image"', image, format.channels, format);
  if (images) return joined(images, format);
  throw new UsageError(
    `The policy needs an image of ${described([format.height, format.width, format.channels])}, or "images" of its cameras ${list(cameraNames(format))}; none was given.`,
  );
}

/** Put the images of cameras side by side in the channels of one. */
function joined(images: Readonly<Record<string, GivenImage>>, format: ImageFormat): Uint8Array {
  const names = cameraNames(format);
  const unknown = Object.keys(images).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `"images" has "${unknown.slice(0, 64)}", which is no camera of the policy. ${didYouMean(unknown.slice(0, 64), names)}Its cameras are ${list(names)}.`,
    );
  const { height, width, channels } = format;
  const all = new Uint8Array(height * width * channels);
  for (const [k, name] of names.entries()) {
    if (!Object.hasOwn(images, name))
      throw new UsageError(`"images" lacks "${name}". The policy's cameras are ${list(names)}.`);
    const bytes = requireShape(`"images" of "${name}"`, images[name]!, RGB, format);
    for (let pixel = 0; pixel < height * width; pixel++) {
      const [from, to] = [RGB * pixel, channels * pixel + RGB * k];
      all[to] = bytes[from]!;
      all[to + 1] = bytes[from + 1]!;
      all[to + 2] = bytes[from + 2]!;
    }
  }
  return all;
}

function requireShape(
  what: string,
  { bytes, shape }: GivenImage,
  channels: number,
  { height, width }: ImageFormat,
): Uint8Array {
  const wanted = [height, width, channels];
  const fits = shape.length === 3 && wanted.every((length, axis) => shape[axis] === length);
  if (fits && bytes.length === height * width * channels) return bytes;
  const got = fits ? `${bytes.length} bytes` : `the shape ${shape.join(" x ") || "of a single number"}`;
  throw new UsageError(`${what} has ${got}, expected ${described(wanted)}.`);
}

function cameraNames({ cameras }: ImageFormat): string[] {
  return cameras.map(({ name }) => name);
}

function described(shape: readonly number[]): string {
  return `${shape.join(" x ")} bytes (height, width, channels)`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
