// The numbers that PPO is set by: of the network, of the algorithm, and of validation.
import type { EncoderName } from "../../nn/image-encoder.js";
import { DISTILLATION_DEFAULTS, type DistillationSettings } from "../imitation/dagger-settings.js";

/**
 * Settings of proximal policy optimisation, flat; names follow CleanRL and Stable-Baselines3.
 *
 * Defaults are those of `PPO_DEFAULTS`; an agent, its tuning for an environment and the route that training begins by have others.
 */
export interface PpoSettings extends NetworkSettings, AlgorithmSettings, ValidationSettings {}

/** What the policy's network is made of, as far as its agent asks. */
export interface NetworkSettings {
  /** Units per hidden layer: 1 to 4096, default 64. */
  readonly hiddenSize: number;
  /** Logarithm of the actions' standard deviation at first, raised to `minLogStd` where it is below: -20 to 2, default -0.5. */
  readonly initialLogStd: number;
  /** What that logarithm never falls below, so that exploration continues: -20 to 2, default -2.5. */
  readonly minLogStd: number;
  /** Of agents with a choice of memory: what remembers, "lstm", "gru" or "none"; default: the agent's. */
  readonly memory?: "lstm" | "gru" | "none";
  /** Of agents with memory: steps that it is made to bridge at first (chrono initialisation), 0 to 1e6; 0: no more than usual. */
  readonly chronoSpan?: number;
  /** Of agents that see: what reads images, "patch" (the default) or "nature". */
  readonly encoder?: EncoderName;
}

/** How experience is collected, and how the network learns from it. */
export interface AlgorithmSettings {
  /** Environment steps to train for, of all environments together: 1 to 1e12, default 1,000,000. */
  readonly totalSteps: number;
  /** Environments side by side: 1 to 4096, default 32. */
  readonly numEnvs: number;
  /** Environments stepped and inferred as one batch; divides `numEnvs`, default 8. */
  readonly envsPerGroup: number;
  /** Steps of each environment per iteration: 1 to 65,536, default 64. */
  readonly numSteps: number;
  /** Whether the first episodes are cut short so that episodes do not end all at once; default true. */
  readonly staggerEpisodes?: boolean;
  /** Passes over the steps of a rollout, of which fewer are made where the policy moves too far: 1 to 1000, default 10. */
  readonly numEpochs: number;
  /** Minibatches of each pass; divides `numEnvs * numSteps`, or the number of sequences; default 4. */
  readonly numMinibatches: number;
  /** Discount of rewards per control step: 0 to 1, default 0.95. */
  readonly gamma: number;
  /** Decay of generalised advantage estimation: 0 (one-step errors) to 1 (whole returns), default 0.95. */
  readonly gaeLambda: number;
  /** Clip range of the ratio of new to old probability: above 0, at most 10, default 0.2. */
  readonly clipCoef: number;
  /** Weight of the entropy bonus in the loss: 0 to 100, default 0.001. */
  readonly entropyCoef: number;
  /** Weight of the squared value error in the loss: 0 to 1000, default 0.5. */
  readonly valueCoef: number;
  /** Norm that gradients are scaled down to: above 0, at most 1e6, default 0.5. */
  readonly maxGradNorm: number;
  /** Adam's step size at the start: above 0, at most 1, default 1e-3. */
  readonly learningRate: number;
  /** "kl" (the default) keeps the update's KL divergence around `targetKl`; "linear" falls to 0; "constant" stays. */
  readonly learningRateSchedule: "kl" | "linear" | "constant";
  /** KL divergence of an update that the schedule "kl" keeps to; passes end early at three times that: above 0, at most 100, default 0.015. */
  readonly targetKl: number;
  /** Factor of rewards before advantages are computed: above 0, at most 1e6, default 0.25. */
  readonly rewardScale: number;
  /** Whether rewards are divided by the running standard deviation of the discounted return first, and clipped to ±10; default false. */
  readonly normalizeReturn: boolean;
  /** First iterations in which only the critic learns: 0 to 1e6, default 0. */
  readonly criticWarmupIterations: number;
  /**
   * Whether observations stay normalised as they were in the demonstrations or for the policy started from; default false. Statistics that
   * keep changing shift the inputs of a policy that already acts to the millimetre, and it unlearns what it knew.
   */
  readonly freezeNormalizer: boolean;
  /** Of agents with memory: steps of a sequence that is learnt from in a piece: 1 to `numSteps`, which is the default. */
  readonly sequenceLength?: number;
  /**
   * Of agents with memory: steps at the start of a sequence that only bring its memory up to the present parameters and
   * are learnt from in the sequence before: 0 (the default) to `sequenceLength` - 1.
   */
  readonly burnIn?: number;
  /** Of agents that learn to predict where things are: weight of that error in the loss, 0 (the default) to 1000. */
  readonly auxiliaryCoef?: number;
  /** Passes over the demonstrations, where training starts from some: 0 to 100,000, default 30. */
  readonly bcEpochs: number;
  /** How a teacher is imitated, where there is one; default `DISTILLATION_DEFAULTS`. */
  readonly distillation?: DistillationSettings;
}

/** How often the policy is validated while it is trained, and what validation decides. */
export interface ValidationSettings {
  /** Environment steps between validations: 1 to 1e12, default 40,960. */
  readonly evalInterval: number;
  /** Episodes per validation: 1 to 100,000, default 104. */
  readonly validationEpisodes: number;
  /** Training ends when this share of the validation episodes succeeds twice in a row: 0 to 10, default 2; above 1 it never does. */
  readonly stopAtSuccess: number;
  /**
   * Training ends when the last three validations together show, with 95 % confidence (Wilson's interval), at least this
   * success: more of it could gain next to nothing. 0 to 10, default 0.975, which with 104 episodes each asks for 310 of 312;
   * above 1 it never does.
   */
  readonly settledSuccess: number;
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
