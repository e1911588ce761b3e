// PPO with a memory: what was seen before still counts when it can no longer be seen.
import * as tf from "@tensorflow/tfjs-core";
import { type AgentDefinition, type Policy, PPO_DEFAULTS, type PpoSettings } from "../src/index.js";
import {
  dense,
  denseSpecs,
  gruCell,
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

/**
 * Encoder, memory, then heads for actor and critic that see both the encoding and what is remembered.
 *
 * The learning rate falls to 0: the KL-adaptive one starves a memory that is still to be learnt. Episodes are not
 * staggered, so that where they all last `numSteps` a sequence is an episode.
 */
export const ppoLstm: AgentDefinition = {
  id: "ppo-lstm",
  description:
    "PPO with a memory (LSTM; GRU or none by setting): for tasks where what matters is not always seen.",
  settings: {
    ...PPO_DEFAULTS,
    numEnvs: 64,
    numSteps: 50,
    numEpochs: 6,
    learningRate: 7e-4,
    learningRateSchedule: "linear",
    memory: "lstm",
    sequenceLength: 50,
    burnIn: 0,
    chronoSpan: 50,
    staggerEpisodes: false,
  },
  fromPolicy: { totalSteps: 160_000, learningRateSchedule: "linear" },
  tuned: {
    "RememberGoal-v1": { settings: { totalSteps: 480_000 }, trainEnv: TRAINING_SOLVER },
    "Occluded-v1": { settings: { totalSteps: 480_000 }, trainEnv: TRAINING_SOLVER },
    // a wide spread would crush every box before any was lifted
    "HiddenMass-v1": { settings: { totalSteps: 480_000, initialLogStd: -1.5 }, trainEnv: TRAINING_SOLVER },
  },
  createPolicy: (observationSize, actionSize, settings) =>
    memoryPolicy(observationSize, actionSize, settings, CELLS[settings.memory ?? "none"]),
};

function memoryPolicy(
  observationSize: number,
  actionSize: number,
  { hiddenSize: units, chronoSpan = 0, initialLogStd, minLogStd }: PpoSettings,
  cell: MemoryCell | undefined,
): Policy {
  const layout = parameterLayout([
    ...denseSpecs("encoder", [observationSize, units], { output: Math.SQRT2 }),
    ...(cell
      ? memorySpecs("memory", cell, units, units, chronoSpan)
      : denseSpecs("no_memory", [units, units], { output: Math.SQRT2 })),
    ...denseSpecs("actor", [2 * units, units, actionSize], { output: 0.01 }),
    ...denseSpecs("critic", [2 * units, units, 1]),
    { name: "log_std", shape: [actionSize], initialization: { kind: "constant", value: initialLogStd } },
  ]);
  return {
    layout,
    observationSize,
    actionSize,
    ...(cell ? { memory: cell.parts.map((name) => ({ name, size: units })) } : {}),
    apply(flat, observations, remembered) {
      const parameters = splitParameters(flat, layout);
      const encoding = tf.tanh(dense(observations, parameters, "encoder/0"));
      const run = cell && runMemory(cell, encoding, remembered!, parameters, "memory");
      const recalled = run?.outputs ?? tf.tanh(dense(encoding, parameters, "no_memory/0"));
      const seen: tf.Tensor2D = tf.concat([encoding, recalled], 1);
      return {
        mean: multilayerPerceptron(seen, parameters, "actor", 2),
        logStd: tf.maximum(parameters.log_std as tf.Tensor1D, minLogStd),
        value: tf.squeeze(multilayerPerceptron(seen, parameters, "critic", 2), [1]),
        ...(run ? { memory: run.memory } : {}),
      };
    },
  };
}
