import { expect, test } from "vitest";
import { protobufEncoder, repeated, single } from "../../src/math/protobuf.js";

test("fields that are given are written, those with default values too; others are not", () => {
  const encode = protobufEncoder(
    {
      Inner: { fields: { flag: single("bool", 1) } },
      Outer: {
        fields: {
          count: single("int64", 1),
          share: single("float", 2),
          name: single("string", 3),
          raw: single("bytes", 4),
          inner: single("Inner", 5),
          sizes: repeated("int64", 6),
        },
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
