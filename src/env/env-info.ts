// What an environment says of itself: its spec, its spaces, and how its observation is read by it.

import { UsageError } from "../math/usage-error.js";
import type { ActionEntry } from "../spaces/action-entry.js";
import { type Box, box, type Dict, dict, imageBox } from "../spaces/space.js";
import type { CameraObservation } from "./camera-observation.js";
import type { EnvInfo } from "./env.js";
import type { EnvConfig, EnvDefinition, GoalDefinition, ObservationGroup } from "./env-definition.js";
import type { ObservationEntry } from "./observation.js";
import type { Simulation } from "./simulation.js";
import { stepLimit } from "./time-limit.js";

/** Describe the environment of `definition` as it was built: its state holds `stateGroups`, its actions are `action`. */
export function specOf<Scene extends { readonly simulation: Simulation }, Config extends EnvConfig>(
  definition: EnvDefinition<Scene, Config>,
  config: Config,
  simulation: Simulation,
  stateGroups: readonly ObservationGroup<Scene>[],
  action: readonly ActionEntry[],
  cameras: CameraObservation | undefined,
): EnvInfo {
  const { id, description, goal } = definition;
  requirePossible(id, entriesOf(definition.observation));
  return {
    id,
    description,
    robot: simulation.robot ?? "none",
    controlMode: simulation.controlMode ?? "none",
    controlRate: simulation.controlRate ?? 1,
    physicsRate: simulation.physicsRate ?? 1,
    maxEpisodeSteps: stepLimit(definition, config),
    observation: entriesOf(stateGroups),
    ...(config.observationMode === "camera" ? { privileged: entriesOf(definition.observation) } : {}),
    ...(cameras ? { image: cameras.spec } : {}),
    action,
    rewardMode: config.rewardMode,
    rewardWeights: config.rewardWeights,
    ...(goal ? { goal: { size: goal.size, unit: goal.unit, threshold: thresholdOf(goal, config) } } : {}),
    jointNames: simulation.jointNames ?? [],
    config: config as unknown as Readonly<Record<string, unknown>>,
  };
}

function thresholdOf<Config>({ threshold }: GoalDefinition<never, Config>, config: Config): number {
  return typeof threshold === "number" ? threshold : threshold(config);
}

/**
 * List the lengths that the full state holds and the robot's own does not: where things are. Empty but in mode "camera".
 *
 * @throws Nothing.
 * @example
 * const places = unseenLengths(env.spec).map(({ name }) => name);
 */
export function unseenLengths({ observation, privileged = [] }: EnvInfo): ObservationEntry[] {
  const known = new Set(observation.map(({ name }) => name));
  return privileged.filter(({ name, unit }) => unit === "m" && !known.has(name));
}

function requirePossible(id: string, entries: readonly ObservationEntry[]): void {
  if (entries.length === 0)
    throw new UsageError(
      `${id}: the observation has no entries, expected at least one. Name what a policy reads.`,
    );
  const wrong = entries.find(({ low, high }) => !(low <= high));
  if (!wrong) return;
  throw new UsageError(
    `${id}: observation entry ${wrong.index} ("${wrong.name}") runs from ${wrong.low} to ${wrong.high}, expected low at most high.`,
  );
}

function entriesOf(groups: readonly ObservationGroup<never>[]): ObservationEntry[] {
  const named = groups.flatMap(({ group, entries }) => entries.map((entry) => ({ group, ...entry })));
  return named.map((entry, index) => ({ index, ...entry }));
}

/** Read the groups one after another into `size` numbers. */
export function readGroups<Scene>(
  groups: readonly ObservationGroup<Scene>[],
  scene: Scene,
  size: number,
): Float32Array {
  // an entry that no group writes must not pass for 0
  const out = new Float32Array(size).fill(Number.NaN);
  let offset = 0;
  for (const group of groups) {
    group.read(scene, out, offset);
    offset += group.entries.length;
  }
  return out;
}

/** Return the space of each part of the observation, by name. */
export function observationSpaceOf({ observation, image, privileged, goal }: EnvInfo): Dict {
  const [low, high] = [-10, 10].map((bound) => new Array<number>(goal?.size ?? 0).fill(bound));
  return dict({
    state: boxOf(observation),
    ...(image ? { image: imageBox([image.height, image.width, image.channels]) } : {}),
    ...(privileged ? { privileged: boxOf(privileged) } : {}),
    ...(goal ? { achievedGoal: box(low!, high!), desiredGoal: box(low!, high!) } : {}),
  });
}

/** Return the space of named entries. */
export function boxOf(entries: readonly { readonly low: number; readonly high: number }[]): Box {
  return box(
    entries.map(({ low }) => low),
    entries.map(({ high }) => high),
  );
}
