// Checks of what an environment says and returns; each gives what is wrong and how to mend it, or nothing.
import { POSE_SIZE } from "../replay/scene.js";
import { explainMismatch, type Space } from "../spaces/space.js";
import type { EnvFactory, StepResult } from "./env.js";
import { play, sameBytes, sampleAction, throws } from "./env-probe.js";

const TRIAL_STEPS = 40;

/** Look for entries named twice, missing, or an id of the wrong form. */
export function checkSpec(factory: EnvFactory): string | undefined {
  const { spec } = factory.create();
  const names = [...spec.observation, ...spec.action].map(({ name }) => name);
  const twice = spec.observation.find(({ name }, index) => names.indexOf(name) !== index);
  if (twice) return `the observation names "${twice.name}" twice; give each entry its own name`;
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
    const weights = Object.keys(env.spec.rewardWeights);
    const missing = weights.find((name) => !(name in info.rewardTerms));
    if (missing) return `info.rewardTerms lacks "${missing}", which has a weight`;
    return explainMismatch(env.observationSpace, observation, "observation");
  });
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
    const before = [...achievedGoal, ...desiredGoal];
    const computed = env.computeReward?.(achievedGoal, desiredGoal);
    if (!sameBytes(before, [...achievedGoal, ...desiredGoal])) return "computeReward changes its arguments";
    if (computed !== reward) return `computeReward gives ${computed}, the step gave ${reward}`;
    return env.computeReward?.(desiredGoal, desiredGoal) === 0
      ? undefined
      : "a goal reached exactly is no success";
  });
}

/** Look whether a setting that there is not is refused. */
export function checkSettings(factory: EnvFactory): string | undefined {
  return throws(() => factory.create({ thereIsNoSuchSetting: 1 }))
    ? undefined
    : "an unknown setting is not refused";
}

/** Look for actions that are not symmetric around 0. */
export function checkActionBounds(factory: EnvFactory): string | undefined {
  const wrong = factory.create().spec.action.find(({ low, high }) => low !== -1 || high !== 1);
  return wrong
    ? `"${wrong.name}" runs from ${wrong.low} to ${wrong.high}; policies start around 0 with spread 1`
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
  const size = shape.reduce((product, length) => product * length, 1);
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
