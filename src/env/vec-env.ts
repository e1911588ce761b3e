// A group of environments stepped as one batch: the unit of work of a rollout.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { AutoresetMode } from "./autoreset-mode.js";
import { blaming } from "./blaming.js";
import type { Env, EnvFactory, EnvInfo, EnvSnapshot, StateFrame, StepInfo, StepResult } from "./env.js";
import { followingSeed } from "./following-seed.js";
import type { Observation } from "./observation.js";
import { Curriculum, type CurriculumSnapshot, parseCurriculum } from "./randomization/curriculum.js";
import { resolveVecEnvOptions, seedsOf, type VecEnvOptions, type VecEnvReset } from "./vec-env-options.js";

/** A finished episode. */
export interface EpisodeResult {
  /** Index of the environment in the whole run. */
  readonly env: number;
  /** Seed of the episode. */
  readonly seed: string;
  /** Sum of its rewards, not discounted. */
  readonly return: number;
  /** Control steps. */
  readonly length: number;
  /** At the last step. */
  readonly success: boolean;
  /** Mean of each raw reward term over the episode. */
  readonly rewardTerms: Readonly<Record<string, number>>;
  /** Of the episode, where there is a curriculum. */
  readonly difficulty?: number;
  /** Set where the NaN guard ended the episode: it counts nowhere. */
  readonly dropped?: { readonly reason: string; readonly frames: readonly StateFrame[] };
}

/** State of a group as plain data. */
export interface VecEnvSnapshot {
  /** Of each environment; null where it takes no snapshots: restored, it begins a new episode. */
  readonly envs: readonly unknown[];
  readonly seeds: readonly unknown[];
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly terms: readonly Readonly<Record<string, number>>[];
  readonly lead: readonly number[];
  /** Of each environment, where there is a curriculum. */
  readonly curricula: readonly CurriculumSnapshot[];
  /** Whether the episode of each has ended and the next has not begun; absent: none has. */
  readonly ended?: readonly boolean[];
  /** Where the seeds of an environment follow from one that a reset gave: its last one, else null; absent: nowhere. */
  readonly follows?: readonly (string | null)[];
}

/**
 * Step `numEnvs` environments together. Each has begun its first episode; `autoresetMode` says when it begins the next.
 *
 * Environment `i` of the run draws its episode seeds from the stream `${runSeed}/env/${i}`, whichever group or worker
 * steps it; once `reset` gave it a seed, they follow from that as those of a single `Env` do. The arrays are overwritten by the
 * next step.
 *
 * @example
 * const group = new VecEnv(envs["Reach-v1"], {}, { numEnvs: 8, runSeed: 1 });
 * const ended = group.step(new Float32Array(8 * group.actionSize));
 */
export class VecEnv {
  /** When an environment whose episode ended begins the next. */
  readonly autoresetMode: AutoresetMode;
  /** What the seeds of all episodes follow from. */
  readonly runSeed: number | string;
  /** Of each of the environments. */
  readonly spec: EnvInfo;
  /** Environments side by side. */
  readonly numEnvs: number;
  /** Numbers of a state. */
  readonly observationSize: number;
  /** Numbers of an action. */
  readonly actionSize: number;
  /** What to act on next. [numEnvs, observationSize] */
  readonly observations: Float32Array;
  /** Where the last step led, before any reset. [numEnvs, observationSize] */
  readonly finalObservations: Float32Array;
  /** What to act on next, as pictures; empty without cameras. [numEnvs, height, width, channels] */
  readonly images: Uint8Array;
  /** Where the last step led, before any reset, as pictures. [numEnvs, height, width, channels] */
  readonly finalImages: Uint8Array;
  /** The full states of what to act on next, in observation mode "camera"; else empty. [numEnvs, privilegedSize] */
  readonly privileged: Float32Array;
  /** The full states of where the last step led, before any reset. [numEnvs, privilegedSize] */
  readonly finalPrivileged: Float32Array;
  /** Bytes of one image; 0 without cameras. */
  readonly imageSize: number;
  /** Numbers of a full state; 0 but in observation mode "camera". */
  readonly privilegedSize: number;
  /** Of the last step. [numEnvs] */
  readonly rewards: Float32Array;
  /** 1 where the task ended the episode in the last step. [numEnvs] */
  readonly terminated: Uint8Array;
  /** 1 where the time limit ended it, and where `cut` is 1. [numEnvs] */
  readonly truncated: Uint8Array;
  /** 1 where a first episode was cut short in the last step, long before the time limit: see `totalEnvs`. [numEnvs] */
  readonly cut: Uint8Array;
  /** 1 where `observations` holds the start of an episode. [numEnvs] */
  readonly isFirst: Uint8Array;
  /** 1 where the NaN guard ended the episode in the last step: drop all of it. `terminated` is 1, too. [numEnvs] */
  readonly dropped: Uint8Array;
  private readonly envs: Env[];
  private readonly factory: EnvFactory;
  private readonly config: Readonly<Record<string, unknown>>;
  private readonly firstIndex: number;
  /** Seeds of the episodes under way, or just ended. */
  private readonly episodeSeeds: string[];
  private readonly streams: readonly Random[];
  /** Whether an environment's seeds follow from one that `reset` gave, no longer from its stream. */
  private readonly follows: boolean[];
  /** Whether an environment's episode has ended and the next has not begun. */
  private readonly hasEnded: boolean[];
  private readonly returns: number[];
  private readonly lengths: number[];
  private readonly terms: Record<string, number>[];
  /** Steps by which an environment's first episode is cut short, so that episodes do not end all at once. */
  private readonly lead: number[];
  /** One per environment, or none at all. */
  private readonly curricula: readonly Curriculum[];

  constructor(factory: EnvFactory, config: Readonly<Record<string, unknown>>, options: VecEnvOptions) {
    const { runSeed, firstIndex, numEnvs, totalEnvs, autoresetMode } = resolveVecEnvOptions(options);
    this.autoresetMode = autoresetMode;
    this.runSeed = runSeed;
    this.numEnvs = numEnvs;
    this.factory = factory;
    this.config = config;
    this.firstIndex = firstIndex;
    const indices = Array.from({ length: numEnvs }, (_, i) => firstIndex + i);
    this.envs = indices.map(() => factory.create(config));
    this.streams = indices.map((index) => createRandom(`${runSeed}/env/${index}`));
    this.episodeSeeds = indices.map(() => "");
    this.follows = indices.map(() => false);
    this.hasEnded = indices.map(() => false);
    const { spec } = this.envs[0]!;
    this.spec = spec;
    this.observationSize = spec.observation.length;
    this.actionSize = spec.action.length;
    const curriculum = parseCurriculum(spec.config.curriculum, spec.id);
    this.curricula = curriculum ? indices.map(() => new Curriculum(curriculum)) : [];
    this.lead = indices.map((index) =>
      totalEnvs === undefined ? 0 : Math.floor((spec.maxEpisodeSteps * index) / totalEnvs),
    );
    this.observations = new Float32Array(numEnvs * this.observationSize);
    this.finalObservations = new Float32Array(numEnvs * this.observationSize);
    this.imageSize = spec.image ? spec.image.height * spec.image.width * spec.image.channels : 0;
    this.privilegedSize = spec.privileged?.length ?? 0;
    this.images = new Uint8Array(numEnvs * this.imageSize);
    this.finalImages = new Uint8Array(numEnvs * this.imageSize);
    this.privileged = new Float32Array(numEnvs * this.privilegedSize);
    this.finalPrivileged = new Float32Array(numEnvs * this.privilegedSize);
    this.rewards = new Float32Array(numEnvs);
    this.terminated = new Uint8Array(numEnvs);
    this.truncated = new Uint8Array(numEnvs);
    this.cut = new Uint8Array(numEnvs);
    this.isFirst = new Uint8Array(numEnvs);
    this.dropped = new Uint8Array(numEnvs);
    this.returns = new Array<number>(numEnvs).fill(0);
    this.lengths = new Array<number>(numEnvs).fill(0);
    this.terms = indices.map(() => ({}));
    for (let i = 0; i < numEnvs; i++) this.restart(i);
  }

  /** The seed of each environment's episode: `env.reset({ seed })` makes it again. */
  get seeds(): readonly string[] {
    return this.episodeSeeds;
  }

  /**
   * Begin episodes, whether those before have ended or not; the latter are reported nowhere.
   *
   * Throws a UsageError for seeds or a mask that are not as many as there are environments.
   */
  reset(options: VecEnvReset = {}): void {
    const { mask } = options;
    const seeds = seedsOf(options, this.numEnvs);
    for (let i = 0; i < this.numEnvs; i++) {
      if (mask && !mask[i]) continue;
      this.lead[i] = 0;
      this.settle(i);
      this.restart(i, seeds[i]);
    }
  }

  /**
   * Act with `actions` [numEnvs, actionSize] and return the episodes that ended.
   *
   * In mode "NextStep" an environment whose episode has ended begins the next one instead, with reward 0. Throws a UsageError
   * in mode "Disabled" where an episode has ended and was not reset.
   */
  step(actions: Float32Array): EpisodeResult[] {
    this.requireReset();
    const ended: EpisodeResult[] = [];
    for (let i = 0; i < this.numEnvs; i++) {
      if (this.hasEnded[i]) {
        this.settle(i);
        this.actFrom(i, this.restart(i));
        continue;
      }
      const env = this.envs[i]!;
      const { observation, reward, terminated, truncated, info } = this.stepOne(env, actions, i);
      this.lengths[i]!++;
      this.returns[i]! += reward;
      const terms = this.terms[i]!;
      for (const name in info.rewardTerms) terms[name] = (terms[name] ?? 0) + info.rewardTerms[name]!;
      const cut = this.lead[i]! > 0 && this.lengths[i]! + this.lead[i]! >= env.spec.maxEpisodeSteps;
      this.rewards[i] = reward;
      this.terminated[i] = terminated ? 1 : 0;
      this.truncated[i] = !terminated && (truncated || cut) ? 1 : 0;
      this.cut[i] = cut && !(terminated || truncated) ? 1 : 0;
      this.isFirst[i] = 0;
      this.dropped[i] = info.nonFinite === undefined ? 0 : 1;
      this.actFrom(i, observation);
      if (!(terminated || truncated || cut)) {
        this.actOn(i, observation);
        continue;
      }
      const length = this.lengths[i]!;
      const means = Object.fromEntries(Object.entries(terms).map(([name, sum]) => [name, sum / length]));
      const result = {
        env: this.firstIndex + i,
        seed: info.seed,
        return: this.returns[i]!,
        length,
        success: info.success,
        ...this.followCurriculum(i, info, cut),
      };
      if (info.nonFinite !== undefined) {
        const dropped = { reason: info.nonFinite, frames: [...env.lastFrames()] };
        ended.push({ ...result, rewardTerms: means, dropped });
        // what broke the simulation may outlast a reset: start over with a new one
        env.close();
        this.envs[i] = this.factory.create(this.config);
      } else if (!cut) ended.push({ ...result, rewardTerms: means });
      this.lead[i] = 0;
      if (this.autoresetMode === "SameStep") this.restart(i);
      else {
        this.hasEnded[i] = true;
        this.actOn(i, observation);
      }
    }
    return ended;
  }

  /** Copy the state of all environments and their seed streams. */
  snapshot(): VecEnvSnapshot {
    return {
      envs: this.envs.map((env) => (env.spec.snapshots === false ? null : env.snapshot())),
      seeds: this.streams.map((stream) => stream.state()),
      returns: [...this.returns],
      lengths: [...this.lengths],
      terms: this.terms.map((terms) => ({ ...terms })),
      lead: [...this.lead],
      curricula: this.curricula.map((curriculum) => curriculum.snapshot()),
      ...(this.hasEnded.includes(true) ? { ended: [...this.hasEnded] } : {}),
      ...(this.follows.includes(true) ? { follows: this.seedsFollowed() } : {}),
    };
  }

  /** Become, bit for bit, what `snapshot` was; environments that take no snapshots begin new episodes, by the seeds that come next. */
  restore(snapshot: VecEnvSnapshot): void {
    for (let i = 0; i < this.numEnvs; i++) {
      this.streams[i]!.restore(snapshot.seeds[i] as never);
      this.curricula[i]?.restore(snapshot.curricula[i]!);
      const followed = snapshot.follows?.[i] ?? undefined;
      this.follows[i] = followed !== undefined;
      if (snapshot.envs[i] === null) {
        this.episodeSeeds[i] = followed ?? "";
        this.restart(i);
        continue;
      }
      this.actOn(i, this.envs[i]!.restore(snapshot.envs[i] as never));
      this.episodeSeeds[i] = followed ?? (snapshot.envs[i] as EnvSnapshot).seed;
      this.hasEnded[i] = snapshot.ended?.[i] ?? false;
      this.returns[i] = snapshot.returns[i]!;
      this.lengths[i] = snapshot.lengths[i]!;
      this.isFirst[i] = this.lengths[i] === 0 ? 1 : 0;
      this.terms[i] = { ...snapshot.terms[i]! };
      this.lead[i] = snapshot.lead[i]!;
    }
  }

  private seedsFollowed(): (string | null)[] {
    return this.episodeSeeds.map((seed, i) => (this.follows[i] ? seed : null));
  }

  /** Let the curriculum of environment `i` see how its episode ended, and return the difficulty that this one had. */
  private followCurriculum(i: number, info: StepInfo, cut: boolean): { readonly difficulty?: number } {
    const curriculum = this.curricula[i];
    const had = difficultyOf(curriculum);
    if (!cut && info.nonFinite === undefined) curriculum?.observe(info.success);
    return had;
  }

  private stepOne(env: Env, actions: Float32Array, i: number): StepResult {
    const result = blaming(env.id, "step()", () => env.step(actions, i * this.actionSize));
    this.checkShape(env.id, "step()", result.observation);
    if (!Number.isFinite(result.reward)) {
      throw new UsageError(
        `${env.id}: step() returned the reward ${result.reward}, expected a finite number. "armgym check" looks at it closely.`,
      );
    }
    return result;
  }

  /** In mode "Disabled" an episode that has ended is not gone on with. */
  private requireReset(): void {
    const i = this.autoresetMode === "Disabled" ? this.hasEnded.indexOf(true) : -1;
    if (i < 0) return;
    throw new UsageError(
      `VecEnv: the episode of environment ${i} has ended. Call reset({ mask }) before the next step, or choose another autoresetMode.`,
    );
  }

  /** Of environment `i` there is no last step that anything could be said of. */
  private settle(i: number): void {
    this.rewards[i] = 0;
    for (const flags of [this.terminated, this.truncated, this.cut, this.dropped]) flags[i] = 0;
  }

  private actFrom(i: number, { state, image, privileged }: Observation): void {
    this.finalObservations.set(state, i * this.observationSize);
    if (image) this.finalImages.set(image, i * this.imageSize);
    if (privileged) this.finalPrivileged.set(privileged, i * this.privilegedSize);
  }

  private actOn(i: number, { state, image, privileged }: Observation): void {
    this.observations.set(state, i * this.observationSize);
    if (image) this.images.set(image, i * this.imageSize);
    if (privileged) this.privileged.set(privileged, i * this.privilegedSize);
  }

  private checkShape(id: string, call: string, { state }: Observation): void {
    if (state.length === this.observationSize) return;
    throw new UsageError(
      `${id}: ${call} returned an observation of ${state.length} entries, its spec names ${this.observationSize}. "armgym check" looks at it closely.`,
    );
  }

  /** Begin an episode of environment `i`, with a seed of the caller's or the next one, and return where it begins. */
  private restart(i: number, given?: number | string): Observation {
    const env = this.envs[i]!;
    if (given !== undefined) this.follows[i] = true;
    const seed = given ?? this.nextSeed(i);
    const { observation, info } = blaming(env.id, "reset()", () =>
      env.reset({ seed, ...difficultyOf(this.curricula[i]) }),
    );
    this.episodeSeeds[i] = info.seed;
    this.hasEnded[i] = false;
    this.isFirst[i] = 1;
    this.checkShape(env.id, "reset()", observation);
    this.actOn(i, observation);
    this.returns[i] = 0;
    this.lengths[i] = 0;
    this.terms[i] = {};
    return observation;
  }

  private nextSeed(i: number): string {
    if (this.follows[i]) return followingSeed(this.spec.id, this.episodeSeeds[i]!);
    return `${this.firstIndex + i}-${Math.floor(this.streams[i]!.uniform() * 2 ** 32)}`;
  }
}

function difficultyOf(curriculum: Curriculum | undefined): { readonly difficulty?: number } {
  return curriculum ? { difficulty: curriculum.difficulty } : {};
}
