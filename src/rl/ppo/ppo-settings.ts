// The numbers that PPO is set by.
import type { EncoderName } from "../../nn/image-encoder.js";
import { DISTILLATION_DEFAULTS, type DistillationSettings } from "../imitation/dagger-settings.js";

/** Settings of proximal policy optimisation; names follow CleanRL. */
export interface PpoSettings {
  /** Environment steps to train for. */
  readonly totalSteps: number;
  /** Environments side by side. */
  readonly numEnvs: number;
  /** Environments stepped and inferred as one batch; divides `numEnvs`. */
  readonly envsPerGroup: number;
  /** Steps of each environment per iteration. */
  readonly numSteps: number;
  /** Passes over the steps of a rollout. */
  readonly numEpochs: number;
  /** Divides `numEnvs * numSteps`. */
  readonly numMinibatches: number;
  /** Discount of rewards per control step. */
  readonly gamma: number;
  /** Decay of generalised advantage estimation. */
  readonly gaeLambda: number;
  /** Clip range of the probability ratio. */
  readonly clipCoef: number;
  /** Weight of the entropy bonus. */
  readonly entropyCoef: number;
  /** Weight of the value loss. */
  readonly valueCoef: number;
  /** Gradients are scaled down to this norm. */
  readonly maxGradNorm: number;
  /** Adam's step size at the start. */
  readonly learningRate: number;
  /** "kl" keeps the update's KL divergence around `targetKl`; "linear" falls to 0; "constant" stays. */
  readonly learningRateSchedule: "kl" | "linear" | "constant";
  /** KL divergence that the adaptive learning rate is led by. */
  readonly targetKl: number;
  /** Rewards are multiplied by this before advantages are computed. */
  readonly rewardScale: number;
  /** Divide rewards by the running standard deviation of the discounted return first, and clip them to ±10. */
  readonly normalizeReturn: boolean;
  /** Units per hidden layer. */
  readonly hiddenSize: number;
  /** Logarithm of the actions' standard deviation at first; raised to `minLogStd` where it is below. */
  readonly initialLogStd: number;
  /** What it never falls below. */
  readonly minLogStd: number;
  /** Environment steps between validations. */
  readonly evalInterval: number;
  /** Episodes per validation. */
  readonly validationEpisodes: number;
  /** Training ends when this share of the validation episodes succeeds twice in a row; above 1 it never does. */
  readonly stopAtSuccess: number;
  /**
   * Training ends when the last three validations together show, with 95 % confidence (Wilson's interval), at least this
   * success: more of it could gain next to nothing. Above 1 it never does. With 104 episodes each, 0.975 asks for 310 of 312.
   */
  readonly settledSuccess: number;
  /** Passes over the demonstrations, where training starts from some. */
  readonly bcEpochs: number;
  /** First iterations in which only the critic learns. */
  readonly criticWarmupIterations: number;
  /**
   * Whether observations stay normalised as they were in the demonstrations or for the policy started from. Statistics that keep changing shift the
   * inputs of a policy that already acts to the millimetre, and it unlearns what it knew.
   */
  readonly freezeNormalizer: boolean;
  /** Of agents with a choice of memory: what remembers. */
  readonly memory?: "lstm" | "gru" | "none";
  /** Of agents with memory: steps of a sequence that is learnt from in a piece; at most `numSteps`, which is the default. */
  readonly sequenceLength?: number;
  /**
   * Of agents with memory: steps at the start of a sequence that only bring its memory up to the present parameters and
   * are learnt from in the sequence before. Default 0.
   */
  readonly burnIn?: number;
  /** Of agents with memory: steps that it is made to bridge at first (chrono initialisation); 0: no more than usual. */
  readonly chronoSpan?: number;
  /** Whether the first episodes are cut short so that episodes do not end all at once; default true. */
  readonly staggerEpisodes?: boolean;
  /** Of agents that see: what reads images, "patch" (the default) or "nature". */
  readonly encoder?: EncoderName;
  /** Of agents that learn to predict where things are: weight of that error; default 0. */
  readonly auxiliaryCoef?: number;
  /** How a teacher is imitated, where there is one. */
  readonly distillation?: DistillationSettings;
}

/** Known to be good for the tasks of a robot cell. */
export const PPO_DEFAULTS: PpoSettings = {
  totalSteps: 1_000_000,
  numEnvs: 32,
  envsPerGroup: 8,
  numSteps: 64,
  numEpochs: 10,
  numMinibatches: 4,
  gamma: 0.95,
  gaeLambda: 0.95,
  clipCoef: 0.2,
  entropyCoef: 0.001,
  valueCoef: 0.5,
  maxGradNorm: 0.5,
  learningRate: 1e-3,
  learningRateSchedule: "kl",
  targetKl: 0.015,
  rewardScale: 0.25,
  normalizeReturn: false,
  hiddenSize: 64,
  initialLogStd: -0.5,
  minLogStd: -2.5,
  evalInterval: 40_960,
  validationEpisodes: 104,
  stopAtSuccess: 2,
  settledSuccess: 0.975,
  bcEpochs: 30,
  criticWarmupIterations: 0,
  freezeNormalizer: false,
  distillation: DISTILLATION_DEFAULTS,
};

/** By which every agent's settings differ where a teacher is imitated. */
export const TEACHER_DEFAULTS: Partial<PpoSettings> = {
  numSteps: 32,
  learningRate: 3e-3,
  maxGradNorm: 1,
  evalInterval: 8192,
};

/**
 * By which every agent's settings differ where training starts from a trained policy: little exploration around what it
 * does, small steps, and first a critic that knows it.
 */
export const FINE_TUNING_DEFAULTS: Partial<PpoSettings> = {
  criticWarmupIterations: 5,
  freezeNormalizer: true,
  learningRate: 3e-4,
  learningRateSchedule: "kl",
  initialLogStd: -1.6,
  minLogStd: -2,
};
