// One PPO update of a 2x64 network with minibatches of 64, against TensorFlow.js run eagerly in WebAssembly.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { Arrays } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { ppoUpdate, ppoUpdateInputs } from "../../src/rl/ppo/ppo-update.js";
import { median } from "./child.js";

const BATCH = 64;
const OBSERVATIONS = 24;
const ACTIONS = 7;

/** Measure both, turn by turn, in one run. */
export async function run(): Promise<BenchRow[]> {
  const policy = ppoMlp.createPolicy(OBSERVATIONS, ACTIONS, ppoMlp.settings);
  const update = ppoUpdate(policy, ppoMlp.settings);
  const specs = ppoUpdateInputs(policy, BATCH);
  const random = createRandom("update");
  const inputs: Arrays = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const length = shape.reduce((product, n) => product * n, 1);
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
  inputs.parameters = initializeParameters(policy.layout, random);
  for (const name of ["firstMoment", "secondMoment"]) inputs[name] = new Float32Array(policy.layout.total);
  inputs.step = Float32Array.of(0);
  inputs.learningRate = Float32Array.of(3e-4);
  inputs.logProbs = Float32Array.from({ length: BATCH }, () => -8);
  const compiled = await (await loadEngine("native")).compile(update, specs);
  // the eager engine of the reference registers our gradients; its backend is exchanged below
  await loadEngine("reference");
  setWasmPaths(
    new URL("../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname,
  );
  await tf.setBackend("wasm");
  const eager = () =>
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries(specs).map(([name, { shape }]) => [
          name,
          tf.tensor(inputs[name]!.slice(), [...shape]),
        ]),
      );
      return Object.values(update(tensors)).map((tensor) => tensor.dataSync())[0];
    });
  const [native, wasm]: [number[], number[]] = [[], []];
  for (let round = 0; round < 12; round++) {
    native.push(await milliseconds(200, () => compiled.run(inputs)));
    wasm.push(await milliseconds(20, async () => eager()));
  }
  const [ours, theirs] = [median(native.slice(2)), median(wasm.slice(2))];
  const against = "TensorFlow.js wasm, eager";
  return [
    {
      what: "PPO update, 2x64, minibatch 64, compiled",
      value: ours,
      unit: "ms",
      against,
      ratio: theirs / ours,
    },
    { what: "the same, TensorFlow.js wasm eager", value: theirs, unit: "ms", against: null, ratio: null },
  ];
}

async function milliseconds(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) await work();
  return (performance.now() - start) / count;
}
