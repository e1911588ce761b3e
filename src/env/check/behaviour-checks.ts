// Checks of how an environment behaves over time; each gives what is wrong and how to mend it, or nothing.
import type { Env, EnvFactory } from "../env.js";
import { playToEnd, record, requireFinite, sameBytes, sampleAction, throws } from "./env-probe.js";

/** Play the same actions twice and compare every number and every flag. */
export function checkDeterminism(factory: EnvFactory): string | undefined {
  const [infos, otherInfos]: [string[], string[]] = [[], []];
  const one = record(factory.create(), 4, undefined, infos);
  const other = record(factory.create(), 4, undefined, otherInfos);
  if (sameBytes(one, other)) {
    const step = infos.findIndex((info, index) => info !== otherInfos[index]);
    return step < 0 ? undefined : `info and flags of step ${step} differ between two runs with the same seed`;
  }
  const at = one.findIndex((value, index) => !Object.is(value, other[index]));
  return `two runs with the same seed differ at number ${at}; draw all chance from the random stream given`;
}

/** Look whether the seed decides the episode, and nothing else does. */
export function checkSeeds(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const first = env.reset({ seed: 5 }).observation.state;
  const another = env.reset({ seed: 6 }).observation.state;
  const again = env.reset({ seed: 5 }).observation.state;
  if (!sameBytes(first, again)) return "reset with the same seed gives another observation";
  return sameBytes(first, another)
    ? "reset ignores the seed: two seeds give the same observation"
    : undefined;
}

/** Look for state that instances share. */
export function checkIsolation(factory: EnvFactory): string | undefined {
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

/** Look whether steps out of order are refused. */
export function checkOrder(factory: EnvFactory): string | undefined {
  const env = factory.create();
  if (!throws(() => env.step(sampleAction(env, 9)))) return "step before reset is not refused";
  playToEnd(env, 9);
  return throws(() => env.step(sampleAction(env, 9)))
    ? undefined
    : "step after the episode's end is not refused";
}

/** Look whether actions that are no actions are refused. */
export function checkBadActions(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 10 });
  const size = env.spec.action.length;
  if (!throws(() => env.step(new Float32Array(size - 1))))
    return "an action that is too short is not refused";
  return throws(() => env.step(new Float32Array(size).fill(Number.NaN)))
    ? undefined
    : "a NaN action is not refused";
}

/** Look at what happens to actions out of bounds. */
export function checkClipping(factory: EnvFactory): string | undefined {
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

/** Look at how an episode ends. */
export function checkTimeLimit(factory: EnvFactory): string | undefined {
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

/** Check that a restored instance continues as the first did. */
export function checkSnapshot(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 13 });
  // half of a short episode, or of one that the task ends early
  const before = Math.floor(statesOf(env, 10).length / 2);
  env.reset({ seed: 13 });
  statesOf(env, before);
  const snapshot = structuredClone(env.snapshot());
  const fresh = factory.create();
  fresh.restore(snapshot);
  return sameBytes(statesOf(env, 5).flat(), statesOf(fresh, 5).flat())
    ? undefined
    : "a restored instance continues differently; put every part of the state into the snapshot";
}

/** The states of at most `count` steps; fewer where the episode ends. */
function statesOf(env: Env, count: number): number[][] {
  const states: number[][] = [];
  for (let over = false; !over && states.length < count; ) {
    const { observation, terminated, truncated, info } = env.step(sampleAction(env, states.length));
    requireFinite(info);
    states.push([...observation.state]);
    over = terminated || truncated;
  }
  return states;
}

/** Look whether an episode that is over stays over when its snapshot is restored. */
export function checkEndedSnapshot(factory: EnvFactory): string | undefined {
  const env = factory.create();
  playToEnd(env, 19);
  const fresh = factory.create();
  fresh.restore(structuredClone(env.snapshot()));
  return throws(() => fresh.step(sampleAction(fresh, 19)))
    ? undefined
    : "a restored episode that was over can be stepped; say in the snapshot that it is";
}

/** Check that the seed in `info` reproduces the episode, also of one that was reset without a seed. */
export function checkInfoSeed(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 20 });
  env.step(sampleAction(env, 20));
  const { observation, info } = env.reset();
  const { seed, difficulty } = info;
  const fresh = factory.create();
  const again = fresh.reset({ seed, ...(difficulty === undefined ? {} : { difficulty }) }).observation;
  const [one, other] = [env, fresh].map((made) => made.step(sampleAction(made, 21)).observation.state);
  if (sameBytes(observation.state, again.state) && sameBytes(one!, other!)) return undefined;
  return `info.seed is "${seed}" after a reset without a seed, but that seed makes another episode; put the one that it was reset with there`;
}

/** Reset five times with one seed and compare observation, info and random stream; then go back by a snapshot. */
export function checkResets(factory: EnvFactory): string | undefined {
  const env = factory.create();
  const start = () => {
    const { observation, info } = env.reset({ seed: 17 });
    return JSON.stringify([[...observation.state], info, env.snapshot().random]);
  };
  const first = start();
  const snapshot = structuredClone(env.snapshot());
  for (let again = 2; again <= 5; again++) {
    env.step(sampleAction(env, 17));
    if (start() !== first)
      return `reset number ${again} with the same seed differs, in observation, info or random stream`;
  }
  const { state } = env.reset({ seed: 17 }).observation;
  env.step(sampleAction(env, 18));
  return sameBytes(env.reset({ snapshot }).observation.state, state)
    ? undefined
    : "reset({ snapshot }) does not go back to the snapshot's observation";
}

/** Look whether an instance can be closed twice, and refuses to step then. */
export function checkClose(factory: EnvFactory): string | undefined {
  const env = factory.create();
  env.reset({ seed: 18 });
  env.close();
  env.close();
  return throws(() => env.step(sampleAction(env, 18))) ? undefined : "step after close is not refused";
}
