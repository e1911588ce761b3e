// The parts that an environment is made from.
import type { Random } from "../math/random.js";
import type { CameraObservationConfig } from "./camera-observation.js";
import type { CurriculumSetting } from "./randomization/curriculum.js";
import type { RandomizationSetting } from "./randomization/randomization.js";
import type { SettingRanges } from "./settings/setting-range.js";
import type { Simulation } from "./simulation.js";

/** What every config holds. */
export interface EnvConfig extends CameraObservationConfig {
  /** "dense" sums weighted terms; "sparse" is 0 on success and -1 otherwise. */
  readonly rewardMode: "dense" | "sparse";
  /** Weight of each reward term. */
  readonly rewardWeights: Readonly<Record<string, number>>;
  /** Control steps per second, where that can be set. */
  readonly controlRate?: number;
  /** What differs from episode to episode; default "none". */
  readonly randomization?: RandomizationSetting;
  /** Whether training starts with easy episodes; default false. */
  readonly curriculum?: CurriculumSetting;
}

/** Named numbers of the observation that are read together. */
export interface ObservationGroup<Scene> {
  /** For example "cube". */
  readonly group: string;
  /** Names, units and bounds of the numbers that `read` writes, and whether they depend on the goal; default: they do not. */
  readonly entries: readonly {
    name: string;
    unit: string;
    low: number;
    high: number;
    dependsOnGoal?: boolean;
  }[];
  /** Whether the robot knows this of itself; in observation mode "camera" the state holds only such groups. Default false. */
  readonly proprioception?: boolean;
  /** Write one number per entry from `out[offset]` on. */
  read(scene: Scene, out: Float32Array, offset: number): void;
}

/** The goal of a goal-conditioned environment. */
export interface GoalDefinition<Scene, Config = EnvConfig> {
  /** Numbers of a goal. */
  readonly size: number;
  /** Of these numbers, for example "m". */
  readonly unit: string;
  /** Largest distance between achieved and desired goal that counts as success; a function of the config where that sets it. */
  readonly threshold: number | ((config: Config) => number);
  /** Whether a policy must remember the goal, as the observation shows it at times only; then `Env.computeReward` is left out. Default false. */
  readonly remembered?: boolean;
  achieved(scene: Scene, out: Float32Array): void;
  desired(scene: Scene, out: Float32Array): void;
}

/** Id of an environment: `Name-vN`; N rises when results would change. */
export type EnvId = `${string}-v${number}`;

/** Reward terms of a config: one for each of its weights. */
export type RewardTerms<Config extends EnvConfig> = Readonly<
  Record<keyof Config["rewardWeights"] & string, number>
>;

/** Reward terms that have no weight: there must be none. */
export type NoOtherTerms<Terms, Config extends EnvConfig> = {
  readonly [Name in Exclude<keyof Terms, keyof Config["rewardWeights"]>]: never;
};

/** Settings that override some of a config's: objects key by key, lists as a whole. */
export type EnvOverrides<Config> = {
  readonly [Name in keyof Config]?: Name extends Exclude<keyof EnvConfig, "rewardWeights">
    ? Override<NonNullable<EnvConfig[Name]>>
    : Override<Config[Name]>;
};

type Override<Value> = Value extends readonly unknown[] | ((...values: never) => unknown)
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]?: Override<Value[Name]> }
    : Value;

/** An environment in parts. */
export interface EnvDefinition<
  Scene extends { readonly simulation: Simulation },
  Config extends EnvConfig,
  Terms = RewardTerms<Config>,
> {
  /** For example "PickPlace-v1". */
  readonly id: EnvId;
  /** One line. */
  readonly description: string;
  /**
   * Control steps of the longest episode at the default `controlRate`. What is meant is a time: at another rate an episode
   * has as many steps as last as long, rounded; an environment whose defaults have no `controlRate` always has these.
   */
  readonly maxEpisodeSteps: number;
  /** All settings with their defaults; those of a robot cell are `CELL_DEFAULTS`. */
  readonly defaults: Config;
  /** What values settings may have; a number without a range must be finite. */
  readonly ranges?: SettingRanges;
  /** Defaults that depend on other settings, which `config` holds as they are given: the size of an object on the robot that is to take it. */
  fitted?(config: Config): Partial<Config>;
  /** Build everything once. */
  build(config: Config): Scene;
  /** Start an episode; all chance comes from `random`. At a `difficulty` below 1 it may be an easier one. */
  reset(scene: Scene, random: Random, config: Config, difficulty: number): void;
  /** Groups of named numbers, in their order in the state. */
  readonly observation: readonly ObservationGroup<NoInfer<Scene>>[];
  /** Of a goal-conditioned environment. */
  readonly goal?: GoalDefinition<NoInfer<Scene>, NoInfer<Config>>;
  /** Raw reward terms, one for each weight, each best within [0, 1]. */
  reward(scene: Scene, config: Config): Terms;
  /** Whether the task is done now; default: the goal is within its threshold. */
  success?(scene: Scene, config: Config): boolean;
  /** Name the reason where the task itself ends the episode. */
  terminated?(scene: Scene, config: Config): string | undefined;
}
