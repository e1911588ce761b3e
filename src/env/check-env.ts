// Does an environment keep its contract? What Gymnasium's check_env and Stable-Baselines3's checker look at, and more.
import { createRandom } from "../math/random.js";
import { explainMismatch, sampleSpace } from "../spaces/space.js";
import type { Env, EnvFactory, StepResult } from "./env.js";

/** One thing that was looked at. */
export interface CheckItem {
  readonly name: string;
  readonly status: "pass" | "warn" | "fail";
  /** What is wrong and how to mend it; empty when it passed. */
  readonly message: string;
}

/** All that was looked at. */
export interface CheckReport {
  readonly env: string;
  /** True where nothing failed; warnings are allowed. */
  readonly passed: boolean;
  readonly items: readonly CheckItem[];
}

const TRIAL_STEPS = 40;

type Check = (factory: EnvFactory) => string | undefined;

/** Failing one of these means that training would go wrong. */
const CHECKS: Readonly<Record<string, Check>> = {
  "spec names every number once": checkSpec,
  "reset returns an observation of the space": checkReset,
  "step returns an observation, reward and flags": checkSteps,
  "observations are fresh arrays": checkAliasing,
  "the same seed and actions give the same bytes": checkDeterminism,
  "another seed gives another episode": checkSeeds,
  "two instances do not disturb each other": checkIsolation,
  "step before reset and after the end is refused": checkOrder,
  "actions of wrong length or not finite are refused": checkBadActions,
  "actions out of bounds are clipped and counted": checkClipping,
  "the time limit truncates and never terminates": checkTimeLimit,
  "snapshot and restore continue with the same bytes": checkSnapshot,
  "computeReward agrees with the sparse reward": checkComputeReward,
  "unknown settings are refused": checkSettings,
};

const WARNINGS: Readonly<Record<string, Check>> = {
  "actions run from -1 to 1": checkActionBounds,
  "observation bounds are finite": checkObservationBounds,
  "success is possible to tell from the reward": checkRewardVaries,
};

/** Check every environment that `factory` makes with its default config. */
export function checkEnv(factory: EnvFactory): CheckReport {
  const look = (checks: typeof CHECKS, bad: "fail" | "warn"): CheckItem[] =>
    Object.entries(checks).map(([name, check]) => {
      const message = attempt(() => check(factory));
      return { name, status: message === undefined ? "pass" : bad, message: message ?? "" };
    });
  const items = [...look(CHECKS, "fail"), ...look(WARNINGS, "warn")];
  return { env: factory.id, passed: items.every(({ status }) => status !== "fail"), items };
}

function attempt(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkSpec(factory: EnvFactory): string | undefined {
  const { spec } = factory.create();
  const names = [...spec.observation, ...spec.action].map(({ name }) => name);
  const twice = spec.observation.find(({ name }, index) => names.indexOf(name) !== index);
  if (twice) return `the observation names "${twice.name}" twice; give each entry its own name`;
  if (spec.action.length === 0) return "the action has no entries; a policy needs at least one";
  if (spec.observation.length === 0) return "the observation has no entries; a policy needs at least one";
  if (!/^[A-Z][A-Za-z0-9]*-v\d+$/.test(spec.id)) return `the id "${spec.id}" is not of the form Name-v1`;
  return undefined;
}

function checkReset(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const { observation, info } = env.reset({ seed: 1 });
  if (typeof info !== "object" || info === null) return `info is ${String(info)}, expected an object`;
  return explainMismatch(env.observationSpace, observation, "observation");
}

function checkSteps(factory: EnvFactory): string | undefined {
  const env = factory.create();
  return play(env, 2, TRIAL_STEPS, (result) => {
    const { observation, reward, terminated, truncated, info } = result;
    if (info.nonFinite)
      return `${info.nonFinite} is not finite; look for divisions by zero in reward and observation`;
    if (typeof reward !== "number" || !Number.isFinite(reward))
      return `the reward is ${reward}, expected a finite number`;
    if (typeof terminated !== "boolean" || typeof truncated !== "boolean")
      return "terminated and truncated must be booleans";
    if (typeof info.success !== "boolean")
      return `info.success is ${String(info.success)}, expected a boolean`;
    const weights = Object.keys(env.spec.rewardWeights);
    const missing = weights.find((name) => !(name in info.rewardTerms));
    if (missing) return `info.rewardTerms lacks "${missing}", which has a weight`;
    return explainMismatch(env.observationSpace, observation, "observation");
  });
}

function checkAliasing(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const first = env.reset({ seed: 3 }).observation.state;
  const copy = first.slice();
  const second = env.step(sampleAction(env, 3)).observation.state;
  if (first === second || !sameBytes(first, copy))
    return "a step overwrites the observation returned before; return copies";
  return undefined;
}

function checkDeterminism(factory: EnvFactory): string | undefined {
  const [one, other] = [record(factory.create(), 4), record(factory.create(), 4)];
  if (sameBytes(one, other)) return undefined;
  const at = one.findIndex((value, index) => !Object.is(value, other[index]));
  return `two runs with the same seed differ at number ${at}; draw all chance from the random stream given`;
}

function checkSeeds(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const first = env.reset({ seed: 5 }).observation.state;
  const another = env.reset({ seed: 6 }).observation.state;
  const again = env.reset({ seed: 5 }).observation.state;
  if (!sameBytes(first, again)) return "reset with the same seed gives another observation";
  return sameBytes(first, another)
    ? "reset ignores the seed: two seeds give the same observation"
    : undefined;
}

function checkIsolation(factory: EnvFactory): string | undefined {
  const alone = record(factory.create(), 7);
  const [one, other] = [factory.create(), factory.create()];
  const beside = record(one, 7, () => {
    other.reset({ seed: 8 });
    other.step(sampleAction(other, 8));
  });
  return sameBytes(alone, beside)
    ? undefined
    : "a second instance changes the first; keep no state outside the scene";
}

function checkOrder(factory: EnvFactory): string | undefined {
  const env = factory.create();
  if (!throws(() => env.step(sampleAction(env, 9)))) return "step before reset is not refused";
  env.reset({ seed: 9 });
  for (let step = 0; step < env.spec.maxEpisodeSteps; step++) {
    const { terminated, truncated } = env.step(sampleAction(env, 9));
    if (terminated || truncated) break;
  }
  return throws(() => env.step(sampleAction(env, 9)))
    ? undefined
    : "step after the episode's end is not refused";
}

function checkBadActions(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 10 });
  const size = env.spec.action.length;
  if (!throws(() => env.step(new Float32Array(size - 1))))
    return "an action that is too short is not refused";
  return throws(() => env.step(new Float32Array(size).fill(Number.NaN)))
    ? undefined
    : "a NaN action is not refused";
}

function checkClipping(factory: EnvFactory): string | undefined {
  const [env, other] = [factory.create(), factory.create()];
  const size = env.spec.action.length;
  env.reset({ seed: 11 });
  other.reset({ seed: 11 });
  const { observation, info } = env.step(new Float32Array(size).fill(3));
  const clipped = other.step(new Float32Array(size).fill(1));
  if (!sameBytes(observation.state, clipped.observation.state))
    return "an action of 3 does something else than 1";
  return info.clippedActions === size
    ? undefined
    : `info.clippedActions is ${info.clippedActions}, expected ${size}`;
}

function checkTimeLimit(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 12 });
  for (let step = 1; ; step++) {
    const { terminated, truncated } = env.step(sampleAction(env, 12));
    if (terminated && truncated) return "a step is both terminated and truncated";
    if (terminated) return undefined;
    if (truncated) return step === env.spec.maxEpisodeSteps ? undefined : `truncated at step ${step}`;
    if (step > env.spec.maxEpisodeSteps) return `not truncated after ${env.spec.maxEpisodeSteps} steps`;
  }
}

function checkSnapshot(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const count = Math.max(1, Math.min(5, Math.floor((env.spec.maxEpisodeSteps - 1) / 2)));
  env.reset({ seed: 13 });
  for (let step = 0; step < count; step++) env.step(sampleAction(env, step));
  const snapshot = structuredClone(env.snapshot());
  const continued: number[] = [];
  for (let step = 0; step < count; step++)
    continued.push(...env.step(sampleAction(env, step)).observation.state);
  const fresh = factory.create();
  fresh.restore(snapshot);
  const again: number[] = [];
  for (let step = 0; step < count; step++)
    again.push(...fresh.step(sampleAction(fresh, step)).observation.state);
  if (sameBytes(continued, again)) return undefined;
  return "a restored instance goes on differently; put every part of the state into the snapshot";
}

function checkComputeReward(factory: EnvFactory): string | undefined {
  const { goal } = factory.create().spec;
  if (!goal) return undefined;
  const env = factory.create({ rewardMode: "sparse" });
  return play(env, 14, TRIAL_STEPS, ({ observation, reward }) => {
    const { achievedGoal, desiredGoal } = observation;
    if (!achievedGoal || !desiredGoal) return "the observation lacks achievedGoal or desiredGoal";
    const computed = env.computeReward?.(achievedGoal, desiredGoal);
    if (computed !== reward) return `computeReward gives ${computed}, the step gave ${reward}`;
    return env.computeReward?.(desiredGoal, desiredGoal) === 0
      ? undefined
      : "a goal reached exactly is no success";
  });
}

function checkSettings(factory: EnvFactory): string | undefined {
  return throws(() => factory.create({ thereIsNoSuchSetting: 1 }))
    ? undefined
    : "an unknown setting is not refused";
}

function checkActionBounds(factory: EnvFactory): string | undefined {
  const wrong = factory.create().spec.action.find(({ low, high }) => low !== -1 || high !== 1);
  return wrong
    ? `"${wrong.name}" runs from ${wrong.low} to ${wrong.high}; policies start around 0 with spread 1`
    : undefined;
}

function checkObservationBounds(factory: EnvFactory): string | undefined {
  const wrong = factory
    .create()
    .spec.observation.find((e) => !Number.isFinite(e.low) || !Number.isFinite(e.high));
  return wrong ? `"${wrong.name}" is unbounded; say what can occur` : undefined;
}

function checkRewardVaries(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const rewards = new Set<number>();
  play(env, 15, TRIAL_STEPS, ({ reward }) => {
    rewards.add(reward);
    return undefined;
  });
  return rewards.size > 1
    ? undefined
    : "the dense reward never changed under random actions; there is nothing to learn from";
}

/** Play random actions and return the first complaint. */
function play(
  env: Env,
  seed: number,
  steps: number,
  look: (result: StepResult) => string | undefined,
): string | undefined {
  const random = createRandom(`check/${seed}`);
  env.reset({ seed });
  for (let step = 0; step < steps; step++) {
    const result = env.step(sampleSpace(env.actionSpace, random) as Float32Array);
    const complaint = look(result);
    if (complaint) return `step ${step}: ${complaint}`;
    if (result.terminated || result.truncated) env.reset();
  }
  return undefined;
}

/** All numbers of some steps, one after another. */
function record(env: Env, seed: number, between?: () => void): number[] {
  const numbers = [...env.reset({ seed }).observation.state];
  for (let step = 0; step < 20; step++) {
    between?.();
    const { observation, reward, terminated, truncated } = env.step(sampleAction(env, seed + step));
    numbers.push(...observation.state, reward);
    if (terminated || truncated) numbers.push(...env.reset().observation.state);
  }
  return numbers;
}

function sampleAction(env: Env, seed: number): Float32Array {
  return sampleSpace(env.actionSpace, createRandom(`check/action/${seed}`)) as Float32Array;
}

function sameBytes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (!Object.is(a[k], b[k])) return false;
  return true;
}

function throws(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
