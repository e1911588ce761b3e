// A group of environments with its own random stream: the unit of work that any thread may do.
import type { Arrays } from "../../compile/engines/engine.js";
import type { EnvFactory } from "../../env/env.js";
import { type EpisodeResult, VecEnv, type VecEnvSnapshot } from "../../env/vec-env.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import type { ModelRunner, ModelWeights } from "../../model/model-runner.js";
import type { ImageInput } from "../../nn/image-encoder.js";
import type { Teacher } from "../imitation/teacher.js";
import { joinRows } from "../policy-inputs.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { requireFiniteMean } from "./finite-mean.js";
import type { RolloutBuffer } from "./rollout-buffer.js";
import { countStep, type RolloutControl } from "./rollout-control.js";
import { sequenceStarts } from "./sequence-starts.js";
import { PolicyStrategy } from "./strategies/policy-strategy.js";
import type { Collection, CollectionStrategy } from "./strategies/strategy.js";
import { TeacherStrategy } from "./strategies/teacher-strategy.js";

/** State of a group as plain data. */
export interface RolloutGroupSnapshot {
  readonly envs: VecEnvSnapshot;
  readonly noise: RandomState;
  /** What a policy with memory remembers of the episodes that are under way. [N * memory size] */
  readonly memory?: Float32Array;
  /** 1 where the teacher acts in the episode that is under way. [N] */
  readonly byTeacher?: Uint8Array;
}

/** Which group it is, and what its policy and its teacher are like. */
export interface RolloutGroupOptions {
  /** Of the run. */
  readonly seed: number | string;
  /** Among the groups of the run. */
  readonly index: number;
  /** How the policy takes images; absent: it sees none. */
  readonly image?: ImageInput | undefined;
  /** Who may say what to do in this group. */
  readonly teacher?: Teacher | undefined;
}

/** Steps a group by a policy; draws its noise from `${seed}/action/${index}`. */
export class RolloutGroup {
  readonly index: number;
  readonly envs: VecEnv;
  private readonly noise: Random;
  private readonly settings: PpoSettings;
  private readonly sequenceStarts: readonly number[];
  /** Runs the policy, and remembers the episodes that are under way. */
  private readonly runner: ModelRunner;
  /** How the policy takes images. */
  private readonly image: ImageInput | undefined;
  private readonly byPolicy: PolicyStrategy;
  /** There where there is a teacher. */
  private readonly byTeacher: TeacherStrategy | undefined;

  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    settings: PpoSettings,
    runner: ModelRunner,
    { seed, index, image, teacher }: RolloutGroupOptions,
  ) {
    const { envsPerGroup: numEnvs, numEnvs: totalEnvs, staggerEpisodes = true } = settings;
    this.index = index;
    this.settings = settings;
    this.runner = runner;
    this.sequenceStarts = sequenceStarts(settings);
    this.envs = new VecEnv(factory, config, {
      runSeed: seed,
      firstIndex: index * numEnvs,
      numEnvs,
      autoresetMode: "SameStep",
      ...(staggerEpisodes ? { totalEnvs } : {}),
    });
    this.noise = createRandom(`${seed}/action/${index}`);
    this.image = image;
    this.byPolicy = new PolicyStrategy(this.envs, this.noise, async (states, privileged, images) => {
      const { value } = await runner.peek(this.inputsOf(states, privileged, images));
      return value as Float32Array;
    });
    this.byTeacher = teacher && new TeacherStrategy(this.envs, this.noise, teacher, index * numEnvs);
  }

  /**
   * Take `numSteps` steps, fill `data`, and return the episodes that ended.
   *
   * Collected by the teacher, `data.actions` is what it says, and some episodes, which are not returned, are its own.
   */
  async collect(
    acting: ModelWeights,
    data: RolloutBuffer,
    collection: Collection,
    control?: RolloutControl,
  ): Promise<EpisodeResult[]> {
    const { envs, settings, runner } = this;
    const { numEnvs } = envs;
    const strategy = this.strategyOf(collection);
    const episodes: EpisodeResult[] = [];
    data.excluded.fill(0);
    runner.load(acting);
    for (let t = 0; t < settings.numSteps; t++) {
      const row = t * numEnvs;
      const inputs = this.inputsOf(envs.observations, envs.privileged, envs.images);
      data.observations.set(inputs.observation!, row * (inputs.observation!.length / numEnvs));
      this.keepImages(data, t);
      this.keepMemory(data, t);
      const outputs = await runner.predict(inputs);
      requireFiniteMean(outputs.mean as Float32Array, envs.spec, numEnvs);
      data.values.set(outputs.value as Float32Array, row);
      const ended = envs.step(await strategy.act(data, t, outputs));
      countStep(control);
      for (const episode of ended) if (strategy.counts(episode)) episodes.push(episode);
      data.rewards.set(envs.rewards, row);
      data.terminated.set(envs.terminated, row);
      data.truncated.set(envs.truncated, row);
      for (let i = 0; i < numEnvs; i++) if (envs.dropped[i] === 1) excludeEpisode(data, t, i, numEnvs);
      await strategy.stepped(data, t);
      // only now: the value of where an episode ended still depends on all of it
      this.forgetEnded();
    }
    await strategy.finish(data);
    return episodes;
  }

  snapshot(): RolloutGroupSnapshot {
    const { byTeacher } = this;
    // what is remembered of episodes that cannot be gone on with
    const memory = this.envs.spec.snapshots === false ? undefined : this.runner.memory;
    return {
      envs: this.envs.snapshot(),
      noise: this.noise.state(),
      ...(byTeacher ? { byTeacher: byTeacher.actors() } : {}),
      ...(memory ? { memory: memory.slice() } : {}),
    };
  }

  restore(snapshot: RolloutGroupSnapshot): void {
    this.envs.restore(snapshot.envs);
    this.noise.restore(snapshot.noise);
    this.runner.remember(snapshot.memory);
    this.byTeacher?.restore(snapshot.byTeacher);
  }

  private strategyOf(collection: Collection): CollectionStrategy {
    const { byPolicy, byTeacher } = this;
    if (collection.by === "policy") return byPolicy;
    if (!byTeacher)
      throw new UsageError(
        "createPool made a pool without the teacher that is to be imitated: give it the teacher.",
      );
    byTeacher.begin(collection);
    return byTeacher;
  }

  /** What the policy is given of what the environments hold. */
  private inputsOf(states: Float32Array, privileged: Float32Array, image: Uint8Array): Arrays {
    const observation = joinRows(states, privileged, this.envs.numEnvs, this.runner.widthOf("observation"));
    return this.image ? { observation, image } : { observation };
  }

  /** Keep the images acted on at step `t` in the order that the policy learns from. */
  private keepImages({ images }: RolloutBuffer, t: number): void {
    const { numEnvs, imageSize, images: drawn } = this.envs;
    if (!this.image) return;
    const { order } = this.image;
    const first = t * numEnvs * imageSize;
    if (!order) images.set(drawn, first);
    else
      for (let i = 0; i < numEnvs; i++) {
        const from = i * imageSize;
        for (let k = 0; k < imageSize; k++) images[first + from + k] = drawn[from + order[k]!]!;
      }
  }

  /** Keep what is remembered before step `t` where a sequence starts there. */
  private keepMemory({ memories }: RolloutBuffer, t: number): void {
    const { memory } = this.runner;
    const sequence = this.sequenceStarts.indexOf(t);
    if (memory && sequence >= 0) memories.set(memory, sequence * memory.length);
  }

  /** Empty the memory of environments whose episode has just ended. */
  private forgetEnded(): void {
    const { terminated, truncated, numEnvs } = this.envs;
    for (let i = 0; i < numEnvs; i++) if (terminated[i] === 1 || truncated[i] === 1) this.runner.reset(i);
  }
}

/** Exclude the steps of the episode that ends at step `t` of environment `i`, as far back as this rollout holds them. */
function excludeEpisode(
  { excluded, terminated, truncated }: RolloutBuffer,
  t: number,
  i: number,
  numEnvs: number,
) {
  for (let step = t; step >= 0; step--) {
    const row = step * numEnvs + i;
    if (step < t && (terminated[row] === 1 || truncated[row] === 1)) return;
    excluded[row] = 1;
  }
}
