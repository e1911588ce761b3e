// Tiny Shakespeare by characters: sequence-lstm of 2 x 64 and 2 x 128 units, three seeds, the last tenth of the text as the test.
import { sequenceLstm } from "../../agents/sequence-lstm.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { evaluatePredictor } from "../../src/learn/evaluate-predictor.js";
import { fitDefinition } from "../../src/learn/fit-definition.js";
import { meanOf } from "../../src/learn/metrics/intervals.js";
import { loadPublic } from "./public-data.js";

const SEEDS = [1, 2, 3];
/** Published for its CPU preset by nanoGPT's README, in three minutes on a MacBook. */
const NANO_GPT = 1.88;

/** Fit both sizes with each seed. */
export async function run(): Promise<BenchRow[]> {
  const engine = await loadEngine("native");
  const rows: BenchRow[] = [];
  for (const units of [64, 128]) {
    const nats: number[] = [];
    const seconds: number[] = [];
    for (const seed of SEEDS) {
      const splits = await loadPublic("tiny-shakespeare", { validation: 0.01 }, String(seed));
      const start = performance.now();
      const { network, trained } = await fitDefinition(sequenceLstm, splits, { seed, settings: { units } });
      seconds.push((performance.now() - start) / 1000);
      const dataset = await splits.test();
      const { metrics } = await evaluatePredictor({ network, weights: trained, dataset, engine });
      nats.push(metrics.nats!);
      console.warn(
        `characters, 2 x ${units}, seed ${seed}: ${metrics.nats!.toFixed(3)} nats in ${seconds.at(-1)!.toFixed(0)} s`,
      );
    }
    rows.push(
      {
        what: `characters, 2 x ${units} units, mean`,
        value: meanOf(nats),
        unit: "nats",
        against: "nanoGPT's CPU preset, as published",
        ratio: NANO_GPT / meanOf(nats),
        others: Object.fromEntries(SEEDS.map((seed, k) => [`seed ${seed}`, nats[k]!])),
      },
      {
        what: `characters, 2 x ${units} units, the slowest seed`,
        value: Math.max(...seconds),
        unit: "s",
        against: null,
        ratio: null,
      },
    );
  }
  return rows;
}
