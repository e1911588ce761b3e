// openpi's protocol, as its client speaks it: msgpack with numpy's arrays; metadata first, then an answer for each observation.
import { type DecoderOptions, decode, encode } from "@msgpack/msgpack";
import type { PolicyManifest } from "../../deploy/policy-manifest.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { isPlainMap, kindOf, packMap, packRow, readImage, readNumber, readVector } from "./numpy-arrays.js";
import { type GivenImages, readImages, readObservation } from "./observed.js";
import type { ServedPolicy } from "./served-policy.js";
import type { PolicyRequest, Wire } from "./wire.js";

/** What a message may hold; "prompt" is for policies that read language, and left alone. */
const KEYS = ["state", "observation", "image", "images", "reset", "prompt"];
const LONGEST_TEXT = 2 ** 16;
/** Lists and maps of a message are at least allowed to be so long: shapes, names. */
const LENGTH = 64;
/** The first byte of a pickle, and the versions of its format that the second one tells. */
const PICKLE = { first: 0x80, from: 2, to: 5 };

/** Return the protocol for a policy. */
export function openpiWire(manifest: PolicyManifest, served: ServedPolicy): Wire {
  const most = Math.max(LENGTH, manifest.observation.length);
  const limits = {
    maxStrLength: LONGEST_TEXT,
    maxBinLength: served.maxMessageBytes,
    // memory for a list is taken before it is read
    maxArrayLength: most,
    maxMapLength: most,
    maxExtLength: 0,
    mapKeyConverter: textKey,
  };
  return {
    hello: encode(served),
    hasIds: false,
    open: (message, isBinary) => {
      const map = unpack(message, isBinary, limits);
      return { read: () => readRequest(map, manifest) };
    },
    actions: ({ actions, inferMs, previousTotalMs }) =>
      packMap([
        ["actions", packRow(actions)],
        [
          "server_timing",
          encode({
            infer_ms: inferMs,
            ...(previousTotalMs === undefined ? {} : { prev_total_ms: previousTotalMs }),
          }),
        ],
      ]),
    forgotten: () => encode({ reset: true }),
    // openpi's client raises whatever arrives as text
    refusal: (_, message) => message,
  };
}

function unpack(
  message: Buffer,
  isBinary: boolean,
  limits: DecoderOptions,
): Readonly<Record<string, unknown>> {
  if (!isBinary)
    throw new UsageError(
      "The message is text, expected msgpack, as openpi-client sends it. JSON is taken at /json.",
    );
  const [first, version] = message;
  // an empty map with something behind it is no msgpack, either
  if (first === PICKLE.first && version !== undefined && version >= PICKLE.from && version <= PICKLE.to)
    throw new UsageError(
      "The message is a pickle, expected msgpack. Pickles are never loaded: they can hold code.",
    );
  let value: unknown;
  try {
    value = decode(message, limits);
  } catch (error) {
    throw new UsageError(`The message cannot be read as msgpack: ${(error as Error).message}.`);
  }
  if (!isPlainMap(value))
    throw new UsageError(`The message is ${kindOf(value)}, expected a map with "state" or "observation".`);
  return value;
}

function readRequest(map: Readonly<Record<string, unknown>>, manifest: PolicyManifest): PolicyRequest {
  const unknown = Object.keys(map).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new UsageError(
      `The message has "${unknown.slice(0, 64)}". ${didYouMean(unknown.slice(0, 64), KEYS)}It may have ${KEYS.join(", ")}.`,
    );
  const { state, observation, reset = false } = map;
  if (typeof reset !== "boolean")
    throw new UsageError(`"reset" is ${kindOf(reset)}, expected true or false.`);
  if (state === undefined && observation === undefined) {
    if (reset && map.image === undefined && map.images === undefined) return { reset };
    throw new UsageError('The message has neither "state" nor "observation".');
  }
  if (state !== undefined && observation !== undefined)
    throw new UsageError('Both "state" and "observation" were given. Leave one out.');
  const entries = manifest.observation;
  const given =
    observation === undefined
      ? readVector("state", state, entries.length)
      : readByName(observation, entries.length);
  return {
    reset,
    observed: {
      observation: readObservation(given, entries),
      image: readImages(imagesOf(map), manifest.image),
    },
  };
}

function readByName(observation: unknown, size: number): unknown {
  if (!isPlainMap(observation)) return readVector("observation", observation, size);
  return Object.fromEntries(
    Object.entries(observation).map(([name, value]) => [name, readNumber(name.slice(0, 64), value)]),
  );
}

function imagesOf({ image, images }: Readonly<Record<string, unknown>>): GivenImages {
  if (images !== undefined && !isPlainMap(images))
    throw new UsageError(
      `"images" is ${kindOf(images)}, expected a map of images by the names of the cameras.`,
    );
  return {
    image: image === undefined ? undefined : readImage("image", image),
    images:
      images &&
      Object.fromEntries(
        Object.entries(images).map(([name, value]) => [name, readImage(name.slice(0, 64), value)]),
      ),
  };
}

/** Keys of numpy's arrays are bytes, all others text. */
function textKey(key: unknown): string {
  const text = key instanceof Uint8Array ? Buffer.from(key).toString("utf8") : key;
  // the library looks for it before this
  if (typeof text === "string" && text !== "__proto__") return text;
  throw new UsageError(`a key is ${kindOf(key)}, expected a name`);
}
