// One PPO update of an image encoder with LSTM: 64 x 64 x 3 pixels, 32 steps of 8 environments, 128 units.
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { Arrays, CompiledFunction } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import type { TensorFunction, TensorSpecs } from "../../src/compile/trace/trace.js";
import { createRandom } from "../../src/math/random.js";
import { type ImageShape, natureEncoder, natureSpecs } from "../../src/nn/convolution.js";
import { dense, denseSpecs } from "../../src/nn/dense.js";
import { lstmCell } from "../../src/nn/lstm.js";
import { memorySpecs, runMemory } from "../../src/nn/memory-cell.js";
import {
  initializeParameters,
  type ParameterSpec,
  parameterLayout,
  splitParameters,
} from "../../src/nn/parameters.js";
import { patchEncoder, patchEncoderSpecs } from "../../src/nn/patch-encoder.js";
import type { Policy } from "../../src/rl/policy.js";
import { PPO_DEFAULTS } from "../../src/rl/ppo/ppo-settings.js";
import { ppoUpdate, ppoUpdateInputs } from "../../src/rl/ppo/ppo-update.js";
import { pythonWith, runPython } from "./python-peer.js";

const IMAGE: ImageShape = [64, 64, 3];
const [STEPS, ENVS, UNITS, FEATURES, ACTIONS] = [32, 8, 128, 128, 4];
const ROWS = STEPS * ENVS;
const MEMORY = lstmCell.parts.map((name) => ({ name, size: UNITS }));
const TORCH = fileURLToPath(new URL("../../../test/bench/recurrent-update-torch.py", import.meta.url));

/** Measure both encoders turn by turn, PyTorch before and after them; the least processor time of each counts. */
export async function run(): Promise<BenchRow[]> {
  const engine = await loadEngine("native");
  const updates = await Promise.all(
    [natureUpdate(), patchUpdate()].map(async ({ fn, specs, inputs }) => {
      return { compiled: await engine.compile(fn, specs), inputs, times: [] as number[] };
    }),
  );
  const python = pythonWith("torch", "torch");
  const before = torchUpdate(python);
  for (let round = 0; round < 30; round++)
    for (const { compiled, inputs, times } of updates) times.push(await milliseconds(compiled, inputs));
  const after = torchUpdate(python);
  const [nature, patch] = updates.map(({ times }) => Math.min(...times)) as [number, number];
  const torch = before && after && { ...before, value: Math.min(before.value, after.value) };
  const title = "PPO update, 64x64x3 pixels, LSTM 128, 32 steps x 8 environments";
  const besideTorch = (what: string, value: number): BenchRow => ({
    what,
    value,
    unit: "ms",
    against: torch ? `${torch.name}, Nature-CNN, one thread, the same run` : null,
    ratio: torch ? torch.value / value : null,
  });
  return [
    besideTorch(`${title}, Nature-CNN`, nature),
    {
      what: "the same, patch encoder",
      value: patch,
      unit: "ms",
      against: "Nature-CNN",
      ratio: nature / patch,
    },
    besideTorch("the patch encoder against PyTorch's Nature-CNN", patch),
  ];
}

/** Return what PyTorch takes for one update, ms; undefined where it is not to be had. */
function torchUpdate(
  python: string | undefined,
): { readonly name: string; readonly value: number } | undefined {
  if (python === undefined) return undefined;
  const [version, value] = runPython(python, TORCH).split(" ");
  return { name: `PyTorch ${version}`, value: Number(value) };
}

interface Update {
  readonly fn: TensorFunction;
  readonly specs: TensorSpecs;
  readonly inputs: Arrays;
}

type Encode = (images: tf.Tensor, parameters: Readonly<Record<string, tf.Tensor>>) => tf.Tensor2D;

function natureUpdate(): Update {
  const encode: Encode = (images, parameters) => natureEncoder(images as tf.Tensor4D, parameters, "encoder");
  return update(natureSpecs("encoder", IMAGE, FEATURES), [ROWS, ...IMAGE], encode);
}

function patchUpdate(): Update {
  const size = IMAGE.reduce((product, length) => product * length, 1);
  const encode: Encode = (images, parameters) =>
    patchEncoder(images as tf.Tensor2D, IMAGE, parameters, "encoder");
  return update(patchEncoderSpecs("encoder", IMAGE, FEATURES), [ROWS, size], encode);
}

/** Encoder, LSTM and heads as a policy, updated by the library's own PPO step with the images among the observations. */
function update(
  encoderSpecs: readonly ParameterSpec[],
  imageShape: readonly number[],
  encode: Encode,
): Update {
  const layout = parameterLayout([
    ...encoderSpecs,
    ...memorySpecs("memory", lstmCell, FEATURES, UNITS),
    ...denseSpecs("actor", [UNITS, ACTIONS], { output: 0.01 }),
    ...denseSpecs("critic", [UNITS, 1]),
    { name: "log_std", shape: [ACTIONS], initialization: { kind: "constant", value: 0 } },
  ]);
  const specs: TensorSpecs = {
    ...ppoUpdateInputs({ layout, observationSize: 1, actionSize: ACTIONS, memory: MEMORY }, ROWS, ENVS),
    images: { shape: imageShape, dtype: "uint8" },
  };
  const fn: TensorFunction = (tensors) => {
    const policy: Policy = {
      layout,
      observationSize: 1,
      actionSize: ACTIONS,
      memory: MEMORY,
      apply(flat, _, remembered) {
        const parameters = splitParameters(flat, layout);
        const features = encode(tensors.images!, parameters);
        const { outputs, memory } = runMemory(lstmCell, features, remembered!, parameters, "memory");
        return {
          mean: dense(outputs, parameters, "actor/0"),
          logStd: parameters.log_std as tf.Tensor1D,
          value: tf.squeeze(dense(outputs, parameters, "critic/0"), [1]),
          memory,
        };
      },
    };
    return ppoUpdate(policy, PPO_DEFAULTS)(tensors);
  };
  const random = createRandom("recurrent update");
  const inputs: Arrays = Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => {
      const length = shape.reduce((product, n) => product * n, 1);
      if (dtype === "uint8") return [name, Uint8Array.from({ length }, () => random.integer(256))];
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
  const { total } = layout;
  return {
    fn,
    specs,
    inputs: {
      ...inputs,
      parameters: initializeParameters(layout, random),
      firstMoment: new Float32Array(total),
      secondMoment: new Float32Array(total),
      step: Float32Array.of(0),
      learningRate: Float32Array.of(3e-4),
      logProbs: new Float32Array(ROWS).fill(-5),
      starts: new Float32Array(ROWS),
      weights: new Float32Array(ROWS).fill(1),
    },
  };
}

async function milliseconds(compiled: CompiledFunction, inputs: Arrays): Promise<number> {
  const start = process.cpuUsage();
  await compiled.run(inputs);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
