// Places that follow from predictions.
import { expect, test } from "vitest";
import type { Prediction } from "../../../viewer/live/predicted-places.js";
import { predictedPlaces } from "../../../viewer/live/predicted-places.js";

const predictions = (thing: string, predicted: readonly number[], actual: readonly (number | null)[]) =>
  ["x", "y", "z"].map(
    (axis, k): Prediction => ({
      name: `${thing}_${axis}`,
      unit: "m",
      predicted: predicted[k]!,
      actual: actual[k]!,
    }),
  );
const known = new Map([
  ["tcp_x", 0.5],
  ["tcp_y", -0.25],
  ["tcp_z", 1],
  ["tcp_velocity_x", 9],
]);

test("places are put end to end, from the tool to the cube to the goal, as predicted and as they are", () => {
  const places = predictedPlaces(
    [
      ...predictions("cube_from_tcp", [0.25, 0, -1], [0.125, 0.25, -0.75]),
      ...predictions("goal_from_cube", [0, 0.5, 0.25], [0.5, 0.5, 0.5]),
    ],
    known,
  );
  expect(places).toEqual([
    { name: "cube", predicted: [0.75, -0.25, 0], actual: [0.625, 0, 0.25] },
    { name: "goal", predicted: [0.75, 0.25, 0.25], actual: [1.125, 0.5, 0.75] },
  ]);
});

test("what is not known has no actual place, and what starts from somewhere unknown has none at all", () => {
  expect(predictedPlaces(predictions("cube_from_tcp", [0, 0, 0], [null, null, null]), known)).toEqual([
    { name: "cube", predicted: [0.5, -0.25, 1], actual: null },
  ]);
  expect(predictedPlaces(predictions("puck_from_fingers", [0, 0, 0], [0, 0, 0]), known)).toEqual([]);
  const flat = predictions("cube_from_tcp", [0, 0, 0], [0, 0, 0]).slice(0, 2);
  const mass: Prediction = { name: "mass", unit: "kg", predicted: 1, actual: 2 };
  expect(predictedPlaces([...flat, mass], known)).toEqual([]);
});
