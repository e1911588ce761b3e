// One step of training a network that writes: 65 letters, embedding of 64, two LSTMs of 128, 64 streams of 64 letters, Adam.
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { Arrays } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import type { DataField } from "../../src/data/dataset.js";
import { FIT_DEFAULTS, type PredictorNetwork } from "../../src/learn/predictor.js";
import { updateFunction, updateInputs } from "../../src/learn/predictor-functions.js";
import { createRandom } from "../../src/math/random.js";
import { dense, denseSpecs } from "../../src/nn/dense.js";
import { embedding, embeddingSpecs } from "../../src/nn/embedding.js";
import { lstmCell } from "../../src/nn/lstm.js";
import { memorySpecs, runMemory } from "../../src/nn/memory-cell.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";
import { pythonWith, runPython } from "./python-peer.js";

const [BATCH, STEPS, LETTERS, SIZE, UNITS] = [64, 64, 65, 64, 128];
const TORCH = fileURLToPath(new URL("../../../test/bench/sequence-step-torch.py", import.meta.url));

const layout = parameterLayout([
  ...embeddingSpecs("letters", LETTERS, SIZE),
  ...memorySpecs("lstm/0", lstmCell, SIZE, UNITS),
  ...memorySpecs("lstm/1", lstmCell, UNITS, UNITS),
  ...denseSpecs("out", [UNITS, LETTERS]),
]);

const fields: Readonly<Record<string, DataField>> = {
  letters: { shape: [STEPS], dtype: "int32" },
  next: { shape: [STEPS], dtype: "int32" },
};

const network: PredictorNetwork = {
  model: {
    layout,
    inputs: { letters: { shape: [STEPS], dtype: "int32" } },
    outputs: { logits: { shape: [STEPS, LETTERS] } },
    apply(flat, { letters }) {
      const parts = splitParameters(flat, layout);
      // row t * N + n, as a memory runs
      const byStep = tf.reshape(tf.transpose(letters!, [1, 0]), [-1]);
      const memory: tf.Tensor2D = tf.zeros([BATCH, 2 * UNITS]);
      const first = runMemory(
        lstmCell,
        embedding(byStep, parts, "letters") as tf.Tensor2D,
        { memory },
        parts,
        "lstm/0",
      );
      const second = runMemory(lstmCell, first.outputs, { memory }, parts, "lstm/1");
      const logits = tf.reshape(dense(second.outputs, parts, "out/0"), [STEPS, BATCH, LETTERS]);
      return { logits: tf.transpose(logits, [1, 0, 2]) };
    },
  },
  objectives: [{ output: "logits", target: "next", loss: "cross-entropy" }],
};

/** Measure the library's own update between two measurements of PyTorch; the least processor time of each counts. */
export async function run(): Promise<BenchRow[]> {
  const plan = { network, fields };
  const engine = await loadEngine("native");
  const compiled = await engine.compile(
    updateFunction(plan, { ...FIT_DEFAULTS, maxGradNorm: 1 }, {}),
    updateInputs(plan, BATCH, {}),
  );
  const inputs = drawInputs();
  const python = pythonWith("torch", "torch");
  const before = python && runPython(python, TORCH).split(" ");
  const times: number[] = [];
  for (let round = 0; round < 30; round++) {
    const start = process.cpuUsage();
    await compiled.run(inputs);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  const after = python && runPython(python, TORCH).split(" ");
  const value = Math.min(...times);
  return [
    {
      what: `training step of two LSTMs of ${UNITS}, ${BATCH} x ${STEPS} letters, ${layout.total} parameters`,
      value,
      unit: "ms",
      against: before ? `PyTorch ${before[0]}, one thread, the same run` : null,
      ratio: before && after ? Math.min(Number(before[1]), Number(after[1])) / value : null,
    },
  ];
}

function drawInputs(): Arrays {
  const random = createRandom("sequence step");
  const letters = () => Int32Array.from({ length: BATCH * STEPS }, () => random.integer(LETTERS));
  return {
    "field.letters": letters(),
    "field.next": letters(),
    parameters: initializeParameters(layout, random),
    firstMoment: new Float32Array(layout.total),
    secondMoment: new Float32Array(layout.total),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(1e-3),
  };
}
