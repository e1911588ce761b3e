import { encode } from "fast-png";
import { expect, test } from "vitest";
import type { PolicyManifest } from "../../../src/deploy/policy-manifest.js";
import { messagesAsJsonSchema, requestSchemaOf } from "../../../src/serve/policy/json-messages.js";
import { jsonWire } from "../../../src/serve/policy/json-wire.js";
import { describePolicy } from "../../../src/serve/policy/served-policy.js";
import { MANIFEST } from "./state-manifest.js";

const CAMERAS = {
  ...MANIFEST,
  image: { height: 1, width: 2, channels: 6, cameras: [{ name: "front" }, { name: "wrist" }] },
} as PolicyManifest;
const FRONT = [1, 2, 3, 4, 5, 6];
const WRIST = [7, 8, 9, 10, 11, 12];
const JOINED = [1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12];
const raw = (bytes: readonly number[]) => ({ encoding: "raw", data: Buffer.from(bytes).toString("base64") });
const png = (bytes: readonly number[]) => ({
  encoding: "png",
  data: Buffer.from(
    encode({ width: 2, height: 1, data: Uint8Array.from(bytes), channels: 3, depth: 8 }),
  ).toString("base64"),
});

function taken(value: unknown, manifest = MANIFEST, isBinary = false) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    const opened = jsonWire(manifest, describePolicy(manifest)).open(Buffer.from(text), isBinary);
    const { observed, ...rest } = opened.read();
    const { observation, image } = observed ?? {};
    return {
      id: opened.id,
      ...rest,
      ...(observation ? { observation: [...observation] } : {}),
      ...(image ? { image: [...image] } : {}),
    };
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

test("requests are read: by list or names, with an id, with reset", () => {
  const step = { type: "infer", observation: [0.5, -1, 2] };
  expect(taken(step)).toEqual({ id: undefined, reset: false, observation: [0.5, -1, 2] });
  expect(taken({ ...step, id: "k", reset: true })).toEqual({
    id: "k",
    reset: true,
    observation: [0.5, -1, 2],
  });
  expect(taken({ ...step, observation: { c: 2, a: 0.5, b: -1 } })).toMatchObject({
    observation: [0.5, -1, 2],
  });
  expect(taken({ type: "reset", id: 7 })).toEqual({ id: 7, reset: true });
});

test("pictures are read, raw or as PNG, in one or by the names of the cameras", () => {
  const step = { type: "infer", observation: [0.5, -1, 2] };
  for (const images of [
    { image: raw(JOINED) },
    { images: { wrist: raw(WRIST), front: raw(FRONT) } },
    { images: { front: png(FRONT), wrist: png(WRIST) } },
  ])
    expect(taken({ ...step, ...images }, CAMERAS), Object.keys(images)[0]).toMatchObject({ image: JOINED });
});

const REFUSED: readonly (readonly [string, unknown, string, PolicyManifest?])[] = [
  ["cut short", '{"type":', "The message is no JSON: Unexpected end of JSON input."],
  ["NaN", '{"type":"infer","observation":[0,NaN,0]}', "The message is no JSON: Unexpected token"],
  ["a number", 7, 'The message cannot be taken: the message: expected "infer" or "reset".'],
  ["another type", { type: "step" }, 'The message cannot be taken: type: expected "infer" or "reset".'],
  [
    "a field too many",
    { type: "reset", state: [] },
    'The message cannot be taken: the message: Unrecognized key: "state".',
  ],
  [
    "no observation",
    { type: "infer" },
    'The message lacks "observation", a list of numbers, or an object with a number for each entry\'s name.',
  ],
  [
    "a short one",
    { type: "infer", observation: [0, 1] },
    'The observation has 2 entries, the policy needs 3, and "c" (m) is the first that is missing.',
  ],
  [
    "null",
    { type: "infer", observation: [0, null, 1] },
    'Observation entry 1, "b" (m), is null, expected a finite number.',
  ],
  [
    "an unknown name",
    { type: "infer", observation: { a: 0, b: 1, c: 2, speed: 3 } },
    'The observation has "speed", which the policy does not read. It reads a, b, c.',
  ],
  [
    "an image",
    { type: "infer", observation: [0, 1, 2], image: raw(FRONT) },
    'The policy reads no images; "image" was given. Leave it out.',
  ],
  [
    "none",
    { type: "infer", observation: [0, 1, 2] },
    'The policy needs an image of 1 x 2 x 6 bytes (height, width, channels), or "images" of its cameras front, wrist; none was given.',
    CAMERAS,
  ],
  [
    "one PNG",
    { type: "infer", observation: [0, 1, 2], image: png(FRONT) },
    '"image" has the shape 1 x 2 x 3, expected 1 x 2 x 6 bytes (height, width, channels).',
    CAMERAS,
  ],
  [
    "a byte less",
    { type: "infer", observation: [0, 1, 2], image: raw(JOINED.slice(1)) },
    '"image" has 11 bytes, expected 12: 1 x 2 x 6 (height, width, channels).',
    CAMERAS,
  ],
  [
    "no base64",
    { type: "infer", observation: [0, 1, 2], image: { encoding: "raw", data: "???" } },
    '"image" is no base64.',
    CAMERAS,
  ],
  [
    "a JPEG",
    { type: "infer", observation: [0, 1, 2], image: { encoding: "jpeg", data: "" } },
    'The message cannot be taken: image.encoding: Invalid option: expected one of "raw"|"png".',
    CAMERAS,
  ],
  [
    "one camera",
    { type: "infer", observation: [0, 1, 2], images: { front: raw(FRONT) } },
    '"images" lacks "wrist". The policy\'s cameras are front, wrist.',
    CAMERAS,
  ],
];

test.each(REFUSED.map(([what, message, reason, manifest]) => ({ what, message, reason, manifest })))(
  "$what is refused",
  ({ message, reason, manifest = MANIFEST }) => {
    expect(taken(message, manifest)).toContain(`UsageError: ${reason}`);
  },
);

test("binary messages are sent on to the other protocol", () => {
  expect(taken("{}", MANIFEST, true)).toBe(
    "UsageError: The message is binary, expected JSON as text. msgpack, as openpi-client sends it, is taken at /.",
  );
});

test("the published schema takes what the server takes, and refuses what it refuses of names, types and lengths", () => {
  const sized = new Set(["one PNG", "a byte less", "no base64", "none"]);
  // an image's bytes are beyond a schema, and one of two forms must be there
  for (const [name, message, , manifest = MANIFEST] of REFUSED.filter(
    ([, message]) => typeof message !== "string",
  ))
    expect(requestSchemaOf(manifest).safeParse(message).success, name).toBe(sized.has(name));
  for (const message of [
    { type: "infer", observation: [0.5, -1, 2], id: 1, reset: false },
    { type: "infer", observation: { a: 0, b: 1, c: 2 } },
    { type: "reset" },
  ])
    expect(requestSchemaOf(MANIFEST).safeParse(message).success).toBe(true);
  expect(
    requestSchemaOf(CAMERAS).safeParse({
      type: "infer",
      observation: [0, 1, 2],
      images: { front: raw(FRONT), wrist: png(WRIST) },
    }).success,
  ).toBe(true);
});

test("the JSON Schema names the entries with their units, and the answers", () => {
  const schema = JSON.parse(JSON.stringify(messagesAsJsonSchema(CAMERAS)));
  expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  const [infer, reset] = schema.$defs.request.oneOf ?? schema.$defs.request.anyOf;
  const [listed, named] = infer.properties.observation.anyOf;
  expect(listed).toMatchObject({ type: "array", items: { type: "number" }, minItems: 3, maxItems: 3 });
  expect(named).toMatchObject({
    type: "object",
    properties: { a: { type: "number", description: "m" } },
    required: ["a", "b", "c"],
    additionalProperties: false,
  });
  expect(infer.properties.images.required).toEqual(["front", "wrist"]);
  expect(reset.properties.type.const).toBe("reset");
  const types = (schema.$defs.answer.oneOf ?? schema.$defs.answer.anyOf).map(
    (one: { properties: { type: { const: string } } }) => one.properties.type.const,
  );
  expect(types).toEqual(["metadata", "actions", "reset", "error"]);
});
