// What is learned from demonstrations: pairs of observation and action, checked against the environment.
import type { EnvInfo } from "../../env/env.js";
import { UsageError } from "../../math/usage-error.js";
import {
  type DemonstratedEpisode,
  type DemonstrationSource,
  recordedSteps,
} from "../../recording/demonstration-source.js";
import { currentEntryName } from "../../recording/entry-names.js";
import type { EpisodeRecording } from "../../recording/recording.js";
import type { AgentDefinition } from "../policy.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";

/** Pairs of observation and action from all episodes of a file. */
export interface Demonstrations {
  /** Number of pairs. */
  readonly count: number;
  readonly episodes: number;
  /** Standard deviation of the noise under which they were recorded, where that is known. */
  readonly noise?: number;
  /** [count, observation size] */
  readonly observations: Float32Array;
  /** Actions of the demonstrator there. [count, action size] */
  readonly actions: Float32Array;
}

/** Actions run from -1 to 1; recorded ones were clipped to that. */
const ACTION_LIMIT = 1;
/** Greatest number in single precision, which policies compute in. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** Take the pairs out of a recording of our own; throws a UsageError that names `file` where it does not fit `spec`. */
export function demonstrationsFrom(recording: EpisodeRecording, file: string, spec: EnvInfo): Demonstrations {
  requireFittingSource(recording.header, file, spec);
  return demonstrationsOf(recording.header, recordedSteps(recording), file, spec);
}

/** Take the pairs out of the steps of a file of any format; throws a UsageError where there is none, or one cannot be learned from. */
export function demonstrationsOf(
  { noise }: DemonstrationSource,
  episodes: readonly DemonstratedEpisode[],
  file: string,
  spec: EnvInfo,
): Demonstrations {
  const again = recordOthers(spec);
  const [observationSize, actionSize] = [spec.observation.length, spec.action.length];
  const observations: number[] = [];
  const actions: number[] = [];
  for (const episode of episodes) {
    for (const [step, action] of episode.actions.entries()) {
      const observation = episode.observations[step]!;
      if (observation.length !== observationSize || action.length !== actionSize)
        throw new UsageError(
          `${file}: a frame has ${observation.length} observation and ${action.length} action entries, expected ${observationSize} and ${actionSize}. ${again}`,
        );
      requireSound(observation, spec.observation, `${file}: observation`, again);
      requireSound(action, spec.action, `${file}: action`, again, ACTION_LIMIT);
      for (let k = 0; k < observationSize; k++) observations.push(observation[k]!);
      for (let k = 0; k < actionSize; k++) actions.push(action[k]!);
    }
  }
  const count = actions.length / actionSize;
  if (count === 0) throw new UsageError(`${file} holds no step. ${again}`);
  return {
    count,
    episodes: episodes.length,
    ...(noise === undefined ? {} : { noise }),
    observations: Float32Array.from(observations),
    actions: Float32Array.from(actions),
  };
}

/** Throw a UsageError that names the first difference between what `file` says of itself and `spec`. */
export function requireFittingSource(source: DemonstrationSource, file: string, spec: EnvInfo): void {
  const { isForeign = false } = source;
  const differs = (what: string, got: string | undefined, expected: string) => {
    if (got === expected) return;
    const shown = got === undefined ? "does not say its" : "has the";
    const value = got === undefined ? "" : ` "${got}"`;
    throw new UsageError(
      `${file} ${shown} ${what}${value}; training is set to "${expected}". ${recordOthers(spec)}`,
    );
  };
  const namesDiffer = (
    what: string,
    got: readonly string[],
    entries: readonly { readonly name: string }[],
  ) => {
    for (let k = 0; k < Math.max(got.length, entries.length); k++) {
      const [theirs, ours] = [got[k] ?? "none", entries[k]?.name ?? "none"];
      if (currentEntryName(theirs) !== currentEntryName(ours)) differs(`${what} ${k}`, theirs, ours);
    }
  };
  if (!isForeign) differs("environment", source.env, spec.id);
  differs("robot", source.robot, spec.robot);
  if (!isForeign) differs("control mode", source.controlMode, spec.controlMode);
  differs("control rate", source.controlRate?.toString(), String(spec.controlRate));
  namesDiffer("observation", source.observationNames, spec.observation);
  namesDiffer("action", source.actionNames, spec.action);
}

function recordOthers({ id }: EnvInfo): string {
  return `Record others: "armgym demo ${id}".`;
}

/** Throw a UsageError that names the entry where one of `values` is no number that can be learned from. */
function requireSound(
  values: ArrayLike<number>,
  entries: readonly { readonly name: string }[],
  what: string,
  again: string,
  limit = FLOAT32_MAX,
): void {
  let wrong = 0;
  while (wrong < values.length && Math.abs(values[wrong]!) <= limit) wrong++;
  if (wrong === values.length) return;
  const expected = limit === FLOAT32_MAX ? "a finite number of single precision" : `-${limit} to ${limit}`;
  throw new UsageError(
    `${what} "${entries[wrong]!.name}" is ${values[wrong]}, expected ${expected}. ${again}`,
  );
}

/** Least and most spread of actions that training starts with from demonstrations. */
const SPREAD = [0.1, 0.5] as const;

/**
 * Return the settings by which `agent` is trained after cloning demonstrations.
 *
 * Exploration starts with the noise that the demonstrations were recorded under: the clone knows how to come back from
 * that much, and with more its first rollouts mostly fail at what it does well.
 */
export function settingsFromDemonstrations(
  agent: AgentDefinition,
  envId: string,
  { noise }: Pick<Demonstrations, "noise">,
): Partial<PpoSettings> {
  const spread = noise === undefined ? undefined : Math.min(SPREAD[1], Math.max(SPREAD[0], noise));
  return {
    ...agent.fromDemonstrations,
    ...(spread === undefined ? {} : { initialLogStd: Math.log(spread) }),
    // what was found for this environment says more than the noise of the demonstrations
    ...agent.tuned[envId]?.fromDemonstrations,
  };
}
