// What a LeRobot data set demonstrates: its state features, joined by the names of their numbers, and its actions.
import { UsageError } from "../math/usage-error.js";
import type { DemonstratedEpisode, DemonstrationSource } from "./demonstration-source.js";
import { type LeRobotDataset, type LeRobotRow, readAllRows } from "./lerobot-read.js";
import { STATE_FEATURES } from "./lerobot-write.js";

/** Where an entry of the observation stands in a row. */
interface Place {
  readonly name: string;
  readonly feature: string;
  readonly index: number;
}

const ACTION = "action";

/**
 * Say what is demonstrated. Entries of the observation whose names are among `order` come first, in its order: features may
 * hold them in another.
 *
 * Throws a UsageError where numbers have no names.
 */
export function lerobotSource(dataset: LeRobotDataset, order: readonly string[]): DemonstrationSource {
  const { origin, robot, fps } = dataset;
  return {
    env: origin?.env,
    robot,
    controlMode: origin?.controlMode,
    controlRate: fps,
    isForeign: origin === undefined,
    noise: origin?.noise,
    observationNames: observedPlaces(dataset, order).map(({ name }) => name),
    actionNames: namesOf(dataset, ACTION),
  };
}

/** Read the steps that are demonstrated; `order` as for `lerobotSource`. Throws a UsageError where the data set is damaged. */
export async function lerobotSteps(
  dataset: LeRobotDataset,
  order: readonly string[],
): Promise<readonly DemonstratedEpisode[]> {
  const places = observedPlaces(dataset, order);
  const states = stateFeatures(dataset);
  const episodes: DemonstratedEpisode[] = [];
  let first = 0;
  for await (const rows of readAllRows(dataset, [...states, ACTION])) {
    const numbers = (feature: string) => rows.map((row, k) => numbersOf(dataset, row, feature, first + k));
    const read = new Map(states.map((feature) => [feature, numbers(feature)]));
    episodes.push({
      observations: rows.map((_, k) => places.map(({ feature, index }) => read.get(feature)![k]![index]!)),
      actions: numbers(ACTION),
    });
    first += rows.length;
  }
  return episodes;
}

/** Features that are observed as numbers; throws a UsageError where there is none. */
export function stateFeatures({ folder, features }: LeRobotDataset): readonly string[] {
  const states = STATE_FEATURES.filter((name) => features[name]);
  if (states.length > 0) return states;
  throw new UsageError(`${folder.name} has no feature "${STATE_FEATURES[0]}".`);
}

/** The numbers of a feature in a row; throws a UsageError where there are others than its shape says. */
export function numbersOf(
  { folder, features }: LeRobotDataset,
  row: LeRobotRow,
  name: string,
  number: number,
): readonly number[] {
  const cell = row[name];
  // a single number is a plain column
  const values: readonly unknown[] | undefined =
    typeof cell === "number" ? [cell] : Array.isArray(cell) ? cell : undefined;
  const size = features[name]?.shape[0] ?? 1;
  if (values?.length === size && isNumbers(values)) return values;
  const got = values === undefined ? "no list" : `a list of ${values.length}`;
  throw new UsageError(
    `${folder.name}: row ${number} has ${got} in "${name}", expected ${size} numbers. Copy the data set again.`,
  );
}

function observedPlaces(dataset: LeRobotDataset, order: readonly string[]): readonly Place[] {
  const places = stateFeatures(dataset).flatMap((feature) =>
    namesOf(dataset, feature).map((name, index): Place => ({ name, feature, index })),
  );
  const found = order.flatMap((name) => places.find((place) => place.name === name) ?? []);
  return [...found, ...places.filter((place) => !found.includes(place))];
}

/** Names of a feature's numbers; throws a UsageError where it says none. */
function namesOf({ folder, features }: LeRobotDataset, name: string): readonly string[] {
  const feature = features[name];
  if (!feature) throw new UsageError(`${folder.name} has no feature "${name}".`);
  if (feature.names) return feature.names;
  throw new UsageError(
    `${folder.name}: meta/info.json does not name the numbers of "${name}". Write their names there, ${feature.shape[0] ?? 1} of them.`,
  );
}

function isNumbers(values: readonly unknown[]): values is readonly number[] {
  return values.every((value) => typeof value === "number");
}
