import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { UsageError } from "../../src/math/usage-error.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/model/safetensors.js";
import { damage } from "../bench/faults/damage.js";

const tensors = new Map<string, StoredTensor>([
  ["bytes", { shape: [3], values: Uint8Array.of(1, 2, 255) }],
  ["actor/0/weights", { shape: [2, 3], values: Float32Array.of(1.5, -0, Number.NaN, Infinity, 1e-45, 3) }],
  ["count", { shape: [], values: Float64Array.of(0.1 + 0.2) }],
  ["__proto__", { shape: [1], values: Int32Array.of(-7) }],
  ["none", { shape: [0, 4], values: new Float32Array(0) }],
]);

/** A file of this header and as many bytes of numbers. */
function fileOf(header: unknown, size: number): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(size)]);
}

test("tensors of every type and texts survive, bit for bit, also inside a larger buffer", () => {
  const bytes = encodeSafetensors(tensors, { note: "ä", __proto__x: "" });
  const larger = Buffer.alloc(bytes.length + 3);
  larger.set(bytes, 3);
  for (const file of [bytes, larger.subarray(3)]) {
    const read = decodeSafetensors(file, "x");
    expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()));
    expect(Object.is(read.tensors.get("actor/0/weights")!.values[1], -0)).toBe(true);
    expect(read.metadata).toEqual({ note: "ä", __proto__x: "" });
  }
});

test("the bytes are those that the format asks for: numbers of 8 bytes first, aligned, little-endian", () => {
  const bytes = encodeSafetensors(
    new Map<string, StoredTensor>([
      ["a", { shape: [1], values: Uint8Array.of(9) }],
      ["b", { shape: [1, 1], values: Float64Array.of(1) }],
    ]),
    { k: "v" },
  );
  const header =
    '{"__metadata__":{"k":"v"},"b":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}';
  expect(header.length).toBe(133);
  const expected = Buffer.concat([
    Buffer.from([136, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from(`${header}   `),
    Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 9]),
  ]);
  expect(Buffer.from(bytes).equals(expected)).toBe(true);
});

test("what cannot be written is an error", () => {
  const one = (name: string, shape: number[]) => () =>
    encodeSafetensors(new Map([[name, { shape, values: Float32Array.of(1, 2) }]]));
  expect(one("w", [3])).toThrow('tensor "w" has 2 values, its shape is [3]');
  expect(one("__metadata__", [2])).toThrow("a tensor cannot be called __metadata__");
});

test("a file that is none, or whose tensors do not lie in it side by side, is refused by file and cause", () => {
  const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });
  const huge = Buffer.alloc(20);
  huge.writeBigUInt64LE(2n ** 63n);
  const refusals: [Uint8Array, string][] = [
    [new Uint8Array(5), "it has 5 bytes, its first 8 are a length"],
    [huge, "its header would have 9223372036854775808 bytes, the file has 20"],
    [fileOf("[]", 0), "its header is no object"],
    [fileOf({ __metadata__: { a: 1 } }, 0), "__metadata__ holds more than texts"],
    [fileOf({ a: null }, 0), 'tensor "a" has the type undefined, expected F32, F64, I32, U8'],
    [
      fileOf({ a: entry(0, 4, [1], "BF16") }, 4),
      'tensor "a" has the type "BF16", expected F32, F64, I32, U8',
    ],
    [
      fileOf({ a: entry(0, 4, [1], "constructor") }, 4),
      'tensor "a" has the type "constructor", expected F32, F64, I32, U8',
    ],
    [fileOf({ a: entry(0, 4, [-1]) }, 4), 'the shape of tensor "a" is no list of whole numbers'],
    [
      fileOf({ a: { ...entry(0, 4), data_offsets: [0] } }, 4),
      'the data_offsets of tensor "a" are no pair of whole numbers',
    ],
    [fileOf({ a: entry(0, 8, [3]) }, 8), 'tensor "a" of shape [3] and type F32 lies from 0 to 8 of 8 bytes'],
    [
      fileOf({ a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4),
      'tensor "a" of shape [1099511627776, 1099511627776] and type F32 lies from 0 to 4 of 4 bytes',
    ],
    [fileOf({ a: entry(0, 8) }, 4), 'tensor "a" of shape [2] and type F32 lies from 0 to 8 of 4 bytes'],
    [fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12), "a tensor begins at byte 4 of the data, expected 8"],
    [fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), "a tensor begins at byte 8 of the data, expected 4"],
    [fileOf({ a: entry(0, 4) }, 9), "its tensors end at byte 4 of 9 of the data"],
  ];
  for (const [bytes, cause] of refusals)
    expect(() => decodeSafetensors(bytes, "a.safetensors")).toThrow(
      new UsageError(`a.safetensors is no whole safetensors file: ${cause}.`),
    );
  expect(() => decodeSafetensors(fileOf("{", 0), "a.safetensors")).toThrow(
    /^a\.safetensors is no whole safetensors file: its header is no JSON \(.+\)\.$/,
  );
});

test("damaged files are read or refused, never anything else", () => {
  const bytes = encodeSafetensors(tensors, { note: "n" });
  let refused = 0;
  for (let seed = 0; seed < 3000; seed++) {
    try {
      decodeSafetensors(damage(bytes, createRandom(`safetensors/${seed}`)), "a");
    } catch (error) {
      if (!(error instanceof UsageError)) throw new Error(`seed ${seed}`, { cause: error });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});
