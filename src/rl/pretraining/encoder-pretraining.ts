// Pre-train an image encoder before reinforcement learning: regress where objects are in sampled scenes.
import type { Arrays, CompiledFunction, EngineName } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { blaming } from "../../env/blaming.js";
import type { Env, EnvFactory } from "../../env/env.js";
import { unseenLengths } from "../../env/env-info.js";
import type { ObservationEntry } from "../../env/observation.js";
import { type Callback, CallbackList, namedCallbacks } from "../../learn/callbacks.js";
import { tellingDivergence } from "../../learn/divergence.js";
import { fit } from "../../learn/fit.js";
import { exponentialRate } from "../../learn/learning-rate-schedule.js";
import { copyRows, drawnMinibatches } from "../../learn/minibatches.js";
import { Optimizer } from "../../learn/optimizer.js";
import { createRandom } from "../../math/random.js";
import { RunningStatistics } from "../../math/running-statistics.js";
import { UsageError } from "../../math/usage-error.js";
import type { EncoderName } from "../../nn/image-encoder.js";
import { initializeParameters, type ParameterLayout, partNamed } from "../../nn/parameters.js";
import { observationFloors } from "../observation-floor.js";
import { positionNetwork } from "./position-network.js";
import type { PretrainedEncoder } from "./pretrained-encoder.js";

/** What to learn from, and how. */
export interface PretrainingOptions {
  /** Whose scenes to learn from. */
  readonly env: EnvFactory;
  /** Overrides of the environment's config; its observation mode is "camera". */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** Default "patch". */
  readonly encoder?: EncoderName;
  /** Scenes to learn from, for about 8 epochs. */
  readonly scenes: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default "native". */
  readonly engine?: EngineName;
  /** Called, in their order and awaited, while it goes on; learning ends after the update where one returns false. */
  readonly callbacks?: readonly PretrainingCallback[];
  /** Called after each update, and waited for, with the share that is done. */
  readonly onProgress?: (share: number) => void | Promise<void>;
}

/** Something to do while an encoder is pre-trained; an iteration is one update, and the only evaluation is that at the end. */
export type PretrainingCallback = Callback<
  PretrainingReport,
  Pick<Pretraining, "heldOut" | "errors">,
  Pretraining
>;

/** What is reported after each update. */
export interface PretrainingReport {
  /** Updates so far. */
  readonly updates: number;
  /** Updates that it ends at. */
  readonly totalUpdates: number;
  /** Scenes drawn so far. */
  readonly scenes: number;
  /** By the tags that dashboards know: train/learning_rate; with what callbacks have logged. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How far off the encoder is on scenes that it never saw. */
export interface PretrainingError {
  /** What is predicted, for example "cube_from_tcp". */
  readonly what: string;
  /** Root mean square of the distance, m. */
  readonly error: number;
  /** The same of a guess that is always the mean, m. */
  readonly spread: number;
}

/** What pre-training ends with. */
export interface Pretraining {
  /** What `train` takes as `encoder`. */
  readonly encoder: PretrainedEncoder;
  /** Scenes, none of them learned from, that the errors are measured on: 1000, or as many as were learned from. */
  readonly heldOut: number;
  /** One per thing whose place is predicted. */
  readonly errors: readonly PretrainingError[];
}

const HELD_OUT_SCENES = 1000;

const BATCH_SIZE = 256;
/** How often each scene is learned from, on average. */
const REUSE = 8;
/** Scenes kept to learn from; the oldest make room. */
const KEPT_SCENES = 8192;
const LEARNING_RATE = 3e-3;
const FINAL_LEARNING_RATE = 2e-4;
/** Lengths are predicted in units of this, m. */
const LENGTH_UNIT = 0.1;

/** Scenes side by side. */
interface Scenes {
  readonly images: Uint8Array;
  /** Raw, of the robot itself. */
  readonly states: Float32Array;
  /** In `LENGTH_UNIT`. */
  readonly targets: Float32Array;
}

/** Train an encoder for the cameras of `env` to say where things are; the same options give the same bits. */
export async function pretrainEncoder(options: PretrainingOptions): Promise<Pretraining> {
  const { scenes: total, seed = 1, encoder: kind = "patch" } = options;
  const env = options.env.create({ ...options.envConfig, observationMode: "camera" });
  const targets = unseenLengths(env.spec);
  if (targets.length === 0)
    throw new UsageError(`${env.id} has no position to learn: its full state adds no length.`);
  const stateSize = env.spec.observation.length;
  const image = env.spec.image!;
  const network = positionNetwork(kind, image, stateSize, targets.length);
  const draw = (scenes: Scenes, at: number, name: string) =>
    drawScene(env, `${seed}/${name}`, { targets, order: network.order }, scenes, at);

  const capacity = Math.min(KEPT_SCENES, total);
  const kept = emptyScenes(capacity, network.bytes, stateSize, targets.length);
  let drawn = 0;
  const drawUntil = (count: number) => {
    for (; drawn < count; drawn++) draw(kept, drawn % capacity, `scene/${drawn}`);
  };
  drawUntil(Math.min(capacity, 4 * BATCH_SIZE));
  const statistics = new RunningStatistics(stateSize, observationFloors(env.spec.observation));
  statistics.update(kept.states.subarray(0, drawn * stateSize), drawn);

  const engine = await loadEngine(options.engine ?? "native");
  const random = createRandom(`${seed}/pretraining`);
  const optimizer = new Optimizer(
    initializeParameters(network.layout, createRandom(`${seed}/encoder`)),
    LEARNING_RATE,
  );
  const batch = emptyScenes(BATCH_SIZE, network.bytes, stateSize, targets.length);
  const update = await engine.compile(network.update, network.updateInputs(BATCH_SIZE));
  const updates = Math.ceil((REUSE * total) / BATCH_SIZE);
  let done = 0;
  const callbacks = new CallbackList<PretrainingCallback>(
    namedCallbacks(options.callbacks ?? []),
    () => ({ iteration: done, steps: done, totalSteps: updates }),
    (name) => name === "train/learning_rate",
  );
  await callbacks.call("onTrainingStart", (one, context) => one.onTrainingStart?.(context));
  const onBatch = async () => {
    done++;
    const metrics = callbacks.report({ "train/learning_rate": optimizer.learningRate });
    const report = { updates: done, totalUpdates: updates, scenes: drawn, metrics };
    await callbacks.call("onIteration", (one, context) => one.onIteration?.(report, context));
    callbacks.endIteration();
    await options.onProgress?.(done / updates);
    return !callbacks.stopped;
  };
  const numRows = (k: number) => {
    drawUntil(Math.round((total * (k + 1)) / updates));
    return Math.min(drawn, capacity);
  };
  const diverging = () => ({
    where: `${env.id}: pre-training diverged after ${drawn} of ${total} scenes`,
    settings: { learningRate: optimizer.learningRate, scenes: total },
    attempt: "another seed or more scenes",
  });
  await tellingDivergence(diverging, () =>
    fit({
      optimizer,
      update,
      minibatches: drawnMinibatches(
        { numBatches: callbacks.stopped ? 0 : updates, batchSize: BATCH_SIZE, numRows },
        random,
        (picked) => {
          copyScenes(kept, picked, batch);
          return inputsOf(batch, statistics);
        },
      ),
      losses: [],
      learningRate: (_, k) => exponentialRate(LEARNING_RATE, FINAL_LEARNING_RATE, k / updates),
      onBatch,
    }),
  );
  const predict = await engine.compile(network.predict, network.predictInputs(BATCH_SIZE));
  const heldOut = Math.min(HELD_OUT_SCENES, total);
  const held = emptyScenes(heldOut, network.bytes, stateSize, targets.length);
  for (let k = 0; k < heldOut; k++) draw(held, k, `held-out/${k}`);
  const errors = await measure(predict, optimizer.parameters, held, statistics, targets);
  await update.dispose();
  await predict.dispose();
  await callbacks.call("onEvaluation", (one, context) => one.onEvaluation?.({ heldOut, errors }, context));
  const parts = encoderParts(network.layout, optimizer.parameters);
  const result = { encoder: { kind, image, parts }, heldOut, errors };
  await callbacks.call("onTrainingEnd", (one, context) => one.onTrainingEnd?.(result, context));
  return result;
}

function emptyScenes(count: number, bytes: number, stateSize: number, numTargets: number): Scenes {
  return {
    images: new Uint8Array(count * bytes),
    states: new Float32Array(count * stateSize),
    targets: new Float32Array(count * numTargets),
  };
}

function drawScene(
  env: Env,
  seed: string,
  {
    targets,
    order,
  }: { readonly targets: readonly ObservationEntry[]; readonly order: Int32Array | undefined },
  scenes: Scenes,
  at: number,
): void {
  const { state, image, privileged } = blaming(env.id, "sampleScene()", () => env.sampleScene(seed));
  const bytes = image!.length;
  for (let k = 0; k < bytes; k++) scenes.images[at * bytes + k] = image![order ? order[k]! : k]!;
  scenes.states.set(state, at * state.length);
  for (const [k, { index }] of targets.entries())
    scenes.targets[at * targets.length + k] = privileged![index]! / LENGTH_UNIT;
}

function copyScenes(from: Scenes, picked: Int32Array, to: Scenes): void {
  const copy = <Values extends Float32Array | Uint8Array>(source: Values, target: Values) =>
    copyRows(source, picked, target, target.length / BATCH_SIZE);
  copy(from.images, to.images);
  copy(from.states, to.states);
  copy(from.targets, to.targets);
}

function inputsOf({ images, states, targets }: Scenes, statistics: RunningStatistics): Arrays {
  const normalized = new Float32Array(states.length);
  statistics.normalize(states, normalized, states.length / statistics.size);
  return { images, states: normalized, targets };
}

/** Measure the distance of what is predicted from what is, thing by thing. */
async function measure(
  predict: CompiledFunction,
  parameters: Float32Array,
  held: Scenes,
  statistics: RunningStatistics,
  targets: readonly ObservationEntry[],
): Promise<PretrainingError[]> {
  const width = targets.length;
  const total = held.targets.length / width;
  const truth = new RunningStatistics(width);
  truth.update(held.targets, total);
  const squares = new Float64Array(width);
  const batch: Scenes = {
    images: new Uint8Array((held.images.length / total) * BATCH_SIZE),
    states: new Float32Array(statistics.size * BATCH_SIZE),
    targets: new Float32Array(width * BATCH_SIZE),
  };
  for (let start = 0; start < total; start += BATCH_SIZE) {
    const count = Math.min(BATCH_SIZE, total - start);
    copyScenes(
      held,
      Int32Array.from({ length: count }, (_, row) => start + row),
      batch,
    );
    const { images, states } = inputsOf(batch, statistics);
    const { predicted } = await predict.run({ parameters, images: images!, states: states! });
    for (let k = 0; k < count * width; k++) squares[k % width]! += (predicted![k]! - batch.targets[k]!) ** 2;
  }
  const things = [...new Set(targets.map(({ name }) => thingOf(name)))];
  return things.map((what) => {
    const columns = [...targets.keys()].filter((k) => thingOf(targets[k]!.name) === what);
    const distance = (square: (k: number) => number) =>
      LENGTH_UNIT * Math.sqrt(columns.reduce((sum, k) => sum + square(k), 0));
    return {
      what,
      error: distance((k) => squares[k]! / total),
      spread: distance((k) => truth.variance[k]!),
    };
  });
}

/** Name what an entry is a coordinate of: "cube_from_tcp_x" is one of "cube_from_tcp". */
function thingOf(name: string): string {
  return name.replace(/_[xyz]$/, "");
}

function encoderParts(layout: ParameterLayout, flat: Float32Array): PretrainedEncoder["parts"] {
  return layout.specs
    .filter(({ name }) => name.startsWith("encoder/"))
    .map(({ name, shape }) => ({ name, shape: [...shape], values: partNamed(flat, layout, name)!.slice() }));
}
