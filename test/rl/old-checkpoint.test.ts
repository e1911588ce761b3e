import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeOldCheckpoint, isOldCheckpoint } from "../../src/rl/old-checkpoint.js";

const FILE = "test/runs/old/0.1.0/run/checkpoints/latest.ckpt";

/** A checkpoint of 0.1.0 of this JSON and 8 bytes of arrays, its checksum right. */
function checkpointOf(json: string): Uint8Array {
  const header = Buffer.from(json);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const body = Buffer.concat([length, header, Buffer.alloc(8)]);
  return Buffer.concat([Buffer.from("ARMGYM1\n"), createHash("sha256").update(body).digest(), body]);
}

test("a checkpoint of 0.1.0 whose checksum is right may hold anything, and is refused where an array is none of its file", async () => {
  const read = (json: string) => decodeOldCheckpoint(checkpointOf(json), "a.ckpt");
  expect(await read('{"a":{"$array":["Float32Array",4,1]}}')).toEqual({ a: new Float32Array(1) });
  const refusals: [string, RegExp][] = [
    ['["Float32Array",4,2]', /an array lies at 4 with 2 entries, outside of the file/],
    ['["Float32Array",-4,1]', /an array lies at -4 with 1 entries, outside of the file/],
    ['["Float32Array",0,1e300]', /an array lies at 0 with 1e\+300 entries, outside of the file/],
    ['["constructor",0,1]', /there is no array type "constructor"/],
    ["7", /there is no array type undefined/],
  ];
  for (const [reference, reason] of refusals)
    await expect(read(`{"a":{"$array":${reference}}}`)).rejects.toThrow(
      new RegExp(`^a\\.ckpt is damaged: ${reason.source}\\. Take another checkpoint of the run\\.$`),
    );
  await expect(read("{")).rejects.toThrow(
    /^a\.ckpt is damaged: .*JSON.* Take another checkpoint of the run\.$/,
  );
});

test("a file that armgym 0.1.0 wrote is read, a changed byte or a cut refused", async () => {
  const bytes = readFileSync(FILE);
  expect(isOldCheckpoint(bytes)).toBe(true);
  const { version, state } = (await decodeOldCheckpoint(bytes, "x")) as {
    readonly version: string;
    readonly state: Readonly<Record<string, unknown>>;
  };
  expect(version).toBe("0.1.0");
  expect(state).toMatchObject({ steps: 32, finished: true });
  expect(state.parameters).toBeInstanceOf(Float32Array);
  const damaged = "old.ckpt is damaged: its checksum does not match. Take another checkpoint of the run.";
  for (const place of [50, bytes.length - 1]) {
    const changed = Uint8Array.from(bytes);
    changed[place]! ^= 1;
    await expect(decodeOldCheckpoint(changed, "old.ckpt")).rejects.toThrow(damaged);
  }
  await expect(decodeOldCheckpoint(bytes.subarray(0, -5), "old.ckpt")).rejects.toThrow(damaged);
});
