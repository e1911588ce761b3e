// PPO with two small networks side by side: one acts, one judges.
import * as tf from "@tensorflow/tfjs-core";
import {
  type AgentDefinition,
  DISTILLATION_DEFAULTS,
  FINE_TUNING_DEFAULTS,
  PPO_DEFAULTS,
} from "../src/index.js";
import { denseSpecs, multilayerPerceptron, parameterLayout, splitParameters } from "../src/nn.js";

const NUM_LAYERS = 3;
/** Enough while training; evaluation keeps the environment's own, finer setting. */
const TRAINING_SOLVER = { solver: { iterations: 10, tolerance: 1e-3 } };

/** Separate actor and critic of two hidden tanh layers each; standard deviation independent of the state. */
export const ppoMlp: AgentDefinition = {
  id: "ppo-mlp",
  description: "PPO on the state: two hidden tanh layers for the actor, two for the critic.",
  settings: PPO_DEFAULTS,
  fromDemonstrations: { ...FINE_TUNING_DEFAULTS, bcEpochs: 60 },
  // many small steps on all that was ever seen, and little noise: what is taught here is a matter of millimetres
  fromTeacher: {
    totalSteps: 122_880,
    hiddenSize: 128,
    learningRate: 1e-3,
    distillation: { ...DISTILLATION_DEFAULTS, numUpdates: 800, bufferSize: 196_608, noise: 0.03 },
  },
  tuned: {
    "Reach-v1": {
      settings: { totalSteps: 49_152, evalInterval: 8192, validationEpisodes: 48, stopAtSuccess: 1 },
      trainEnv: TRAINING_SOLVER,
    },
    "Lift-v1": {
      settings: { totalSteps: 204_800, minLogStd: -1.2 },
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 61_440, evalInterval: 20_480 },
    },
    "Push-v1": {
      // falls to 0 at the end: the last centimetre is learned by small steps
      settings: { totalSteps: 786_432, minLogStd: -1.2, learningRateSchedule: "linear" },
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 122_880, evalInterval: 20_480 },
    },
    "PickPlace-v1": {
      settings: { totalSteps: 696_320, minLogStd: -1.2 },
      // a late observation wants small, even movements: less noise, and a learning rate that falls to 0
      randomized: { totalSteps: 1_500_000, minLogStd: -1.7, learningRateSchedule: "linear" },
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 122_880, evalInterval: 20_480 },
    },
    "Stack-v1": {
      settings: { totalSteps: 6_000_000, gamma: 0.97, minLogStd: -1.2 },
      learnedFrom: "demonstrations",
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 163_840, evalInterval: 20_480 },
    },
    "StackTower-v1": {
      settings: { totalSteps: 20_000_000, gamma: 0.97, minLogStd: -1.2 },
      learnedFrom: "demonstrations",
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 409_600 },
    },
    "Sort-v1": {
      settings: { totalSteps: 20_000_000, gamma: 0.97, minLogStd: -1.2 },
      learnedFrom: "demonstrations",
      trainEnv: TRAINING_SOLVER,
      // from 500 demonstrations and with little noise: else PPO learns to hold the last cube rather than to miss its tray
      fromDemonstrations: {
        totalSteps: 122_880,
        evalInterval: 20_480,
        criticWarmupIterations: 10,
        initialLogStd: -2.5,
        minLogStd: -3,
      },
    },
    "Slide-v1": {
      // the hit is a matter of millimetres: little noise, and a learning rate that falls to 0
      settings: { totalSteps: 4_000_000, gamma: 0.98, minLogStd: -3, learningRateSchedule: "linear" },
      learnedFrom: "teacher",
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 204_800, gamma: 0.98, initialLogStd: -2.6, minLogStd: -3.5 },
    },
    "Drawer-v1": {
      settings: { totalSteps: 409_600 },
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 81_920 },
    },
    "PegInsert-v1": {
      settings: { totalSteps: 20_000_000, gamma: 0.97, minLogStd: -2.5 },
      learnedFrom: "teacher",
      trainEnv: TRAINING_SOLVER,
      // actions that vary by 2.5 mm: the clearance is 2 mm
      fromDemonstrations: { totalSteps: 409_600, initialLogStd: -3, minLogStd: -3.2 },
    },
    "Handover-v1": {
      settings: { totalSteps: 10_000_000, gamma: 0.97, minLogStd: -1.2 },
      learnedFrom: "demonstrations",
      trainEnv: TRAINING_SOLVER,
      // small steps with little noise, and a critic that knows the whole way first: else PPO unlearns to give, and learns it anew
      fromDemonstrations: {
        totalSteps: 61_440,
        evalInterval: 8192,
        gamma: 0.97,
        targetKl: 0.005,
        learningRate: 1e-4,
        criticWarmupIterations: 10,
        initialLogStd: -2.5,
        minLogStd: -3,
      },
    },
    "BinPick-v1": {
      settings: { totalSteps: 10_000_000, gamma: 0.97, minLogStd: -1.2 },
      learnedFrom: "demonstrations",
      trainEnv: TRAINING_SOLVER,
      fromDemonstrations: { totalSteps: 102_400, evalInterval: 20_480 },
    },
  },
  createPolicy(observationSize, actionSize, { hiddenSize, initialLogStd, minLogStd }) {
    const hidden = [hiddenSize, hiddenSize];
    const layout = parameterLayout([
      ...denseSpecs("actor", [observationSize, ...hidden, actionSize], { output: 0.01 }),
      ...denseSpecs("critic", [observationSize, ...hidden, 1]),
      { name: "log_std", shape: [actionSize], initialization: { kind: "constant", value: initialLogStd } },
    ]);
    return {
      layout,
      observationSize,
      actionSize,
      apply(flat, observations) {
        const parameters = splitParameters(flat, layout);
        return {
          mean: multilayerPerceptron(observations, parameters, "actor", NUM_LAYERS),
          logStd: tf.maximum(parameters.log_std as tf.Tensor1D, minLogStd),
          value: tf.squeeze(multilayerPerceptron(observations, parameters, "critic", NUM_LAYERS), [1]),
        };
      },
    };
  },
};
