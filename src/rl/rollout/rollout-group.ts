// A group of environments with its own random stream: the unit of work that any thread may do.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";
import type { EnvFactory } from "../../env/env.js";
import { type EpisodeResult, VecEnv, type VecEnvSnapshot } from "../../env/vec-env.js";
import { createRandom, type Random, type RandomState } from "../../math/random.js";
import type { ImageInput } from "../../nn/image-encoder.js";
import type { Teacher } from "../imitation/teacher.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { emptyMemory, nextMemory } from "./acting-memory.js";
import { requireFiniteMean } from "./finite-mean.js";
import type { ActingState } from "./inference.js";
import { countStep, type RolloutControl } from "./rollout-control.js";
import type { RolloutData } from "./rollout-data.js";
import { joinRows } from "./senses.js";
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
  /** Empty until the first rollout, and for good where the policy has no memory. */
  private memory: Arrays = {};
  /** How the policy takes images. */
  private readonly image: ImageInput | undefined;
  /** Once there was a teacher: 1 where it acts in the episode under way. */
  private byTeacher: Uint8Array | undefined;

  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    settings: PpoSettings,
    seed: number | string,
    index: number,
    image?: ImageInput,
  ) {
    const { groupSize: numEnvs, numEnvs: totalEnvs, staggerEpisodes = true } = settings;
    this.index = index;
    this.settings = settings;
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
   * Take `numSteps` steps, fill `data`, and return the episodes that ended.
   *
   * With a teacher `data.actions` is what it says, and some episodes, which are not returned, are its own.
   */
  async collect(
    inference: CompiledFunction,
    acting: ActingState,
    data: RolloutData,
    guided?: Guidance & { readonly teacher: Teacher },
    control?: RolloutControl,
  ): Promise<EpisodeResult[]> {
    const { envs, settings } = this;
    const { numEnvs, actionSize } = envs;
    const episodes: EpisodeResult[] = [];
    data.excluded.fill(0);
    if (guided) this.byTeacher ??= new Uint8Array(numEnvs).fill(1);
    if (!this.memory.memory) this.memory = emptyMemory(inference);
    for (let t = 0; t < settings.numSteps; t++) {
      const row = t * numEnvs;
      const seen = this.seenBy(inference, envs.observations, envs.privileged, envs.images);
      data.observations.set(seen.observations!, row * (seen.observations!.length / numEnvs));
      this.keepImages(data, t);
      this.keepMemory(data, t);
      const said = await inference.run({ ...acting, ...seen, ...this.memory });
      const { mean, logStd, value } = said;
      requireFiniteMean(mean as Float32Array, envs.spec, numEnvs);
      this.memory = nextMemory(said);
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
        const final = await inference.run({
          ...acting,
          ...this.seenBy(inference, envs.finalObservations, envs.finalPrivileged, envs.finalImages),
          ...this.memory,
        });
        data.finalValues.set(final.value as Float32Array, row);
      }
      // only now: the value of where an episode ended still depends on all of it
      this.forgetEnded();
      if (guided) this.chooseActors(guided.share);
    }
    if (guided) return episodes;
    const seen = this.seenBy(inference, envs.observations, envs.privileged, envs.images);
    const last = await inference.run({ ...acting, ...seen, ...this.memory });
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
    const { memory } = this.memory;
    return memory ? { ...snapshot, memory: (memory as Float32Array).slice() } : snapshot;
  }

  restore(snapshot: RolloutGroupSnapshot): void {
    this.envs.restore(snapshot.envs);
    this.noise.restore(snapshot.noise);
    this.memory = snapshot.memory ? { memory: snapshot.memory.slice() } : {};
    this.byTeacher = snapshot.byTeacher?.slice();
  }

  private seenBy(
    { inputs }: CompiledFunction,
    states: Float32Array,
    privileged: Float32Array,
    images: Uint8Array,
  ): Arrays {
    const observations = joinRows(states, privileged, this.envs.numEnvs, inputs.observations!.shape[1]!);
    return inputs.images ? { observations, images } : { observations };
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
      return Math.max(-1, Math.min(1, wanted)) + (spread === 0 ? 0 : spread * this.noise.normal());
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
    const { memory } = this.memory;
    const sequence = this.sequenceStarts.indexOf(t);
    if (memory && sequence >= 0) memories.set(memory as Float32Array, sequence * memory.length);
  }

  /** Empty the memory of environments whose episode has just ended. */
  private forgetEnded(): void {
    const { memory } = this.memory;
    const { terminated, truncated, numEnvs } = this.envs;
    if (!memory) return;
    const size = memory.length / numEnvs;
    for (let i = 0; i < numEnvs; i++)
      if (terminated[i] === 1 || truncated[i] === 1) memory.fill(0, i * size, (i + 1) * size);
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
