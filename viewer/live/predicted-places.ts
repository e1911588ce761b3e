// Where things are in the world by what a policy predicts of them: "cube_from_tcp" and the like, put end to end.
import type { Vec3 } from "../../src/math/vector.js";

/** A number that a policy predicts from what it sees. */
export interface Prediction {
  readonly name: string;
  readonly unit: string;
  readonly predicted: number;
  /** Null where the recording does not hold it. */
  readonly actual: number | null;
}

/** A thing's place, m: as it is predicted, and as it is where that is known. */
export interface PredictedPlace {
  readonly name: string;
  readonly predicted: Vec3;
  readonly actual: Vec3 | null;
}

const AXES = ["x", "y", "z"];

/**
 * Return the places that follow from predictions named THING_from_OTHER_x, _y and _z.
 *
 * Where OTHER is must be `known`, as OTHER_x and so on, or follow from a prediction before.
 */
export function predictedPlaces(
  predictions: readonly Prediction[],
  known: ReadonlyMap<string, number>,
): PredictedPlace[] {
  const places: PredictedPlace[] = [];
  for (const { name } of predictions) {
    const [thing, other] = name.replace(/_x$/, "").split("_from_");
    if (!name.endsWith("_x") || !thing || !other) continue;
    const away = AXES.map((axis) => predictions.find((one) => one.name === `${thing}_from_${other}_${axis}`));
    const start = places.find((place) => place.name === other) ?? knownPlace(other, known);
    if (!start || away.some((one) => !one)) continue;
    const add = (from: Vec3, by: readonly (number | null)[]) =>
      from.map((value, k) => value + by[k]!) as readonly number[] as Vec3;
    const actual = away.map((one) => one!.actual);
    places.push({
      name: thing,
      predicted: add(
        start.predicted,
        away.map((one) => one!.predicted),
      ),
      actual: start.actual && !actual.includes(null) ? add(start.actual, actual) : null,
    });
  }
  return places;
}

function knownPlace(name: string, known: ReadonlyMap<string, number>): PredictedPlace | undefined {
  const place = AXES.map((axis) => known.get(`${name}_${axis}`));
  if (place.includes(undefined)) return undefined;
  return {
    name,
    predicted: place as readonly unknown[] as Vec3,
    actual: place as readonly unknown[] as Vec3,
  };
}
