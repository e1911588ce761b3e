// The JSON protocol: text messages over a WebSocket, one object each, as json-messages.ts describes them.
import type { PolicyManifest } from "../../deploy/policy-manifest.js";
import { firstIssue } from "../../math/first-issue.js";
import { UsageError } from "../../math/usage-error.js";
import { type JsonImage, requestSchema } from "./json-messages.js";
import { type GivenImage, readImages, readObservation } from "./observed.js";
import { readPng } from "./png-image.js";
import type { ServedPolicy } from "./served-policy.js";
import type { OpenedMessage, PolicyRequest, RequestId, Wire } from "./wire.js";

type ImageFormat = NonNullable<PolicyManifest["image"]>;

const RGB = 3;

/** Return the protocol for a policy. */
export function jsonWire(manifest: PolicyManifest, served: ServedPolicy): Wire {
  return {
    hello: JSON.stringify({ type: "metadata", ...served }),
    hasIds: true,
    open: (message, isBinary) => openMessage(message, isBinary, manifest),
    actions: ({ actions, inferMs }, id) =>
      JSON.stringify({ type: "actions", ...named(id), actions: [...actions], inferMs }),
    forgotten: (id) => JSON.stringify({ type: "reset", ...named(id) }),
    refusal: (code, message, id) => JSON.stringify({ type: "error", ...named(id), code, message }),
  };
}

function named(id: RequestId | undefined): { readonly id?: RequestId } {
  return id === undefined ? {} : { id };
}

function openMessage(message: Buffer, isBinary: boolean, manifest: PolicyManifest): OpenedMessage {
  if (isBinary)
    throw new UsageError(
      "The message is binary, expected JSON as text. msgpack, as openpi-client sends it, is taken at /.",
    );
  let value: unknown;
  try {
    value = JSON.parse(message.toString("utf8"));
  } catch (error) {
    throw new UsageError(`The message is no JSON: ${(error as Error).message}.`);
  }
  const id = (value as { readonly id?: unknown } | null)?.id;
  const isId = typeof id === "string" || typeof id === "number";
  return { ...(isId ? { id } : {}), read: () => readRequest(value, manifest) };
}

function readRequest(value: unknown, { observation: entries, image: format }: PolicyManifest): PolicyRequest {
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success)
    throw new UsageError(`The message cannot be taken: ${firstIssue(parsed.error, "the message")}.`);
  if (parsed.data.type === "reset") return { reset: true };
  const { reset = false, observation, image, images } = parsed.data;
  if (observation === undefined)
    throw new UsageError(
      'The message lacks "observation", a list of numbers, or an object with a number for each entry\'s name.',
    );
  const given = {
    image: image && givenImage("image", image, format, format?.channels),
    images:
      images &&
      Object.fromEntries(
        Object.entries(images).map(([name, one]) => [name, givenImage(name.slice(0, 64), one, format, RGB)]),
      ),
  };
  return {
    reset,
    observed: { observation: readObservation(observation, entries), image: readImages(given, format) },
  };
}

/** Decode an image; where the policy reads none, only that there is one matters. */
function givenImage(
  name: string,
  { encoding, data }: JsonImage,
  format: ImageFormat | undefined,
  channels = RGB,
): GivenImage {
  if (!format) return { bytes: new Uint8Array(), shape: [] };
  const bytes = Buffer.from(data, "base64");
  // characters that are none of base64's are passed over
  if (data.length !== 4 * Math.ceil(bytes.length / 3)) throw new UsageError(`"${name}" is no base64.`);
  const { height, width } = format;
  if (encoding === "png") return readPng(name, bytes, { height, width });
  const size = height * width * channels;
  if (bytes.length !== size)
    throw new UsageError(
      `"${name}" has ${bytes.length} bytes, expected ${size}: ${height} x ${width} x ${channels} (height, width, channels).`,
    );
  return { bytes, shape: [height, width, channels] };
}
