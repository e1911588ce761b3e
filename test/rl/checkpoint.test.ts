import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { UsageError } from "../../src/math/usage-error.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/model/safetensors.js";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/rl/checkpoint.js";
import type { TrainingState } from "../../src/rl/training-state.js";
import { damage } from "../bench/faults/damage.js";

const statistics = new RunningStatistics(2, [0.1, 1e-4]);
statistics.update(Float32Array.of(1, 2, 3, -5), 2);
const parts = [
  { name: "actor/0/weights", shape: [2, 1] },
  { name: "log_std", shape: [1] },
];
const best = {
  steps: 64,
  successRate: 0.5,
  meanReturn: -0,
  parameters: Float32Array.of(4, 5, 6),
  statistics: new RunningStatistics(2).state(),
  parts,
};
const state = {
  iteration: 2,
  steps: 128,
  minutes: 0.1 + 0.2,
  parameters: Float32Array.of(1.5, Number.NaN, -0),
  parts,
  statistics: statistics.state(),
  firstMoment: Float32Array.of(7, 8, 9),
  secondMoment: Float32Array.of(10, 11, 12),
  updates: 3,
  learningRate: Number.POSITIVE_INFINITY,
  shuffle: { c: 1, s0: 0.1, s1: 0.2, s2: 0.3 },
  returnNormalizer: { statistics: new RunningStatistics(1).state(), returns: Float32Array.of(1) },
  groups: [
    {
      envs: { envs: [{ simulation: { world: Float64Array.of(Math.PI), order: Int32Array.of(-1) } }] },
      noise: { c: 1, s0: 0.1, s1: 0.2, s2: 0.3 },
      memory: new Float32Array(2),
      byTeacher: Uint8Array.of(1, 0),
    },
  ],
  best,
  validated: [0.5],
  recent: [],
  finished: false,
} as unknown as TrainingState;

/** Put the right checksum, and length of the header, into a file whose header was changed, and by `longer` bytes longer than before. */
function mended(bytes: Uint8Array, longer = 0): Uint8Array {
  const place = 8 + '{"__metadata__":{"sha256":"'.length;
  if (bytes.length < place + 64) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(0, true) + BigInt(longer)), true);
  bytes.fill(0x30, place, place + 64);
  bytes.set(Buffer.from(createHash("sha256").update(bytes).digest("hex")), place);
  return bytes;
}

/** The checkpoint with another text `name`, its checksum right. */
function withText(bytes: Uint8Array, name: string, text: string): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes, "x");
  return mended(encodeSafetensors(tensors, { ...metadata, [name]: text }));
}

test("a state survives, bit for bit", async () => {
  const read = await decodeCheckpoint(await encodeCheckpoint(state, "0.1.0"), "x");
  expect(read).toEqual({ version: "0.1.0", state });
  expect(Object.is((read as { state: TrainingState }).state.parameters[2], -0)).toBe(true);
});

test("bytes that lie inside a larger buffer, as Node's files do, are decoded", async () => {
  const bytes = await encodeCheckpoint(state, "0.1.0");
  const larger = Buffer.alloc(bytes.length + 3);
  larger.set(bytes, 3);
  expect(await decodeCheckpoint(larger.subarray(3), "x")).toEqual({ version: "0.1.0", state });
});

test("any reader of safetensors finds weights, optimiser and normaliser by name", async () => {
  const { tensors } = decodeSafetensors(await encodeCheckpoint(state, "0.1.0"), "x");
  const found = Object.fromEntries(
    [...tensors].map(([name, { shape, values }]) => [name, [shape, [...values]]]),
  );
  expect(found).toMatchObject({
    "actor/0/weights": [
      [2, 1],
      [1.5, Number.NaN],
    ],
    log_std: [[1], [-0]],
    "normalizer/observation/count": [[], [statistics.count]],
    "normalizer/observation/mean": [[2], [...statistics.mean]],
    "optimizer/first_moment/actor/0/weights": [
      [2, 1],
      [7, 8],
    ],
    "optimizer/second_moment/log_std": [[1], [12]],
    "best/actor/0/weights": [
      [2, 1],
      [4, 5],
    ],
    "best/normalizer/observation/mean": [[2], [0, 0]],
    "state/groups/0/memory": [[2], [0, 0]],
    "state/groups/0/envs/envs/0/simulation/world": [[1], [Math.PI]],
  });
});

test("a state that was read from a file of 0.1.0, without the parameters' names, survives", async () => {
  const { parts: _, ...old } = state;
  const whole = { ...old, best: null } as TrainingState;
  const bytes = await encodeCheckpoint(whole, "0.1.0");
  expect(await decodeCheckpoint(bytes, "x")).toEqual({ version: "0.1.0", state: whole });
  expect(decodeSafetensors(bytes, "x").tensors.get("parameters")!.shape).toEqual([3]);
});

test("a changed byte, a cut file and another file are refused by name", async () => {
  const bytes = await encodeCheckpoint(state, "0.1.0");
  const file = "latest.safetensors";
  const damaged = `${file} is damaged: its checksum does not match. Take another checkpoint of the run.`;
  for (const place of [60, 120, 800, bytes.length - 1]) {
    const changed = bytes.slice();
    changed[place]! ^= 1;
    await expect(decodeCheckpoint(changed, file)).rejects.toThrow(damaged);
  }
  for (const length of [bytes.length - 5, 60])
    await expect(decodeCheckpoint(bytes.slice(0, length), file)).rejects.toThrow(damaged);
  const foreign = new TextEncoder().encode("something else entirely");
  const none = `${file} is not an armgym checkpoint.`;
  for (const other of [foreign, encodeSafetensors(new Map()), withText(bytes, "format", "armgym-encoder")])
    await expect(decodeCheckpoint(other, file)).rejects.toThrow(none);
});

test("a checkpoint whose checksum is right may hold anything, and is refused where a tensor is none of its file", async () => {
  const bytes = await encodeCheckpoint(state, "0.1.0");
  const refusals: [string, string, RegExp][] = [
    ["state", '{"a": {"$tensor": "constructor"}}', /there is no tensor "constructor"/],
    ["state", '{"a": {"$parameters": "worst/"}}', /there is no tensor "worst\/actor\/0\/weights"/],
    ["state", '{"a": {"$statistics": "x/"}}', /there is no tensor "x\/count"/],
    ["state", "{", /.*JSON.*/],
    ["parts", "7", /its parts are no list of names and shapes/],
    [
      "parts",
      '[{"name": "log_std", "shape": [1e9]}]',
      /tensor "log_std" is a Float32Array of shape \[1\], expected a Float32Array of shape \[1000000000\]/,
    ],
    [
      "parts",
      '[{"name": "log_std", "shape": [1]}, {"name": "log_std", "shape": [1]}]',
      /two parts have one name/,
    ],
  ];
  for (const [name, text, reason] of refusals)
    await expect(decodeCheckpoint(withText(bytes, name, text), "a")).rejects.toThrow(
      new RegExp(`^a is damaged: ${reason.source}\\. Take another checkpoint of the run\\.$`),
    );
});

test("damaged checkpoints whose checksum was made right are read or refused, never anything else", async () => {
  const bytes = await encodeCheckpoint(state, "0.1.0");
  let [read, refused] = [0, 0];
  for (let seed = 0; seed < 2000; seed++) {
    try {
      const damaged = damage(bytes, createRandom(`checkpoint/${seed}`));
      await decodeCheckpoint(mended(damaged, damaged.length - bytes.length), "a");
      read++;
    } catch (error) {
      if (!(error instanceof UsageError)) throw new Error(`seed ${seed}`, { cause: error });
      refused++;
    }
  }
  // what is read is still validated by whoever reads a run
  expect(read).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(1000);
});

test("what cannot be told apart by name is not written", async () => {
  const twice = { ...state, parts: [parts[1]!, parts[1]!, parts[1]!] };
  expect(() => encodeCheckpoint(twice, "0.1.0")).toThrow('there are two tensors "log_std"');
  expect(() => encodeCheckpoint({ ...state, parts: parts.slice(1) }, "0.1.0")).toThrow(
    "the parts have 1 parameters, the vector 3",
  );
});
