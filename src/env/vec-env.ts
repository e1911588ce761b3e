// A group of environments stepped as one batch: the unit of work of a rollout.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import { blaming } from "./blaming.js";
import type { Env, EnvFactory, EnvInfo, StateFrame, StepInfo, StepResult } from "./env.js";
import type { Observation } from "./observation.js";
import { Curriculum, type CurriculumSnapshot, parseCurriculum } from "./randomization/curriculum.js";
import { requireInRange } from "./settings/setting-range.js";

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
  readonly envs: readonly unknown[];
  readonly seeds: readonly unknown[];
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly terms: readonly Readonly<Record<string, number>>[];
  readonly lead: readonly number[];
  /** Of each environment, where there is a curriculum. */
  readonly curricula: readonly CurriculumSnapshot[];
}

const RANGES = {
  numEnvs: { least: 1, most: 4096, whole: true },
  firstIndex: { least: 0, whole: true },
  totalEnvs: { least: 1, whole: true },
};

/**
 * Step `numEnvs` environments together; those that end start again at once.
 *
 * Environment `i` of the run draws its episode seeds from the stream `${runSeed}/env/${i}`, whichever group or worker
 * steps it. The arrays are overwritten by the next step.
 *
 * @example
 * const group = new VecEnv(envs["Reach-v1"], {}, { runSeed: 1, firstIndex: 0, numEnvs: 8, totalEnvs: 8 });
 */
export class VecEnv {
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
  /** 1 where the time limit ended it. [numEnvs] */
  readonly truncated: Uint8Array;
  /** 1 where the NaN guard dropped the episode in the last step. [numEnvs] */
  readonly dropped: Uint8Array;
  private readonly envs: Env[];
  private readonly factory: EnvFactory;
  private readonly config: Readonly<Record<string, unknown>>;
  private readonly firstIndex: number;
  private readonly seeds: readonly Random[];
  private readonly returns: number[];
  private readonly lengths: number[];
  private readonly terms: Record<string, number>[];
  /** Steps by which an environment's first episode is cut short, so that episodes do not end all at once. */
  private readonly lead: number[];
  /** One per environment, or none at all. */
  private readonly curricula: readonly Curriculum[];

  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    options: {
      readonly runSeed: number | string;
      readonly firstIndex: number;
      readonly numEnvs: number;
      /** Environments of the whole run, among which first episodes are cut short evenly; absent: none is. */
      readonly totalEnvs?: number;
    },
  ) {
    const { runSeed, firstIndex, numEnvs, totalEnvs } = options;
    const given = { numEnvs, firstIndex, ...(totalEnvs === undefined ? {} : { totalEnvs }) };
    requireInRange(given, RANGES, (name) => `The option "${name}" of VecEnv`);
    this.numEnvs = numEnvs;
    this.factory = factory;
    this.config = config;
    this.firstIndex = firstIndex;
    const indices = Array.from({ length: numEnvs }, (_, i) => firstIndex + i);
    this.envs = indices.map(() => factory.create(config));
    this.seeds = indices.map((index) => createRandom(`${runSeed}/env/${index}`));
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
    this.dropped = new Uint8Array(numEnvs);
    this.returns = new Array<number>(numEnvs).fill(0);
    this.lengths = new Array<number>(numEnvs).fill(0);
    this.terms = indices.map(() => ({}));
    for (let i = 0; i < numEnvs; i++) this.restart(i);
  }

  /** Act with `actions` [numEnvs, actionSize] and return the episodes that ended. */
  step(actions: Float32Array): EpisodeResult[] {
    const ended: EpisodeResult[] = [];
    for (let i = 0; i < this.numEnvs; i++) {
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
      this.dropped[i] = info.nonFinite === undefined ? 0 : 1;
      this.finalObservations.set(observation.state, i * this.observationSize);
      if (observation.image) this.finalImages.set(observation.image, i * this.imageSize);
      if (observation.privileged) this.finalPrivileged.set(observation.privileged, i * this.privilegedSize);
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
      this.restart(i);
    }
    return ended;
  }

  /** Copy the state of all environments and their seed streams. */
  snapshot(): VecEnvSnapshot {
    return {
      envs: this.envs.map((env) => env.snapshot()),
      seeds: this.seeds.map((stream) => stream.state()),
      returns: [...this.returns],
      lengths: [...this.lengths],
      terms: this.terms.map((terms) => ({ ...terms })),
      lead: [...this.lead],
      curricula: this.curricula.map((curriculum) => curriculum.snapshot()),
    };
  }

  /** Become, bit for bit, what `snapshot` was. */
  restore(snapshot: VecEnvSnapshot): void {
    for (let i = 0; i < this.numEnvs; i++) {
      this.actOn(i, this.envs[i]!.restore(snapshot.envs[i] as never));
      this.seeds[i]!.restore(snapshot.seeds[i] as never);
      this.returns[i] = snapshot.returns[i]!;
      this.lengths[i] = snapshot.lengths[i]!;
      this.terms[i] = { ...snapshot.terms[i]! };
      this.lead[i] = snapshot.lead[i]!;
      this.curricula[i]?.restore(snapshot.curricula[i]!);
    }
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

  private restart(i: number): void {
    const seed = Math.floor(this.seeds[i]!.uniform() * 2 ** 32);
    const env = this.envs[i]!;
    const { observation } = blaming(env.id, "reset()", () =>
      env.reset({ seed: `${this.firstIndex + i}-${seed}`, ...difficultyOf(this.curricula[i]) }),
    );
    this.checkShape(env.id, "reset()", observation);
    this.actOn(i, observation);
    this.returns[i] = 0;
    this.lengths[i] = 0;
    this.terms[i] = {};
  }
}

function difficultyOf(curriculum: Curriculum | undefined): { readonly difficulty?: number } {
  return curriculum ? { difficulty: curriculum.difficulty } : {};
}
