import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { type ProtobufTypes, protobufEncoder, repeated, single } from "../../src/math/protobuf.js";
import { createRandom, type Random } from "../../src/math/random.js";

test("fields that are given are written, those with default values too; others are not", () => {
  const encode = protobufEncoder(
    {
      Inner: { flag: single("bool", 1) },
      Outer: {
        count: single("int64", 1),
        share: single("float", 2),
        name: single("string", 3),
        raw: single("bytes", 4),
        inner: single("Inner", 5),
        sizes: repeated("int64", 6),
      },
    },
    "Outer",
  );
  const hex = (message: object) => Buffer.from(encode(message)).toString("hex");
  // tag, then value: varint 0, float 0, two empty lengths, a message of one false, 0 and 300 packed
  expect(
    hex({ count: 0, share: 0, name: "", raw: new Uint8Array(0), inner: { flag: false }, sizes: [0, 300] }),
  ).toBe("08001500000000" + "1a00" + "2200" + "2a020800" + "320300ac02");
  expect(hex({})).toBe("");
  expect(hex({ inner: {} })).toBe("2a00");
});

const SCALARS = ["int32", "int64", "bool", "double", "string", "bytes", "fixed32", "float"] as const;

/** Every scalar once and as a list, messages in messages; numbers of one, two and three bytes, and not in order. */
const TYPES: ProtobufTypes = {
  Leaf: Object.fromEntries(
    SCALARS.flatMap((type, k) => [
      [`${type}One`, single(type, 3 + 5 * k)],
      [`${type}Many`, repeated(type, 2100 - 13 * k)],
    ]),
  ),
  Tree: {
    many: repeated("Tree", 20),
    leaf: single("Leaf", 16),
    one: single("Tree", 2),
    name: single("string", 300),
  },
};

/** protobufjs' own encoder, which makes code of the same tables. */
function oracle(edition: { readonly edition?: string; readonly syntax?: string }) {
  const nested = Object.fromEntries(
    Object.entries(TYPES).map(([name, table]) => {
      const fields = Object.entries(table).map(([key, { type, id, isRepeated }]) => [
        key,
        { type, id, ...(isRepeated ? { rule: "repeated" } : {}) },
      ]);
      return [name, { ...edition, fields: Object.fromEntries(fields) }];
    }),
  );
  const type = protobuf.Root.fromJSON({ nested }).lookupType("Tree");
  return (message: object) => type.encode(message).finish();
}

const EXTREMES: Readonly<Record<(typeof SCALARS)[number], readonly unknown[]>> = {
  int32: [0, 1, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31)],
  int64: [0, 1, -1, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  bool: [true, false],
  double: [0, -0, 0.1, -1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY],
  string: ["", "a", "Größe 20 °C", "🤖".repeat(40), "x".repeat(20_000)],
  bytes: [new Uint8Array(0), new Uint8Array([0]), new Uint8Array(300).fill(7)],
  fixed32: [0, 1, 2 ** 32 - 1],
  float: [0, -0, 0.1, 1e38, Number.NaN, Number.NEGATIVE_INFINITY],
};

function randomLeaf(random: Random): object {
  const pick = (type: (typeof SCALARS)[number]) => EXTREMES[type][random.integer(EXTREMES[type].length)];
  const some = () => random.uniform(0, 1) < 0.5;
  return Object.fromEntries(
    SCALARS.flatMap((type) => [
      ...(some() ? [[`${type}One`, some() ? pick(type) : undefined]] : []),
      ...(some() ? [[`${type}Many`, Array.from({ length: random.integer(4) }, () => pick(type))]] : []),
    ]),
  );
}

function randomTree(random: Random, depth: number): object {
  const some = () => random.uniform(0, 1) < 0.6;
  return {
    unknown: 1,
    ...(some() ? { leaf: randomLeaf(random) } : {}),
    ...(some() ? { name: "" } : {}),
    ...(depth > 0 && some() ? { one: randomTree(random, depth - 1) } : {}),
    ...(depth > 0
      ? { many: Array.from({ length: random.integer(3) }, () => randomTree(random, depth - 1)) }
      : {}),
  };
}

test.each([
  ["explicit", { edition: "2023" }],
  ["implicit", { syntax: "proto3" }],
] as const)("random messages of %s presence are encoded as protobufjs does", (presence, edition) => {
  const seed = `protobuf ${Date.now()}`;
  const random = createRandom(seed);
  const [encode, expected] = [protobufEncoder(TYPES, "Tree", presence), oracle(edition)];
  for (let k = 0; k < 500; k++) {
    const message = randomTree(random, 3);
    expect(Buffer.from(encode(message)).equals(Buffer.from(expected(message))), `${seed}, message ${k}`).toBe(
      true,
    );
  }
});
