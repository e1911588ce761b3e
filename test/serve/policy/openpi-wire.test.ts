import { decode, encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import type { PolicyManifest } from "../../../src/deploy/policy-manifest.js";
import { packMap } from "../../../src/serve/policy/numpy-arrays.js";
import { openpiWire } from "../../../src/serve/policy/openpi-wire.js";
import { describePolicy } from "../../../src/serve/policy/served-policy.js";
import { MANIFEST } from "./state-manifest.js";

const CAMERA = {
  ...MANIFEST,
  image: { height: 1, width: 2, channels: 3, cameras: [{ name: "front" }] },
} as PolicyManifest;

/** An array as openpi-client packs it: keys are bytes. */
function array(dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const key = (text: string) => Buffer.from(text);
  return packMap([
    [key("__ndarray__"), encode(true)],
    [key("data"), encode(data)],
    [key("dtype"), encode(dtype)],
    [key("shape"), encode(shape)],
  ]);
}
const bytes = (numbers: Float32Array | Float64Array) => new Uint8Array(numbers.buffer);
const F32 = array("<f4", [3], bytes(Float32Array.of(0.5, -1, 2)));
const PICTURE = array("|u1", [1, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6));

function read(message: Uint8Array, manifest = MANIFEST) {
  return openpiWire(manifest, describePolicy(manifest)).open(Buffer.from(message), true).read();
}

function refused(message: Uint8Array, manifest = MANIFEST, isBinary = true): string {
  try {
    const opened = openpiWire(manifest, describePolicy(manifest)).open(Buffer.from(message), isBinary);
    return JSON.stringify(opened.read());
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

test("an observation comes as an array, a list, or by names, with numpy's numbers, too", () => {
  const observation = Float32Array.of(0.5, -1, 2);
  const key = (text: string) => Buffer.from(text);
  const number = packMap([
    [key("__npgeneric__"), encode(true)],
    [key("data"), encode(-1)],
    [key("dtype"), encode("<f4")],
  ]);
  const messages = [
    packMap([["state", F32]]),
    packMap([["state", array("<f8", [3], bytes(Float64Array.of(0.5, -1, 2)))]]),
    encode({ state: [0.5, -1, 2], prompt: "pick up the cube" }),
    packMap([["observation", F32]]),
    packMap([
      [
        "observation",
        packMap([
          ["c", encode(2)],
          ["a", array("<f4", [1], bytes(Float32Array.of(0.5)))],
          ["b", number],
        ]),
      ],
    ]),
  ];
  for (const message of messages)
    expect(read(message)).toEqual({ reset: false, observed: { observation, image: undefined } });
});

test("an episode is forgotten by a message of its own, or together with its first observation", () => {
  expect(read(encode({ reset: true }))).toEqual({ reset: true });
  expect(
    read(
      packMap([
        ["state", F32],
        ["reset", encode(true)],
      ]),
    ),
  ).toMatchObject({
    reset: true,
    observed: { observation: Float32Array.of(0.5, -1, 2) },
  });
});

test("pictures come as arrays of bytes, in one or by the names of the cameras", () => {
  for (const message of [
    packMap([
      ["state", F32],
      ["image", PICTURE],
    ]),
    packMap([
      ["state", F32],
      ["images", packMap([["front", PICTURE]])],
    ]),
  ])
    expect([...read(message, CAMERA).observed!.image!]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("what the policy cannot take is refused by its name, with what came and what was expected", () => {
  const state = (packed: Uint8Array) => packMap([["state", packed]]);
  const refusals = [
    state(array("<f4", [2], bytes(Float32Array.of(1, 2)))),
    state(array("<f4", [1, 3], bytes(Float32Array.of(1, 2, 3)))),
    state(array("<i8", [3], new Uint8Array(24))),
    state(array(">f4", [3], new Uint8Array(12))),
    state(array("<f4", [3], new Uint8Array(11))),
    state(array("<f4", [3], bytes(Float32Array.of(0, Number.NaN, 0)))),
    encode({ state: Uint8Array.of(1, 2, 3) }),
    encode({ state: "0.5" }),
    encode({ state: [0, 1] }),
    encode({ state: [0, 1, Number.NEGATIVE_INFINITY] }),
    encode({ observation: { a: 0, b: 1, c: true } }),
    encode({ observation: { a: 0, b: 1 } }),
    packMap([
      ["state", F32],
      ["stat", F32],
    ]),
    packMap([
      ["state", F32],
      ["observation", F32],
    ]),
    packMap([
      ["state", F32],
      ["image", PICTURE],
    ]),
    packMap([
      ["state", F32],
      ["reset", encode(1)],
    ]),
    encode({}),
    encode({ prompt: "pick up the cube" }),
    encode([1, 2, 3]),
    F32,
  ].map((message) => refused(message));
  expect(refusals).toEqual([
    'UsageError: "state" has the shape 2, expected 3.',
    'UsageError: "state" has the shape 1 x 3, expected 3.',
    'UsageError: "state" has the dtype int64, expected float32 or float64.',
    'UsageError: "state" has the dtype >f4, expected float32 or float64.',
    'UsageError: "state" has 11 bytes, expected 12 of its shape 3.',
    'UsageError: Observation entry 1, "b" (m), is NaN, expected a finite number.',
    'UsageError: "state" is bytes, expected a float32 or float64 array of 3.',
    'UsageError: "state" is text, expected a float32 or float64 array of 3.',
    'UsageError: The observation has 2 entries, the policy needs 3, and "c" (m) is the first that is missing.',
    'UsageError: Observation entry 2, "c" (m), is -Infinity, expected a finite number.',
    'UsageError: "c" is the boolean true, expected a number.',
    'UsageError: The observation lacks "c" (m). It needs a, b, c, by name or as a list of 3 numbers.',
    'UsageError: The message has "stat". Did you mean "state"? It may have state, observation, image, images, reset, prompt.',
    'UsageError: Both "state" and "observation" were given. Leave one out.',
    'UsageError: The policy reads no images; "image" was given. Leave it out.',
    'UsageError: "reset" is the number 1, expected true or false.',
    'UsageError: The message has neither "state" nor "observation".',
    'UsageError: The message has neither "state" nor "observation".',
    'UsageError: The message is a list, expected a map with "state" or "observation".',
    'UsageError: The message is an array, expected a map with "state" or "observation".',
  ]);
  expect(
    [
      packMap([["state", F32]]),
      packMap([
        ["state", F32],
        ["image", array("<f4", [1, 2, 3], new Uint8Array(24))],
      ]),
      packMap([
        ["state", F32],
        ["image", array("|u1", [3, 1, 2], new Uint8Array(6))],
      ]),
      encode({ state: [1, 2, 3], image: Uint8Array.of(1) }),
      encode({ state: [1, 2, 3], images: [1] }),
    ].map((message) => refused(message, CAMERA)),
  ).toEqual([
    'UsageError: The policy needs an image of 1 x 2 x 3 bytes (height, width, channels), or "images" of its cameras front; none was given.',
    'UsageError: "image" has the dtype float32, expected uint8.',
    'UsageError: "image" has the shape 3 x 1 x 2, expected 1 x 2 x 3 bytes (height, width, channels).',
    'UsageError: "image" is bytes, expected a numpy array of uint8.',
    'UsageError: "images" is a list, expected a map of images by the names of the cameras.',
  ]);
});

test("pickles are never loaded, and what is no msgpack takes no memory", () => {
  // pickle.dumps({"state": [1.0]}, protocol=4)
  const pickle = Buffer.from("80049512000000000000007d948c057374617465945d94473ff000000000000061732e", "hex");
  expect(refused(pickle)).toBe(
    "UsageError: The message is a pickle, expected msgpack. Pickles are never loaded: they can hold code.",
  );
  expect(refused(packMap([["state", array("|O", [3], pickle)]]))).toBe(
    'UsageError: "state" has the dtype object, expected float32 or float64. Arrays of objects are pickles, which are never loaded.',
  );
  expect(refused(Buffer.from("{}"), MANIFEST, false)).toBe(
    "UsageError: The message is text, expected msgpack, as openpi-client sends it. JSON is taken at /json.",
  );
  expect(refused(new Uint8Array())).toMatch(/^UsageError: The message cannot be read as msgpack: /);
  expect(refused(packMap([["state", F32]]).subarray(0, -3))).toMatch(
    /^UsageError: The message cannot be read as msgpack: /,
  );
  // lists in lists that announce billions of entries
  const bomb = Buffer.concat(Array.from({ length: 9999 }, () => Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])));
  expect(refused(bomb)).toMatch(/^UsageError: The message cannot be read as msgpack: Max length exceeded/);
  for (const key of [encode("__proto__"), encode(Buffer.from("__proto__"))])
    expect(refused(Buffer.concat([Uint8Array.of(0x81), key, encode({ state: [1, 2, 3] })]))).toMatch(
      /^UsageError: The message cannot be read as msgpack: /,
    );
});

test("an answer is what numpy unpacks as float32 of 1 x A, with openpi's timing", () => {
  const wire = openpiWire(MANIFEST, describePolicy(MANIFEST));
  const actions = Float32Array.of(0.25, -3);
  const keys = {
    mapKeyConverter: (key: unknown) =>
      typeof key === "string" ? key : `b'${Buffer.from(key as Uint8Array)}'`,
  };
  const first = decode(
    wire.actions({ actions, inferMs: 0.5, previousTotalMs: undefined }) as Uint8Array,
    keys,
  );
  expect(first).toEqual({
    actions: {
      "b'__ndarray__'": true,
      "b'data'": Buffer.from([0, 0, 128, 62, 0, 0, 64, 192]),
      "b'dtype'": "<f4",
      "b'shape'": [1, 2],
    },
    server_timing: { infer_ms: 0.5 },
  });
  const next = decode(wire.actions({ actions, inferMs: 0.5, previousTotalMs: 1.5 }) as Uint8Array, keys);
  expect(next).toMatchObject({ server_timing: { infer_ms: 0.5, prev_total_ms: 1.5 } });
  expect(decode(wire.hello as Uint8Array)).toMatchObject({
    protocol: 1,
    env: "Test-v1",
    policyVersion: "0.1.0",
  });
  expect(wire.refusal("bad_request", "no")).toBe("no");
});
