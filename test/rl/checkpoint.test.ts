import { expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/rl/checkpoint.js";

const data = {
  version: "0.1.0",
  nested: [
    { a: Float32Array.of(1.5, Number.NaN, -0), b: Float64Array.of(Math.PI) },
    { c: Int32Array.of(-1, 2) },
  ],
  bytes: Uint8Array.of(1, 2, 3),
  nothing: null,
  number: 0.1 + 0.2,
};

test("plain data with typed arrays survives, bit for bit", async () => {
  expect(await decodeCheckpoint(await encodeCheckpoint(data), "x")).toEqual(data);
});

test("bytes that lie inside a larger buffer, as Node's files do, are decoded", async () => {
  const bytes = await encodeCheckpoint(data);
  const larger = Buffer.alloc(bytes.length + 3);
  larger.set(bytes, 3);
  expect(await decodeCheckpoint(larger.subarray(3), "x")).toEqual(data);
});

test("a changed byte, a cut file and another file are refused by name", async () => {
  const bytes = await encodeCheckpoint(data);
  const damaged = "latest.ckpt is damaged: its checksum does not match. Take another checkpoint of the run.";
  for (const place of [50, bytes.length - 1]) {
    const changed = bytes.slice();
    changed[place]! ^= 1;
    await expect(decodeCheckpoint(changed, "latest.ckpt")).rejects.toThrow(damaged);
  }
  await expect(decodeCheckpoint(bytes.slice(0, -5), "latest.ckpt")).rejects.toThrow(damaged);
  const foreign = new TextEncoder().encode("something else entirely");
  await expect(decodeCheckpoint(foreign, "latest.ckpt")).rejects.toThrow(
    "latest.ckpt is not an armgym checkpoint.",
  );
});
