// What a policy and an agent are.
import type * as tf from "@tensorflow/tfjs-core";
import type { EnvSpec } from "../env/env.js";
import { UsageError } from "../math/usage-error.js";
import type { ParameterLayout } from "../nn/parameters.js";
import type { PpoSettings } from "./ppo-settings.js";

/** What a policy says about a batch of N observations. */
export interface PolicyOutput {
  /** Mean of the action's normal distribution. [N, A] */
  readonly mean: tf.Tensor2D;
  /** Logarithm of its standard deviation, the same for all. [A] */
  readonly logStd: tf.Tensor1D;
  /** Expected discounted return. [N] */
  readonly value: tf.Tensor1D;
}

/** A pure function of flat parameters and normalised observations. */
export interface Policy {
  readonly layout: ParameterLayout;
  readonly observationSize: number;
  readonly actionSize: number;
  apply(parameters: tf.Tensor1D, observations: tf.Tensor2D): PolicyOutput;
}

/** Settings that suit one environment. */
export interface TunedSettings {
  /** Overrides of the agent's defaults. */
  readonly settings?: Partial<PpoSettings>;
  /** Overrides of the environment's config while training. */
  readonly trainEnv?: Readonly<Record<string, unknown>>;
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
