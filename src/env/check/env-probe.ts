// What the checks of an environment do with it: play, record, compare.
import { createRandom } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import { sampleSpace } from "../../spaces/space.js";
import type { Env, StepInfo, StepResult } from "../env.js";
import type { Observation } from "../observation.js";

/** Play random actions, each for `held` steps (default 1), and return the first complaint. */
export function play(
  env: Env,
  seed: number,
  steps: number,
  look: (result: StepResult) => string | undefined,
  held = 1,
): string | undefined {
  const random = createRandom(`check/${seed}`);
  env.reset({ seed });
  let action = new Float32Array(0);
  for (let step = 0; step < steps; step++) {
    if (step % held === 0) action = sampleSpace(env.actionSpace, random) as Float32Array<ArrayBuffer>;
    const result = env.step(action);
    const complaint = look(result);
    if (complaint) return `step ${step}: ${complaint}`;
    if (result.terminated || result.truncated) env.reset();
  }
  return undefined;
}

/** All numbers of some steps, one after another; flags and infos go to `infos` as text. */
export function record(env: Env, seed: number, between?: () => void, infos: string[] = []): number[] {
  const numbers: number[] = [];
  // not by spreading: an image has more numbers than a call takes arguments
  const keep = ({ state, image, privileged }: Observation) => {
    for (const part of [state, image ?? [], privileged ?? []]) for (const value of part) numbers.push(value);
  };
  keep(env.reset({ seed }).observation);
  for (let step = 0; step < 20; step++) {
    between?.();
    const { observation, reward, terminated, truncated, info } = env.step(sampleAction(env, seed + step));
    keep(observation);
    numbers.push(reward);
    infos.push(JSON.stringify([terminated, truncated, info]));
    if (terminated || truncated) keep(env.reset().observation);
  }
  return numbers;
}

/** Play one episode to its end. */
export function playToEnd(env: Env, seed: number): void {
  env.reset({ seed });
  for (let step = 0; step < env.spec.maxEpisodeSteps; step++) {
    const { terminated, truncated, info } = env.step(sampleAction(env, seed));
    requireFinite(info);
    if (terminated || truncated) return;
  }
}

/** Throw a UsageError where the NaN guard ended the episode, so that it is reported as what it is. */
export function requireFinite({ nonFinite }: StepInfo): void {
  if (nonFinite === undefined) return;
  throw new UsageError(`${nonFinite} is not finite; look for divisions by zero in reward and observation`);
}

/** Draw the action that `seed` names. */
export function sampleAction(env: Env, seed: number): Float32Array {
  return sampleSpace(env.actionSpace, createRandom(`check/action/${seed}`)) as Float32Array;
}

/** Return whether two lists hold the same numbers, NaN and -0 included. */
export function sameBytes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}

/** Return whether `action` throws. */
export function throws(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
