// What a changed result is told by, and what becomes of the hashes that were committed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { hashOf, mergedHashes, openGolden } from "./golden.js";

test("a bit that differs is told with subject, seed, machine, part and both hashes", () => {
  vi.stubEnv("UPDATE_GOLDEN", "");
  const folder = mkdtempSync(join(tmpdir(), "armgym-golden-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "arms.json");
  const parameters = Float32Array.of(1, 2, 3);
  const rewards = [0.5, 0.25];
  const hashes = { parameters: hashOf(parameters), rewards: hashOf(rewards) };
  writeFileSync(file, JSON.stringify({ wasm: { arm: { 7: hashes } } }));
  const golden = openGolden(pathToFileURL(file));
  expect([golden.has("wasm"), golden.has("linux-x64-avx2")]).toEqual([true, false]);
  golden.check("arm", 7, { parameters, rewards }, "wasm");
  const changed = { parameters: Float32Array.of(1, 2, 3 + 2 ** -22), rewards, values: [1] };
  expect(() => golden.check("arm", 7, changed, "wasm")).toThrow(
    `arm, seed 7 on wasm: parameters is ${hashOf(changed.parameters)}, expected ${hashes.parameters} (arms.json).\n` +
      `arm, seed 7 on wasm: values is ${hashOf([1])}, expected none (arms.json).\n` +
      "A result has changed. Where nobody meant it to, find what changed it. A commit that changes results on purpose runs " +
      '"UPDATE_GOLDEN=1 npx vitest run test/golden", holds the new hashes, and says why in its body.',
  );
  expect(() => golden.check("arm", 8, { rewards })).toThrow(
    `arm, seed 8: rewards is ${hashes.rewards}, expected none (arms.json).`,
  );
});

test("hashes tell apart what differs in a bit, a type, an order or a boundary, and do not depend on the order of keys", () => {
  const different = [
    [0],
    [-0],
    [Number.NaN],
    [],
    0,
    "0",
    "",
    null,
    false,
    0n,
    Float32Array.of(0),
    Float64Array.of(0, 0),
    Uint8Array.of(1, 2),
    Uint8Array.of(2, 1),
    [[1], [2, 3]],
    [[1, 2], [3]],
    [1, 2, 3],
    { a: [1], b: [2] },
    { a: [2], b: [1] },
    { ab: "c" },
    { a: "bc" },
    ["ab", "c"],
    ["a", "bc"],
  ];
  expect(new Set(different.map(hashOf)).size).toBe(different.length);
  expect(hashOf({ b: [2], a: [1] })).toBe(hashOf({ a: [1], b: [2] }));
  // by Python: hashlib.sha256(b"Float32Array 4 " + struct.pack("<f", 1.5)).hexdigest()
  expect(hashOf(Float32Array.of(1.5))).toBe(
    "4f4cf530d73bdf9e8f1beebcc58755ec01bf5f9a1d17562a409aaa7ff2e914c3",
  );
});

test("where a subject has changed here, the hashes of machines that are not here are dropped", () => {
  const one = (hash: string) => ({ 1: { parameters: hash } });
  const committed = {
    wasm: { arm: one("a"), hand: one("b") },
    "linux-x64-avx2": { arm: one("c"), hand: one("d") },
  };
  expect(mergedHashes(committed, { wasm: { arm: one("A"), hand: one("b") } })).toEqual({
    wasm: { arm: one("A"), hand: one("b") },
    "linux-x64-avx2": { hand: one("d") },
  });
  expect(mergedHashes(committed, { wasm: { hand: one("b"), foot: one("e") } })).toEqual({
    ...committed,
    wasm: { ...committed.wasm, foot: one("e") },
  });
});
