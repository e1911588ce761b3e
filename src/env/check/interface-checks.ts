// Checks of what an environment says and returns; each gives what is wrong and how to mend it, or nothing.
import { sizeOf } from "../../math/shape.js";
import { POSE_SIZE } from "../../scene/scene.js";
import { explainMismatch, type Space } from "../../spaces/space.js";
import type { EnvFactory, EnvInfo, StepResult } from "../env.js";
import { play, sameBytes, sampleAction, throws } from "./env-probe.js";

const TRIAL_STEPS = 40;
/** Overlaps deeper than this are no hit of a moment any more, m. */
const DEEP = 5e-3;

/** Look for entries named twice, missing, or an id of the wrong form. */
export function checkSpec(factory: EnvFactory): string | undefined {
  const { spec } = factory.create();
  for (const part of ["observation", "action"] as const) {
    const names = spec[part].map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) return `the ${part} names "${twice}" twice; give each entry its own name`;
  }
  if (spec.action.length === 0) return "the action has no entries; a policy needs at least one";
  if (spec.observation.length === 0) return "the observation has no entries; a policy needs at least one";
  if (!/^[A-Z][A-Za-z0-9]*-v\d+$/.test(spec.id)) return `the id "${spec.id}" is not of the form Name-v1`;
  return undefined;
}

/** Look at what `reset` returns. */
export function checkReset(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const { observation, info } = env.reset({ seed: 1 });
  if (typeof info !== "object" || info === null) return `info is ${String(info)}, expected an object`;
  return explainMismatch(env.observationSpace, observation, "observation");
}

/** Look at what `step` returns over some random steps. */
export function checkSteps(factory: EnvFactory): string | undefined {
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
    const complaint = rewardComplaint(env.spec, reward, info.rewardTerms);
    if (complaint) return complaint;
    return explainMismatch(env.observationSpace, observation, "observation");
  });
}

/** Look whether a reward is the sum of its terms by their weights, none missing and none besides. */
function rewardComplaint(
  { rewardWeights, rewardMode }: EnvInfo,
  reward: number,
  terms: Readonly<Record<string, number>>,
): string | undefined {
  const missing = Object.keys(rewardWeights).find((name) => !Object.hasOwn(terms, name));
  if (missing) return `info.rewardTerms lacks "${missing}", which has a weight`;
  const extra = Object.keys(terms).find((name) => !Object.hasOwn(rewardWeights, name));
  if (extra) return `info.rewardTerms has "${extra}", which has no weight and counts for nothing`;
  if (rewardMode === "sparse") return undefined;
  const sum = Object.entries(rewardWeights).reduce((all, [name, weight]) => all + weight * terms[name]!, 0);
  return Math.abs(sum - reward) <= 1e-6 * Math.max(1, Math.abs(sum))
    ? undefined
    : `the reward is ${reward}, the weighted sum of its terms ${sum}`;
}

/** Look for observations that later steps overwrite. */
export function checkAliasing(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const first = env.reset({ seed: 3 }).observation;
  const copy = structuredClone(first);
  const second = env.step(sampleAction(env, 3)).observation;
  for (const part of ["state", "image", "privileged"] as const) {
    if (first[part] === undefined) continue;
    if (first[part] === second[part] || !sameBytes(first[part], copy[part]!))
      return `a step overwrites the observation's ${part} returned before; return copies`;
  }
  return undefined;
}

/** Compare `computeReward` with the steps' sparse rewards, and look whether it is pure. */
export function checkComputeReward(factory: EnvFactory): string | undefined {
  const { goal } = factory.create().spec;
  if (!goal) return undefined;
  const env = factory.create({ rewardMode: "sparse" });
  return play(env, 14, TRIAL_STEPS, ({ observation, reward }) => {
    const { achievedGoal, desiredGoal } = observation;
    if (!achievedGoal || !desiredGoal) return "the observation lacks achievedGoal or desiredGoal";
    if (!env.computeReward) return undefined;
    const before = [...achievedGoal, ...desiredGoal];
    const computed = env.computeReward?.(achievedGoal, desiredGoal);
    if (!sameBytes(before, [...achievedGoal, ...desiredGoal])) return "computeReward changes its arguments";
    if (computed !== reward) return `computeReward gives ${computed}, the step gave ${reward}`;
    if (env.computeReward?.(desiredGoal, desiredGoal) !== 0) return "a goal reached exactly is no success";
    const several = env.computeReward([achievedGoal, desiredGoal], [desiredGoal, desiredGoal]);
    if (!(several instanceof Float32Array && sameBytes(several, [reward, 0])))
      return `computeReward of two goals gives ${JSON.stringify(several)}, expected a Float32Array of ${reward}, 0`;
    return throws(() => env.computeReward?.(achievedGoal.subarray(1), desiredGoal))
      ? undefined
      : "computeReward does not refuse a goal that is too short";
  });
}

/** Look whether a setting that there is not is refused. */
export function checkSettings(factory: EnvFactory): string | undefined {
  return throws(() => factory.create({ thereIsNoSuchSetting: 1 }))
    ? undefined
    : "an unknown setting is not refused";
}

/** Look whether a caller who changes the spec of one instance changes that of another. */
export function checkSharing(factory: EnvFactory): string | undefined {
  const before = JSON.stringify(factory.create().spec);
  const undo: (() => void)[] = [];
  spoil(factory.create().spec, undo);
  const after = JSON.stringify(factory.create().spec);
  for (const back of undo) back();
  return after === before
    ? undefined
    : "a change to one instance's spec shows in the next one's; hand out copies, or freeze it";
}

/** Try to change every text and number in `value`, and remember how it was; what is frozen stays. */
function spoil(value: object, undo: (() => void)[]): void {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object" && inner !== null) spoil(inner, undo);
    else if (Reflect.set(value, key, typeof inner === "number" ? inner + 1 : "spoilt"))
      undo.push(() => Reflect.set(value, key, inner));
  }
}

/** Look for actions that are not symmetric around 0. */
export function checkActionBounds(factory: EnvFactory): string | undefined {
  const wrong = factory.create().spec.action.find(({ low, high }) => low !== -1 || high !== 1);
  return wrong
    ? `"${wrong.name}" runs from ${wrong.low} to ${wrong.high}, but step() takes -1 to 1; scale it there, and say so by scale and offset`
    : undefined;
}

/** Look for observations without bounds. */
export function checkObservationBounds(factory: EnvFactory): string | undefined {
  const wrong = factory
    .create()
    .spec.observation.find((e) => !Number.isFinite(e.low) || !Number.isFinite(e.high));
  return wrong ? `"${wrong.name}" is unbounded; say what can occur` : undefined;
}

/** Look for a dense reward that never changes. */
export function checkRewardVaries(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const rewards = new Set<number>();
  const note = ({ reward }: StepResult) => {
    rewards.add(reward);
    return undefined;
  };
  play(env, 15, TRIAL_STEPS, note);
  // fingers that move as slowly as real ones close on nothing where every step draws another command
  if (rewards.size < 2) play(env, 15, TRIAL_STEPS, note, 10);
  return rewards.size > 1
    ? undefined
    : "the dense reward never changed under random actions; there is nothing to learn from";
}

/** Look for things that are pressed or shot into each other. */
export function checkPenetration(factory: EnvFactory): string | undefined {
  const env = factory.create();
  let deepest = 0;
  const note = ({ info }: StepResult) => {
    deepest = Math.max(deepest, info.deepestPenetration ?? 0);
    return undefined;
  };
  play(env, 16, 2 * TRIAL_STEPS, note, 5);
  if (deepest <= DEEP) return undefined;
  const depth = (1000 * deepest).toFixed(1);
  return `shapes overlapped by ${depth} mm under random actions; raise physicsRate, or make light bodies heavier or servos weaker`;
}

/** Look for spaces whose bounds do not fit their shape, are the wrong way round, or are no image's. */
export function checkSpaces(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const complaint =
    spaceComplaint(env.observationSpace, "observationSpace") ??
    spaceComplaint(env.actionSpace, "actionSpace");
  if (complaint) return complaint;
  const { state } = env.observationSpace.spaces;
  const size = env.spec.observation.length;
  if (state?.kind !== "box" || state.low.length !== size)
    return `observationSpace.state does not have the ${size} entries of spec.observation`;
  const { length } = env.spec.action;
  return env.actionSpace.low.length === length
    ? undefined
    : `actionSpace has ${env.actionSpace.low.length} entries, spec.action has ${length}`;
}

function spaceComplaint(space: Space, name: string): string | undefined {
  if (space.kind === "discrete")
    return Number.isInteger(space.n) && space.n > 0 ? undefined : `${name} has ${space.n} values`;
  if (space.kind === "dict") {
    for (const [key, inner] of Object.entries(space.spaces)) {
      const complaint = spaceComplaint(inner, `${name}.${key}`);
      if (complaint) return complaint;
    }
    return undefined;
  }
  const { shape, low, high, dtype } = space;
  const size = sizeOf(shape);
  if (low.length !== size || high.length !== size)
    return `${name} has ${low.length} lower and ${high.length} upper bounds, its shape [${shape.join(", ")}] has ${size}`;
  const wrong = low.findIndex((bound, index) => !(bound <= high[index]!));
  if (wrong >= 0) return `${name}: entry ${wrong} runs from ${low[wrong]} to ${high[wrong]}`;
  if (dtype !== "uint8") return undefined;
  const channels = shape[2] ?? 0;
  if (shape.length !== 3 || !(channels === 1 || channels === 4 || (channels > 0 && channels % 3 === 0)))
    return `${name} is uint8 of shape [${shape.join(", ")}]; an image is [height, width, 1, 4 or a multiple of 3]`;
  return low.every((bound) => bound === 0) && high.every((bound) => bound === 255)
    ? undefined
    : `${name} is uint8; an image's values run from 0 to 255`;
}

/** Look whether the scene and the poses that viewers draw belong together. */
export function checkScene(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 16 });
  env.step(sampleAction(env, 16));
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length).fill(Number.NaN);
  env.poses(poses);
  for (const [index, { id }] of entities.entries()) {
    const pose = poses.subarray(POSE_SIZE * index, POSE_SIZE * (index + 1));
    if (!pose.every(Number.isFinite)) return `the pose of "${id}" is not finite`;
    const length = Math.hypot(...pose.subarray(3));
    if (Math.abs(length - 1) > 1e-6) return `the quaternion of "${id}" has length ${length}, expected 1`;
  }
  const ids = entities.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined ? undefined : `the scene names "${twice}" twice`;
}
