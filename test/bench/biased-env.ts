// An environment whose observation is off by a constant: what a camera or a table that is not quite where it should be does.
import type { Env, EnvFactory } from "../../src/env/env.js";
import type { Observation, ObservationEntry } from "../../src/env/observation.js";
import { createRandom } from "../../src/math/random.js";

/**
 * Make environments that observe the entries which `isBiased` picks off by `bias`, in their unit.
 *
 * Each entry is off by the same for a whole episode; its sign is drawn per entry and episode from the stream
 * `bias/${seed of the episode}`. Rewards and success are those of the truth, and so is the privileged state.
 */
export function biasedEnv(
  factory: EnvFactory,
  bias: number,
  isBiased: (entry: ObservationEntry) => boolean,
): EnvFactory {
  const create = (config?: Readonly<Record<string, unknown>>): Env => {
    const env = factory.create(config);
    const entries = env.spec.observation.filter(isBiased);
    let offsets: readonly number[] = [];
    const shifted = (observation: Observation): Observation => {
      const state = Float32Array.from(observation.state);
      for (const [k, { index }] of entries.entries()) state[index]! += offsets[k]!;
      return { ...observation, state };
    };
    return Object.assign(Object.create(env) as Env, {
      reset(options?: Parameters<Env["reset"]>[0]) {
        const result = env.reset(options);
        const random = createRandom(`bias/${result.info.seed}`);
        offsets = entries.map(() => (random.uniform() < 0.5 ? -bias : bias));
        return { ...result, observation: shifted(result.observation) };
      },
      step(action: ArrayLike<number>, offset?: number) {
        const result = env.step(action, offset);
        return { ...result, observation: shifted(result.observation) };
      },
    });
  };
  return { ...factory, create };
}
