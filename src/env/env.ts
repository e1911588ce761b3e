// The interface of an environment, after Gymnasium's.
import type { RandomState } from "../math/random.js";
import type { Look } from "../scene/camera-description.js";
import type { ContactPoint } from "../scene/contact-point.js";
import type { Perturbation } from "../scene/perturbation.js";
import type { SceneDescription } from "../scene/scene.js";
import type { ActionEntry } from "../spaces/action-entry.js";
import type { Box, Dict } from "../spaces/space.js";
import type { ImageSpec } from "./camera-observation.js";
import type { EnvOverrides } from "./env-definition.js";
import type { Observation, ObservationEntry } from "./observation.js";
import type { RandomizerSnapshot } from "./randomization/randomizer-snapshot.js";
import type { VisualRandomizerSnapshot } from "./randomization/visual-randomization.js";
import type { SettingRanges } from "./settings/setting-range.js";
import type { DrawnValues, JointLimits, ToolPoses } from "./simulation.js";

/** What a step returns besides observation and reward. */
export interface StepInfo {
  /** Whether the task is done now. */
  readonly success: boolean;
  /** Raw reward terms, before their weights. */
  readonly rewardTerms: Readonly<Record<string, number>>;
  /** Action entries clipped so far in this episode. */
  readonly clippedActions: number;
  /** Why the episode was terminated, where it was. */
  readonly terminatedBy?: string;
  /** Set by the NaN guard, which ends the episode terminated and without success: what was not finite. The episode must be dropped. */
  readonly nonFinite?: string;
  /** How deep shapes overlapped in this step at most, m, where that is more than 1 mm: contacts gave way to what pressed them. */
  readonly deepestPenetration?: number;
  /** Seed of the episode: `reset({ seed, difficulty })` makes it again. */
  readonly seed: string;
  /** Of the episode, where it is below 1. */
  readonly difficulty?: number;
}

/** What `step` returns. */
export interface StepResult {
  /** After the step; at the end of an episode its true last one. */
  readonly observation: Observation;
  /** Of this step. */
  readonly reward: number;
  /** The task ended the episode, or the NaN guard did: no value follows. */
  readonly terminated: boolean;
  /** The time limit ended it: the value of `observation` follows. */
  readonly truncated: boolean;
  /** What else there is to say. */
  readonly info: StepInfo;
}

/** Everything about an environment as plain JSON. */
export interface EnvInfo {
  /** For example "PickPlace-v1". */
  readonly id: string;
  /** One line. */
  readonly description: string;
  /** Id of the robot; "none" without one. */
  readonly robot: string;
  /** What actions command; "none" without a robot. */
  readonly controlMode: string;
  /** Hz */
  readonly controlRate: number;
  /** Hz */
  readonly physicsRate: number;
  /** Control steps of the longest episode at this `controlRate`. */
  readonly maxEpisodeSteps: number;
  /** What `Observation.state` holds, entry by entry. */
  readonly observation: readonly ObservationEntry[];
  /** What `Observation.privileged` holds, where there is any. */
  readonly privileged?: readonly ObservationEntry[];
  /** What `Observation.image` holds, where there is any. */
  readonly image?: ImageSpec;
  /** What an action holds, entry by entry. */
  readonly action: readonly ActionEntry[];
  /** "dense" sums weighted terms; "sparse" is 0 on success and -1 otherwise. */
  readonly rewardMode: "dense" | "sparse";
  /** Weight of each reward term. */
  readonly rewardWeights: Readonly<Record<string, number>>;
  /** Numbers of a goal, their unit, and the distance that counts as success; absent: no goals. */
  readonly goal?: { readonly size: number; readonly unit: string; readonly threshold: number };
  /** Names in the order of `jointPositions`. */
  readonly jointNames: readonly string[];
  /**
   * False where `snapshot` and `restore` are refused, as by environments that run in Python: a training that is resumed then begins new
   * episodes. Absent: both are there.
   */
  readonly snapshots?: false;
  /** The resolved config. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Complete state of an environment as plain data, typed arrays among it: `structuredClone` copies it, JSON does not. */
export interface EnvSnapshot {
  /** Id of the environment. */
  readonly env: string;
  /** Of armgym. */
  readonly version: string;
  /** Hash of the environment's config: it is restored under the same only. */
  readonly config: string;
  /** Whether the episode is over. */
  readonly ended: boolean;
  /** Of the episode, 0 to 1. */
  readonly difficulty: number;
  /** Control steps since the reset. */
  readonly steps: number;
  /** Action entries clipped so far in the episode. */
  readonly clippedActions: number;
  /** Of the episode. */
  readonly seed: string;
  /** State of the environment's random stream. */
  readonly random: RandomState;
  /** What the simulation's `snapshot` returned. */
  readonly simulation: unknown;
  /** Where the environment is randomised. */
  readonly randomizer?: RandomizerSnapshot;
  /** Where its look is. */
  readonly look?: VisualRandomizerSnapshot;
}

/** One of the last steps, kept for the NaN guard's dump. */
export interface StateFrame {
  /** As `Env.poses` writes them. */
  readonly poses: Float64Array;
  /** rad or m. */
  readonly jointPositions: Float64Array;
  /** The state as it was observed. */
  readonly observation: Float32Array;
  /** What led here; empty at the start. */
  readonly action: Float32Array;
}

/**
 * Sparse reward of one goal, as a number, or of N goals as a Float32Array [N]: a list of goals, or all of them in one array
 * [N * goal size]. Throws a UsageError for goals of another length, not finite, or not as many of both.
 */
export interface ComputeReward {
  (achieved: readonly ArrayLike<number>[], desired: readonly ArrayLike<number>[]): Float32Array;
  (achieved: ArrayLike<number>, desired: ArrayLike<number>): number | Float32Array;
}

/** A task for an arm. */
export interface Env {
  /** For example "PickPlace-v1". */
  readonly id: string;
  /** All about it as plain data. */
  readonly spec: EnvInfo;
  /** Of each part of the observation, by name. */
  readonly observationSpace: Dict;
  /** Of an action: [A] numbers from -1 to 1. */
  readonly actionSpace: Box;
  /**
   * Start an episode.
   *
   * The seed decides all of it: a text, or a whole number. Without one the episode's seed follows from that of the episode
   * before, and that of the first is drawn; it is `info.seed`. With `snapshot` the state is taken from there, seed and difficulty too.
   * `difficulty`, from 0 to 1 (the default), narrows what is randomised and, where the task says so, its areas.
   */
  reset(options?: {
    readonly seed?: number | string;
    readonly difficulty?: number;
    readonly snapshot?: EnvSnapshot;
  }): {
    readonly observation: Observation;
    readonly info: StepInfo;
  };
  /**
   * Act for one control step with the entries from `action[offset]` on; those outside [-1, 1] are clipped and counted.
   *
   * Throws a UsageError before `reset`, after the end of the episode, and for an action that is too short or not finite.
   */
  step(action: ArrayLike<number>, offset?: number): StepResult;
  /**
   * Sparse reward of a goal-conditioned environment: 0 within the threshold, else -1. Pure. Absent where goals cannot be relabelled
   * in hindsight: the policy must remember them, or success is more than reaching them.
   */
  readonly computeReward?: ComputeReward;
  /**
   * Perturb the scene before the next step: pull at a link or an object, move the goal, change masses and friction.
   *
   * The pull ends with that step, all else stays until it is changed again. Throws a UsageError for what is not there.
   */
  perturb(perturbation: Perturbation): void;
  /** @deprecated Use `perturb`. */
  takeHold(perturbation: Perturbation): void;
  /**
   * Sample a scene that can occur in an episode: all as at the start of the episode of `seed`, but
   * the arm anywhere, at rest, and maybe one of the things below its hand or held. Reset before the next step.
   *
   * For learning to see; throws a UsageError where there is no robot cell.
   */
  sampleScene(seed: number | string): Observation;
  /** @deprecated Use `sampleScene`. */
  scatter(seed: number | string): Observation;
  /** Copy the complete state, the random stream included. */
  snapshot(): EnvSnapshot;
  /**
   * Become, bit for bit, what `snapshot` was, and return the observation there.
   *
   * Throws a UsageError for a snapshot of another environment, config or version, and for one that went through JSON.
   */
  restore(snapshot: EnvSnapshot): Observation;
  /** Values that randomisation drew for this episode, by name; empty without it. */
  drawn(): DrawnValues;
  /** How this episode looks to the cameras; undefined without any. */
  look?(): Look | undefined;
  scene(): SceneDescription;
  /** Write `POSE_SIZE` numbers per scene entity. */
  poses(out: Float64Array): void;
  contacts(): ContactPoint[];
  jointPositions(): Float64Array;
  /** Limits of each joint, in the order of `jointPositions`; empty where there is no robot. */
  jointLimits(): readonly JointLimits[];
  /** Actual and commanded pose of the tool; undefined where there is no robot. */
  toolPoses(): ToolPoses | undefined;
  /**
   * Draw the present state for people, from in front of the arm: uint8 [size, size, 3], `size` pixels, default 480.
   *
   * Throws a UsageError where there is nothing to draw, and for another size than 1 to 4096.
   */
  render(size?: number): Uint8Array;
  /** The last steps before now, oldest first. */
  lastFrames(): readonly StateFrame[];
  close(): void;
}

/** Makes environments of one kind; `Config` is what their `defaults` hold. */
export interface EnvFactory<Config extends object = Readonly<Record<string, unknown>>> {
  /** For example "PickPlace-v1". */
  readonly id: string;
  /** One line. */
  readonly description: string;
  /** All settings, frozen. */
  readonly defaults: Readonly<Config>;
  /** The defaults where `config` holds: some may depend on it; absent: none do. */
  defaultsWith?(config: Readonly<Record<string, unknown>>): Readonly<Config>;
  /** What values settings may have, by their paths, with units; absent: any of the type of the default. */
  readonly ranges?: SettingRanges;
  /** Make one; `config` overrides some of `defaults`. Throws a UsageError for a key or type that is not there. */
  create(config?: EnvOverrides<Config>): Env;
}
