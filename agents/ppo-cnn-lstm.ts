// PPO, or a teacher's student, that sees and remembers: cameras and what the robot knows of itself, nothing else.
import * as tf from "@tensorflow/tfjs-core";
import {
  type AgentDefinition,
  DISTILLATION_DEFAULTS,
  type EnvInfo,
  type Policy,
  PPO_DEFAULTS,
  type PpoSettings,
  unseenLengths,
} from "../src/index.js";
import {
  dense,
  denseSpecs,
  gruCell,
  IMAGE_FEATURES,
  imageEncoder,
  lstmCell,
  type MemoryCell,
  memorySpecs,
  multilayerPerceptron,
  parameterLayout,
  runMemory,
  splitParameters,
} from "../src/nn.js";

/** Enough while training; evaluation keeps the environment's own, finer setting. */
const TRAINING_SOLVER = { solver: { iterations: 10, tolerance: 1e-3 } };

const CELLS: Readonly<Record<string, MemoryCell>> = { lstm: lstmCell, gru: gruCell };
/** Numbers that the robot's own state comes down to. */
const STATE_FEATURES = 32;
const ACTOR_HIDDEN = [128, 64];

/**
 * Image encoder and a layer for the robot's own state, then memory; the actor sees both and what is remembered.
 *
 * In observation mode "camera" the critic reads the full state, which only the simulator knows (Pinto et al.,
 * "Asymmetric actor critic", 2018), and the actor learns besides to say where things are: the lengths that the full state
 * holds and its own does not.
 */
export const ppoCnnLstm: AgentDefinition = {
  id: "ppo-cnn-lstm",
  description: "Sees by cameras and remembers (LSTM; GRU or none by setting); needs --obs camera.",
  readsImages: true,
  settings: {
    ...PPO_DEFAULTS,
    numEpochs: 4,
    initialLogStd: -1,
    memory: "lstm",
    sequenceLength: 16,
    burnIn: 0,
    chronoSpan: 0,
    encoder: "patch",
    auxiliaryCoef: 0.5,
    staggerEpisodes: true,
  },
  // with more, its little spread makes the first steps of a fresh optimiser far too long
  fromPolicy: { totalSteps: 131_072, evalInterval: 16_384, criticWarmupIterations: 8, learningRate: 5e-5 },
  fromTeacher: { totalSteps: 65_536, sequenceLength: 8 },
  tuned: {
    "Reach-v1": {
      settings: { totalSteps: 147_456, evalInterval: 16_384, validationEpisodes: 48, stopAtSuccess: 1 },
      trainEnv: TRAINING_SOLVER,
      fromTeacher: { totalSteps: 32_768 },
    },
    "PickPlace-v1": {
      // by PPO alone from a pre-trained encoder; it goes on exploring as the policy on the state does
      settings: {
        totalSteps: 786_432,
        initialLogStd: -0.5,
        minLogStd: -1.2,
        targetKl: 0.02,
        evalInterval: 65_536,
      },
      trainEnv: TRAINING_SOLVER,
    },
    "Stack-v1": {
      trainEnv: TRAINING_SOLVER,
      fromTeacher: { totalSteps: 98_304, evalInterval: 16_384 },
    },
    "Sort-v1": {
      trainEnv: TRAINING_SOLVER,
      fromTeacher: { totalSteps: 196_608, evalInterval: 32_768 },
    },
    "RememberGoal-v1": {
      trainEnv: TRAINING_SOLVER,
      // whole episodes: what is seen in the first steps is of use in the last
      fromTeacher: {
        totalSteps: 96_000,
        numSteps: 50,
        sequenceLength: 50,
        chronoSpan: 50,
        staggerEpisodes: false,
        evalInterval: 16_000,
        distillation: { ...DISTILLATION_DEFAULTS, batchSize: 300, bufferSize: 24_000 },
      },
    },
  },
  createPolicy(stateSize, actionSize, settings, spec) {
    if (!spec) throw new Error("ppo-cnn-lstm is made for an environment's spec");
    return seeingPolicy(stateSize, actionSize, settings, spec);
  },
};

function seeingPolicy(stateSize: number, actionSize: number, settings: PpoSettings, spec: EnvInfo): Policy {
  const { image, privileged = [] } = spec;
  const { hiddenSize: units, chronoSpan = 0, initialLogStd, minLogStd, encoder: kind = "patch" } = settings;
  const { height, width, channels } = image!;
  const cell = CELLS[settings.memory ?? "none"];
  const encoder = imageEncoder(kind, "encoder", [height, width, channels], IMAGE_FEATURES);
  const targets = unseenLengths(spec);
  const seen = IMAGE_FEATURES + STATE_FEATURES + (cell ? units : 0);
  const judged = privileged.length > 0 ? privileged.length : seen;
  const layout = parameterLayout([
    ...encoder.specs,
    ...denseSpecs("state", [stateSize, STATE_FEATURES], { output: Math.SQRT2 }),
    ...(cell ? memorySpecs("memory", cell, IMAGE_FEATURES + STATE_FEATURES, units, chronoSpan) : []),
    ...(targets.length > 0 ? denseSpecs("where", [seen, targets.length], { output: 0.3 }) : []),
    ...denseSpecs("actor", [seen + targets.length, ...ACTOR_HIDDEN, actionSize], { output: 0.1 }),
    ...denseSpecs("critic", [judged, units, units, 1]),
    { name: "log_std", shape: [actionSize], initialization: { kind: "constant", value: initialLogStd } },
  ]);
  return {
    layout,
    observationSize: stateSize + privileged.length,
    privilegedSize: privileged.length,
    actionSize,
    image: encoder,
    ...(targets.length > 0 ? { predicts: targets.map(({ index }) => stateSize + index) } : {}),
    ...(cell ? { memory: cell.parts.map((name) => ({ name, size: units })) } : {}),
    apply(flat, observations, remembered, images) {
      const parameters = splitParameters(flat, layout);
      const [own, full] =
        privileged.length > 0
          ? (tf.split(observations, [stateSize, privileged.length], 1) as [tf.Tensor2D, tf.Tensor2D])
          : [observations, undefined];
      const pictures = encoder.apply(images!, parameters);
      const state: tf.Tensor2D = tf.tanh(dense(own, parameters, "state/0"));
      const now: tf.Tensor2D = tf.concat([pictures, state], 1);
      const run = cell && runMemory(cell, now, remembered!, parameters, "memory");
      const all: tf.Tensor2D = run ? tf.concat([now, run.outputs], 1) : now;
      const where = targets.length > 0 ? dense(all, parameters, "where/0") : undefined;
      const acted: tf.Tensor2D = where ? tf.concat([all, where], 1) : all;
      const value = multilayerPerceptron(full ?? all, parameters, "critic", 3);
      return {
        mean: multilayerPerceptron(acted, parameters, "actor", ACTOR_HIDDEN.length + 1),
        logStd: tf.maximum(parameters.log_std as tf.Tensor1D, minLogStd),
        value: tf.squeeze(value, [1]),
        ...(run ? { memory: run.memory } : {}),
        ...(where ? { predicted: where } : {}),
        ...(where && full ? { auxiliaryError: squaredError(where, full, targets) } : {}),
      };
    },
  };
}

/** Mean squared error of each row's prediction of the entries `targets` of the full state. */
function squaredError(
  predicted: tf.Tensor2D,
  full: tf.Tensor2D,
  targets: readonly { readonly index: number }[],
): tf.Tensor1D {
  const columns = targets.map(({ index }) => tf.slice(full, [0, index], [full.shape[0], 1]));
  return tf.mean(tf.square(tf.sub(predicted, tf.concat(columns, 1))), 1);
}
