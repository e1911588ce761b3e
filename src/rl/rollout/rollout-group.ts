// A group of environments with its own random stream: the unit of work that any thread may do.
import type { Arrays } from "../../compile/engines/engine.js";
import type { EnvFactory } from "../../env/env.js";
import { type EpisodeResult, VecEnv, type VecEnvSnapshot } from "../../env/vec-env.js";
import { clippedAction } from "../../math/clipped-action.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import type { ModelRunner, ModelWeights } from "../../model/model-runner.js";
import type { ImageInput } from "../../nn/image-encoder.js";
import type { Teacher } from "../imitation/teacher.js";
import { joinRows } from "../policy-inputs.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { requireFiniteMean } from "./finite-mean.js";
import { countStep, type RolloutControl } from "./rollout-control.js";
import type { RolloutData } from "./rollout-data.js";
import { sequenceStarts } from "./sequence-starts.js";

/** State of a group as plain data. */
export interface RolloutGroupSnapshot {
  readonly envs: VecEnvSnapshot;
  readonly noise: RandomState;
  /** What a policy with memory remembers of the episodes that are under way. [N * memory size] */
  readonly memory?: Float32Array;
  /** 1 where the teacher acts in the episode that is under way. [N] */
  readonly byTeacher?: Uint8Array;
}

/** How a rollout is guided by a teacher. */
export interface Guidance {
  /** Share of the episodes starting now in which the teacher acts itself. */
  readonly share: number;
  /** Standard deviation of the noise on what is executed; none on the gripper. */
  readonly noise: number;
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

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
  /** Once there was a teacher: 1 where it acts in the episode under way. */
  private byTeacher: Uint8Array | undefined;

  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    settings: PpoSettings,
    runner: ModelRunner,
    {
      seed,
      index,
      image,
    }: { readonly seed: number | string; readonly index: number; readonly image?: ImageInput | undefined },
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
      ...(staggerEpisodes ? { totalEnvs } : {}),
    });
    this.noise = createRandom(`${seed}/action/${index}`);
    this.image = image;
  }

  /**
   * Take `numSteps` steps by `acting`, fill `data`, and return the episodes that ended.
   *
   * With a teacher `data.actions` is what it says, and some episodes, which are not returned, are its own.
   */
  async collect(
    acting: ModelWeights,
    data: RolloutData,
    guided?: Guidance & { readonly teacher: Teacher },
    control?: RolloutControl,
  ): Promise<EpisodeResult[]> {
    const { envs, settings, runner } = this;
    const { numEnvs, actionSize } = envs;
    const episodes: EpisodeResult[] = [];
    data.excluded.fill(0);
    if (guided) this.byTeacher ??= new Uint8Array(numEnvs).fill(1);
    runner.load(acting);
    for (let t = 0; t < settings.numSteps; t++) {
      const row = t * numEnvs;
      const seen = this.seen(envs.observations, envs.privileged, envs.images);
      data.observations.set(seen.observation!, row * (seen.observation!.length / numEnvs));
      this.keepImages(data, t);
      this.keepMemory(data, t);
      const { mean, logStd, value } = await runner.predict(seen);
      requireFiniteMean(mean as Float32Array, envs.spec, numEnvs);
      const actions = data.actions.subarray(row * actionSize, (row + numEnvs) * actionSize);
      let executed = actions;
      if (guided) {
        const { privileged, observations } = envs;
        actions.set(await guided.teacher.act(privileged.length > 0 ? privileged : observations));
        executed = this.disturbed(actions, mean as Float32Array, guided.noise);
      } else {
        for (let i = 0; i < numEnvs; i++) {
          let logProb = 0;
          for (let k = 0; k < actionSize; k++) {
            const noise = this.noise.normal();
            const spread = logStd![k]!;
            actions[i * actionSize + k] = mean![i * actionSize + k]! + Math.exp(spread) * noise;
            logProb -= 0.5 * noise * noise + spread + LOG_TWO_PI / 2;
          }
          data.logProbs[row + i] = logProb;
        }
      }
      data.values.set(value as Float32Array, row);
      const ended = envs.step(executed);
      countStep(control);
      const isOwn = ({ env, dropped }: EpisodeResult) =>
        dropped !== undefined || this.byTeacher![env - this.index * numEnvs] === 0;
      episodes.push(...(guided ? ended.filter(isOwn) : ended));
      data.rewards.set(envs.rewards, row);
      data.terminated.set(envs.terminated, row);
      data.truncated.set(envs.truncated, row);
      for (let i = 0; i < numEnvs; i++) if (envs.dropped[i] === 1) excludeEpisode(data, t, i, numEnvs);
      if (envs.truncated.includes(1) && !guided) {
        const final = await runner.peek(
          this.seen(envs.finalObservations, envs.finalPrivileged, envs.finalImages),
        );
        data.finalValues.set(final.value as Float32Array, row);
      }
      // only now: the value of where an episode ended still depends on all of it
      this.forgetEnded();
      if (guided) this.chooseActors(guided.share);
    }
    if (guided) return episodes;
    const last = await runner.peek(this.seen(envs.observations, envs.privileged, envs.images));
    data.lastValues.set(last.value as Float32Array);
    return episodes;
  }

  snapshot(): RolloutGroupSnapshot {
    const { byTeacher } = this;
    const snapshot = {
      envs: this.envs.snapshot(),
      noise: this.noise.state(),
      ...(byTeacher ? { byTeacher: byTeacher.slice() } : {}),
    };
    const { memory } = this.runner;
    return memory ? { ...snapshot, memory: memory.slice() } : snapshot;
  }

  restore(snapshot: RolloutGroupSnapshot): void {
    this.envs.restore(snapshot.envs);
    this.noise.restore(snapshot.noise);
    this.runner.remember(snapshot.memory);
    this.byTeacher = snapshot.byTeacher?.slice();
  }

  /** What the policy is given of what the environments hold. */
  private seen(states: Float32Array, privileged: Float32Array, image: Uint8Array): Arrays {
    const observation = joinRows(states, privileged, this.envs.numEnvs, this.runner.widthOf("observation"));
    return this.image ? { observation, image } : { observation };
  }

  /** Keep the images acted on at step `t` in the order that the policy learns from. */
  private keepImages({ images }: RolloutData, t: number): void {
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

  /** Return what is executed where a teacher says `labels` and the policy `mean`. */
  private disturbed(labels: Float32Array, mean: Float32Array, noise: number): Float32Array {
    const { action } = this.envs.spec;
    return labels.map((label, k) => {
      const entry = k % action.length;
      const wanted = this.byTeacher![Math.floor(k / action.length)] === 1 ? label : mean[k]!;
      const spread = action[entry]!.name === "gripper" ? 0 : noise;
      return clippedAction(wanted) + (spread === 0 ? 0 : spread * this.noise.normal());
    });
  }

  /** Choose who acts in the episodes that start now. */
  private chooseActors(share: number): void {
    const { terminated, truncated, numEnvs } = this.envs;
    for (let i = 0; i < numEnvs; i++)
      if (terminated[i] === 1 || truncated[i] === 1)
        this.byTeacher![i] = this.noise.uniform() < share ? 1 : 0;
  }

  /** Keep what is remembered before step `t` where a sequence starts there. */
  private keepMemory({ memories }: RolloutData, t: number): void {
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
  { excluded, terminated, truncated }: RolloutData,
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
