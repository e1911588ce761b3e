// The bits of fits: a classifier with dropout and augmentation, and a reader with a memory, by two engines.
import { describe, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { fitPredictor } from "../../src/learn/fit-predictor.js";
import { FIT_DEFAULTS, type FitSettings, type PredictorNetwork } from "../../src/learn/predictor.js";
import { CLASSIFIER, points, READER, windows } from "../learn/tiny-predictors.js";
import { openGolden, type Parts } from "./golden.js";
import { machineOf } from "./train-tiny.js";

const golden = openGolden(new URL("fits.json", import.meta.url));

interface Fit {
  readonly network: PredictorNetwork;
  readonly settings: Partial<FitSettings>;
  readonly splits: Parameters<typeof fitPredictor>[0]["splits"];
}

const FITS: Readonly<Record<string, Fit>> = {
  "a classifier of points": {
    network: CLASSIFIER,
    settings: {
      epochs: 3,
      batchSize: 32,
      learningRate: 0.02,
      schedule: "cosine",
      warmup: 0.1,
      weightDecay: 0.01,
    },
    splits: { train: points(270, "train"), validation: points(300, "validation") },
  },
  "a reader of letters": {
    network: READER,
    settings: { epochs: 2, batchSize: 4, learningRate: 0.03, maxGradNorm: 1 },
    splits: { train: windows(404, "train"), validation: windows(300, "validation") },
  },
};

async function partsOfFit(
  { network, settings, splits }: Fit,
  seed: number,
  name: "wasm" | "native",
): Promise<Parts> {
  const engine = await loadEngine(name);
  const { state } = await fitPredictor({
    network,
    settings: { ...FIT_DEFAULTS, ...settings },
    splits,
    seed,
    engine,
    clock: () => 0,
  });
  const { optimizer, normalizers, random, best, history } = state;
  const { parameters, firstMoment, secondMoment, updates } = optimizer;
  return {
    parameters,
    optimizer: [firstMoment, secondMoment, [updates]],
    normalizers: Object.entries(normalizers).map(([input, { mean, seen }]) => [input, mean, seen]),
    random: Object.entries(random).map(([stream, { c, s0, s1, s2 }]) => [stream, [c, s0, s1, s2]]),
    best: best && [best.epoch, best.value, best.parameters],
    history: history.map(({ metrics }) => metrics),
  };
}

for (const engine of ["wasm", "native"] as const) {
  const machine = await machineOf(engine);
  const title = golden.has(machine)
    ? `by the engine ${engine} on ${machine}`
    : `no golden values of ${machine} are committed for the engine ${engine}; UPDATE_GOLDEN=1 adds them`;
  describe.runIf(golden.has(machine))(title, () => {
    test.each(Object.entries(FITS))("%s", async (subject, fit) => {
      for (const seed of [1, 2]) golden.check(subject, seed, await partsOfFit(fit, seed, engine), machine);
    });
  });
}
