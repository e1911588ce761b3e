// What a policy and an agent are.
import type * as tf from "@tensorflow/tfjs-core";
import type { EnvSpec } from "../env/env.js";
import { UsageError } from "../math/usage-error.js";
import type { ParameterLayout } from "../nn/parameters.js";
import type { PpoSettings } from "./ppo-settings.js";

/** A named part of what a policy remembers of an episode, for each environment. */
export interface MemoryPart {
  readonly name: string;
  /** Numbers it holds; all are 0 when an episode starts. */
  readonly size: number;
}

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
}

/**
 * A pure function of flat parameters, normalised observations and, where it has one, memory: memory goes in and out,
 * nothing hides state.
 */
export interface Policy {
  readonly layout: ParameterLayout;
  readonly observationSize: number;
  readonly actionSize: number;
  /** What it remembers from step to step; absent: nothing, and rows may come in any order. */
  readonly memory?: readonly MemoryPart[];
  /** `remembered` is there for every policy with memory, and for no other. */
  apply(parameters: tf.Tensor1D, observations: tf.Tensor2D, remembered?: Remembered): PolicyOutput;
}

/** Count the numbers that a policy remembers; 0 for one without memory. */
export function memorySize({ memory = [] }: Pick<Policy, "memory">): number {
  return memory.reduce((sum, { size }) => sum + size, 0);
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
}

/** A policy with the settings it is trained by. */
export interface AgentDefinition {
  readonly id: string;
  /** One line. */
  readonly description: string;
  readonly settings: PpoSettings;
  /** Whether its policies read `Observation.image`; default false. */
  readonly readsImages?: boolean;
  /** Overrides of `settings` where training starts from demonstrations. */
  readonly fromDemonstrations?: Partial<PpoSettings>;
  /** By environment id. */
  readonly tuned: Readonly<Record<string, TunedSettings>>;
  createPolicy(observationSize: number, actionSize: number, settings: PpoSettings): Policy;
}

/** Throw a UsageError where the environment draws pictures that `agent` does not read. */
export function requireSight(agent: AgentDefinition, spec: EnvSpec): void {
  if (!spec.image || agent.readsImages) return;
  throw new UsageError(
    `${agent.id} reads no pictures, and ${spec.id} has observationMode "${String(spec.config.observationMode)}". ` +
      "Choose an agent that reads them, or --obs state.",
  );
}
