// What a policy and an agent are.
import type * as tf from "@tensorflow/tfjs-core";
import type { EnvInfo } from "../env/env.js";
import { optionText, UsageError } from "../math/usage-error.js";
import { type MemoryPart, memorySize } from "../model/model.js";
import type { ImageInput } from "../nn/image-encoder.js";
import type { ParameterLayout } from "../nn/parameters.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import { requireRolloutMemory } from "./rollout/rollout-memory.js";

/** Steps of E environments in their order, row `t * E + e`, and what they remember. */
export interface Remembered {
  /** What is remembered before the first step, the parts side by side. [E, memory size] */
  readonly memory: tf.Tensor2D;
  /** 1 where an episode starts, so that nothing is remembered there; absent: no episode starts after the first step. [N] */
  readonly starts?: tf.Tensor1D;
}

/** What a policy says about a batch of N observations. */
export interface PolicyOutput {
  /** Mean of the action's normal distribution. [N, A] */
  readonly mean: tf.Tensor2D;
  /** Logarithm of its standard deviation, the same for all. [A] */
  readonly logStd: tf.Tensor1D;
  /** Expected discounted return. [N] */
  readonly value: tf.Tensor1D;
  /** What is remembered after the last step, by a policy with memory. [E, memory size] */
  readonly memory?: tf.Tensor2D;
  /** What the policy predicts besides, of one that learns to: the normalised entries `Policy.predicts` of the observation. [N, P] */
  readonly predicted?: tf.Tensor2D;
  /** Squared error of that, where the observation holds the truth. [N] */
  readonly auxiliaryError?: tf.Tensor1D;
}

/**
 * A pure function of flat parameters, normalised observations and, where it has one, memory: memory goes in and out,
 * nothing hides state.
 */
export interface Policy {
  /** Only the value depends on its parts "critic/..."; "log_std" is the logarithm of the actions' standard deviation. */
  readonly layout: ParameterLayout;
  /** Numbers of an observation. */
  readonly observationSize: number;
  /** How many of them, the last, are `Observation.privileged`: only the value and the auxiliary error depend on these. Default 0. */
  readonly privilegedSize?: number;
  /** Numbers of an action. */
  readonly actionSize: number;
  /** Entries of the observation that `PolicyOutput.predicted` predicts, by index; absent: it predicts none. */
  readonly predicts?: readonly number[];
  /** How it takes images; absent: it reads none. */
  readonly image?: ImageInput;
  /** What it remembers from step to step; absent: nothing, and rows may come in any order. */
  readonly memory?: readonly MemoryPart[];
  /**
   * `remembered` is there for every policy with memory, and for no other; `images` [N, bytes] of 0 to 255, in the order
   * of `image`, for every one that reads images.
   */
  apply(
    parameters: tf.Tensor1D,
    observations: tf.Tensor2D,
    remembered?: Remembered,
    images?: tf.Tensor2D,
  ): PolicyOutput;
}

/** Count the bytes of an image that a policy takes; 0 for one that reads none. */
export function imageSize({ image }: Pick<Policy, "image">): number {
  return image ? image.shape[0] * image.shape[1] * image.shape[2] : 0;
}

/** Numbers that a policy takes and gives for each environment. */
export interface PolicySizes {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly memorySize: number;
  /** Bytes. */
  readonly imageSize: number;
}

/** Count what a policy takes and gives. */
export function policySizes(policy: Policy): PolicySizes {
  const { observationSize, actionSize } = policy;
  return { observationSize, actionSize, memorySize: memorySize(policy), imageSize: imageSize(policy) };
}

/** Settings that suit one environment. */
export interface TunedSettings {
  /** Overrides of the agent's defaults. */
  readonly settings?: Partial<PpoSettings>;
  /** Overrides of the environment's config while training. */
  readonly trainEnv?: Readonly<Record<string, unknown>>;
  /** Further overrides where episodes are randomised. */
  readonly randomized?: Partial<PpoSettings>;
  /** Further overrides where training starts from demonstrations. */
  readonly fromDemonstrations?: Partial<PpoSettings>;
  /** Further overrides where training starts from a trained policy; default: `fromDemonstrations`. */
  readonly fromPolicy?: Partial<PpoSettings>;
  /** Further overrides where a teacher is imitated. */
  readonly fromTeacher?: Partial<PpoSettings>;
  /** What the task is known to be learned from; missing: from rewards alone, or not known. */
  readonly learnedFrom?: "demonstrations" | "teacher";
}

/** A policy with the settings it is trained by. */
export interface AgentDefinition {
  /** For example "ppo-mlp". */
  readonly id: string;
  /** One line. */
  readonly description: string;
  /** Defaults, before what is tuned for an environment and what the user says. */
  readonly settings: PpoSettings;
  /** Whether its policies read `Observation.image`, and cannot do without; default false. */
  readonly readsImages?: boolean;
  /** Overrides of `settings` where training starts from demonstrations. */
  readonly fromDemonstrations?: Partial<PpoSettings>;
  /** Overrides of `settings` where training starts from a trained policy; default: `fromDemonstrations`. */
  readonly fromPolicy?: Partial<PpoSettings>;
  /** Overrides of `settings` where a teacher is imitated. */
  readonly fromTeacher?: Partial<PpoSettings>;
  /** By environment id. */
  readonly tuned: Readonly<Record<string, TunedSettings>>;
  /** `spec` is there wherever the policy is made for an environment; one that reads images needs it. */
  createPolicy(observationSize: number, actionSize: number, settings: PpoSettings, spec?: EnvInfo): Policy;
}

/** Make the policy of `agent` for environments of this spec; throws a UsageError where the two do not fit. */
export function policyFor(agent: AgentDefinition, spec: EnvInfo, settings: PpoSettings): Policy {
  requireSight(agent, spec);
  requireRolloutMemory(spec, settings);
  return agent.createPolicy(spec.observation.length, spec.action.length, settings, spec);
}

/** Throw a UsageError where the environment draws pictures that `agent` does not read, or none and it needs some. */
export function requireSight(agent: AgentDefinition, spec: EnvInfo): void {
  if (!spec.image && agent.readsImages) {
    throw new UsageError(
      `${agent.id} reads pictures, and ${spec.id} has observationMode "state", which gives none. Add ${optionText("observationMode", "camera")}, or choose another agent.`,
    );
  }
  if (!spec.image || agent.readsImages) return;
  throw new UsageError(
    `${agent.id} reads no pictures, and ${spec.id} has observationMode "${String(spec.config.observationMode)}". ` +
      `Choose an agent that reads them, or ${optionText("observationMode", "state")}.`,
  );
}
