import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { decodeCheckpoint } from "../../src/rl/checkpoint.js";
import { train } from "../../src/rl/trainer.js";
import type { TrainingState } from "../../src/rl/training-state.js";

/** A checkpoint of this JSON and 8 bytes of arrays, its checksum right. */
function checkpointOf(json: string): Uint8Array {
  const header = Buffer.from(json);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const body = Buffer.concat([length, header, Buffer.alloc(8)]);
  return Buffer.concat([Buffer.from("ARMGYM1\n"), createHash("sha256").update(body).digest(), body]);
}

test("a checkpoint whose checksum is right may hold anything, and is refused where an array is none of its file", async () => {
  const read = (json: string) => decodeCheckpoint(checkpointOf(json), "a.ckpt");
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

test("statistics of another size, or that no rows can have, are refused", () => {
  const statistics = new RunningStatistics(3);
  const state = statistics.state();
  expect(() => new RunningStatistics(2).restore(state)).toThrow(
    "Statistics are of 3 columns, expected 2. Take another checkpoint.",
  );
  const wrong = [{ variance: [1, -1, 1] }, { mean: [0, Number.NaN, 0] }, { count: Number.POSITIVE_INFINITY }];
  for (const part of wrong)
    expect(() => statistics.restore({ ...state, ...part })).toThrow(
      "Statistics hold a number that is negative or not finite. Take another checkpoint.",
    );
});

test("a state that does not fit the training is refused by what is wrong with it", async () => {
  const settings = {
    totalSteps: 64,
    numEnvs: 4,
    groupSize: 2,
    numSteps: 8,
    numMinibatches: 2,
    numEpochs: 1,
    hiddenSize: 4,
  };
  const options = {
    env: envs["Reach-v1"],
    agent: agents["ppo-mlp"],
    settings: { ...settings, validationEpisodes: 1 },
  };
  const { state } = await train({ ...options, onIteration: () => "stop" });
  const resume = (part: Partial<TrainingState>) => train({ ...options, resume: { ...state, ...part } });
  const way = "Go on with the checkpoint of the same run.";
  await expect(resume({ groups: state.groups.slice(1) })).rejects.toThrow(
    `The state to go on from has 1 groups, this training 2. ${way}`,
  );
  await expect(resume({ firstMoment: new Float32Array(3) })).rejects.toThrow(
    `The state to go on from has 3 first moments, this training ${state.parameters.length}. ${way}`,
  );
  const empty = { ...state.groups[0]!, envs: {} } as unknown as TrainingState["groups"][number];
  await expect(resume({ groups: [empty, state.groups[1]!] })).rejects.toThrow(
    /^The state to go on from does not fit this training: .+\. Go on with the checkpoint of the same run\.$/,
  );
});
