// One step of training a classifier of 28 x 28 pixels: Conv 3x3 32, pool, Conv 3x3 64, pool, Dense 10; 64 images, Adam.
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
import { convolution, convolutionSpecs, maxPool } from "../../src/nn/image-layers.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";
import { pythonWith, runPython } from "./python-peer.js";

const [BATCH, SIDE, CLASSES] = [64, 28, 10];
const TURNS = 4;
const TORCH = fileURLToPath(new URL("../../../test/bench/classifier-step-torch.py", import.meta.url));

const layout = parameterLayout([
  ...convolutionSpecs("0", 3, 1, 32),
  ...convolutionSpecs("1", 3, 32, 64),
  ...denseSpecs("out", [5 * 5 * 64, CLASSES]),
]);

const fields: Readonly<Record<string, DataField>> = {
  image: { shape: [SIDE, SIDE, 1], dtype: "uint8" },
  digit: { shape: [], dtype: "int32" },
};

const network: PredictorNetwork = {
  model: {
    layout,
    inputs: { image: { shape: [SIDE, SIDE, 1], dtype: "uint8" } },
    outputs: { logits: { shape: [CLASSES] } },
    apply(flat, { image }) {
      const p = splitParameters(flat, layout);
      const pixels: tf.Tensor4D = tf.mul(image as tf.Tensor4D, 1 / 255);
      // the same as the pool of a relu, by a quarter of the work; so does PyTorch's
      const first = tf.relu(maxPool(convolution(pixels, p, "0", { pad: "valid" })));
      const second = tf.relu(maxPool(convolution(first, p, "1", { pad: "valid" })));
      return { logits: dense(tf.reshape(second, [BATCH, -1]), p, "out/0") };
    },
  },
  objectives: [{ output: "logits", target: "digit", loss: "cross-entropy" }],
};

/** Measure PyTorch and the library's own update turn by turn; the least processor time of each counts. */
export async function run(): Promise<BenchRow[]> {
  const plan = { network, fields };
  const engine = await loadEngine("native");
  const compiled = await engine.compile(
    updateFunction(plan, FIT_DEFAULTS, {}),
    updateInputs(plan, BATCH, {}),
  );
  const inputs = drawInputs();
  const python = pythonWith("torch", "torch");
  const [times, peers]: [number[], number[]] = [[], []];
  let version = "";
  for (let turn = 0; turn < TURNS; turn++) {
    if (python !== undefined) {
      const [name, milliseconds] = runPython(python, TORCH).split(" ");
      version = name!;
      peers.push(Number(milliseconds));
    }
    for (let round = 0; round < 40; round++) {
      const start = process.cpuUsage();
      await compiled.run(inputs);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
  }
  const value = Math.min(...times);
  return [
    {
      what: `training step of a classifier, ${BATCH} images of 28 x 28, ${layout.total} parameters`,
      value,
      unit: "ms",
      against: version ? `PyTorch ${version}, one thread, the faster layout, the same run` : null,
      ratio: peers.length > 0 ? Math.min(...peers) / value : null,
    },
  ];
}

function drawInputs(): Arrays {
  const random = createRandom("classifier step");
  return {
    "field.image": Uint8Array.from({ length: BATCH * SIDE ** 2 }, () => random.integer(256)),
    "field.digit": Int32Array.from({ length: BATCH }, () => random.integer(CLASSES)),
    parameters: initializeParameters(layout, random),
    firstMoment: new Float32Array(layout.total),
    secondMoment: new Float32Array(layout.total),
    step: Float32Array.of(0),
    learningRate: Float32Array.of(1e-3),
  };
}
