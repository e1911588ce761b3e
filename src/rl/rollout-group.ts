// A group of environments with its own random stream: the unit of work that any thread may do.
import type { Arrays, CompiledFunction } from "../compile/engine.js";
import type { EnvFactory } from "../env/env.js";
import { type EpisodeResult, VecEnv, type VecEnvSnapshot } from "../env/vec-env.js";
import { createRandom, type Random, type RandomState } from "../math/random.js";
import { emptyMemory, nextMemory } from "./acting-memory.js";
import type { PpoSettings } from "./ppo-settings.js";
import { sequenceStarts } from "./sequences.js";

/** What a rollout of one group fills; index `t * groupSize + i`. The arrays may be shared between threads. */
export interface RolloutData {
  /** Raw observations acted on. [T * N * O] */
  readonly observations: Float32Array;
  /** Sampled actions before clipping. [T * N * A] */
  readonly actions: Float32Array;
  readonly logProbs: Float32Array;
  readonly rewards: Float32Array;
  readonly values: Float32Array;
  readonly finalValues: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** 1 for every step of an episode that the NaN guard dropped: nothing is learnt from it. */
  readonly excluded: Uint8Array;
  /** [N] */
  readonly lastValues: Float32Array;
  /** What was remembered before each sequence that the rollout is cut into; index `(sequence * N + i) * memory size`. */
  readonly memories: Float32Array;
}

/** What a policy needs to act: parameters and the normaliser's statistics, frozen during a rollout. */
export interface ActingState {
  readonly parameters: Float32Array;
  readonly observationMean: Float32Array;
  /** 1 / √(variance + 1e-8) */
  readonly observationScale: Float32Array;
}

/** State of a group as plain data. */
export interface RolloutGroupSnapshot {
  readonly envs: VecEnvSnapshot;
  readonly noise: RandomState;
  /** What a policy with memory remembers of the episodes that are under way. [N * memory size] */
  readonly memory?: Float32Array;
}

/** Return the byte length of one group's data and the arrays on it. */
export function rolloutData(
  settings: PpoSettings,
  observationSize: number,
  actionSize: number,
  memorySize: number,
  buffer?: SharedArrayBuffer | ArrayBuffer,
): RolloutData & { readonly buffer: SharedArrayBuffer | ArrayBuffer } {
  const { numSteps, groupSize } = settings;
  const rows = numSteps * groupSize;
  const remembered = memorySize * groupSize * sequenceStarts(settings).length;
  const floats = rows * (observationSize + actionSize + 4) + groupSize + remembered;
  const memory = buffer ?? new SharedArrayBuffer(4 * floats + 3 * rows);
  let offset = 0;
  const take = (length: number) => {
    const array = new Float32Array(memory, offset, length);
    offset += 4 * length;
    return array;
  };
  const observations = take(rows * observationSize);
  const actions = take(rows * actionSize);
  const [logProbs, rewards, values, finalValues] = [take(rows), take(rows), take(rows), take(rows)];
  const lastValues = take(groupSize);
  const memories = take(remembered);
  const terminated = new Uint8Array(memory, offset, rows);
  const truncated = new Uint8Array(memory, offset + rows, rows);
  const excluded = new Uint8Array(memory, offset + 2 * rows, rows);
  const arrays = {
    observations,
    actions,
    logProbs,
    rewards,
    values,
    finalValues,
    lastValues,
    memories,
    terminated,
    truncated,
    excluded,
  };
  return { buffer: memory, ...arrays };
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

  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    settings: PpoSettings,
    seed: number | string,
    index: number,
  ) {
    const { groupSize: numEnvs, numEnvs: totalEnvs, staggerEpisodes = true } = settings;
    this.index = index;
    this.settings = settings;
    this.sequenceStarts = sequenceStarts(settings);
    this.envs = new VecEnv(factory, config, {
      runSeed: seed,
      firstIndex: index * numEnvs,
      numEnvs,
      totalEnvs: staggerEpisodes ? totalEnvs : Number.POSITIVE_INFINITY,
    });
    this.noise = createRandom(`${seed}/action/${index}`);
  }

  /** Take `numSteps` steps, fill `data`, and return the episodes that ended. */
  async collect(
    inference: CompiledFunction,
    acting: ActingState,
    data: RolloutData,
  ): Promise<EpisodeResult[]> {
    const { envs, settings } = this;
    const { numEnvs, observationSize, actionSize } = envs;
    const episodes: EpisodeResult[] = [];
    data.excluded.fill(0);
    if (!this.memory.memory) this.memory = emptyMemory(inference);
    for (let t = 0; t < settings.numSteps; t++) {
      const row = t * numEnvs;
      data.observations.set(envs.observations, row * observationSize);
      this.keepMemory(data, t);
      const said = await inference.run({ ...acting, observations: envs.observations, ...this.memory });
      const { mean, logStd, value } = said;
      this.memory = nextMemory(said);
      const actions = data.actions.subarray(row * actionSize, (row + numEnvs) * actionSize);
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
      data.values.set(value as Float32Array, row);
      episodes.push(...envs.step(actions));
      data.rewards.set(envs.rewards, row);
      data.terminated.set(envs.terminated, row);
      data.truncated.set(envs.truncated, row);
      for (let i = 0; i < numEnvs; i++) if (envs.dropped[i] === 1) excludeEpisode(data, t, i, numEnvs);
      if (envs.truncated.includes(1)) {
        const final = await inference.run({
          ...acting,
          observations: envs.finalObservations,
          ...this.memory,
        });
        data.finalValues.set(final.value as Float32Array, row);
      }
      // only now: the value of where an episode ended still depends on all of it
      this.forgetEnded();
    }
    const last = await inference.run({ ...acting, observations: envs.observations, ...this.memory });
    data.lastValues.set(last.value as Float32Array);
    return episodes;
  }

  snapshot(): RolloutGroupSnapshot {
    const snapshot = { envs: this.envs.snapshot(), noise: this.noise.state() };
    const { memory } = this.memory;
    return memory ? { ...snapshot, memory: (memory as Float32Array).slice() } : snapshot;
  }

  restore(snapshot: RolloutGroupSnapshot): void {
    this.envs.restore(snapshot.envs);
    this.noise.restore(snapshot.noise);
    this.memory = snapshot.memory ? { memory: snapshot.memory.slice() } : {};
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
