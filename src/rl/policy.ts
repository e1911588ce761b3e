// What a policy and an agent are.
import type * as tf from "@tensorflow/tfjs-core";
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
  /** Overrides of `settings` where training starts from demonstrations. */
  readonly fromDemonstrations?: Partial<PpoSettings>;
  /** By environment id. */
  readonly tuned: Readonly<Record<string, TunedSettings>>;
  createPolicy(observationSize: number, actionSize: number, settings: PpoSettings): Policy;
}
