import { expect, test } from "vitest";
import { readImages, readObservation } from "../../../src/serve/policy/observed.js";

const ENTRIES = [
  { index: 0, name: "joint_1", unit: "rad", low: -3, high: 3, group: "joints" },
  { index: 1, name: "joint_2", unit: "rad", low: -3, high: 3, group: "joints" },
  { index: 2, name: "opening", unit: "m", low: 0, high: 0.1, group: "gripper" },
];

function reason(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "taken";
}

test("an observation is a list in the order of the entries, or an object by their names in any order", () => {
  const expected = Float32Array.of(0.5, -1, 0.0625);
  expect(readObservation([0.5, -1, 0.0625], ENTRIES)).toEqual(expected);
  expect(readObservation(Float64Array.of(0.5, -1, 0.0625), ENTRIES)).toEqual(expected);
  expect(readObservation({ opening: 0.0625, joint_1: 0.5, joint_2: -1 }, ENTRIES)).toEqual(expected);
});

test("what is no such observation is refused by the name of the entry", () => {
  const refusals = [
    { joint_1: 0.5, joint_2: -1 },
    { joint_1: 0.5, joint_2: -1, openin: 0 },
    { joint_1: 0.5, joint_2: Number.NaN, opening: 0 },
    { joint_1: 0.5, joint_2: "1", opening: 0 },
    JSON.parse('{"joint_1": 0.5, "joint_2": 1, "__proto__": {"opening": 1}}'),
    [0.5, -1],
    [0.5, -1, 1e39],
    "0.5",
    null,
  ].map((given) => reason(() => readObservation(given, ENTRIES)));
  expect(refusals).toEqual([
    'UsageError: The observation lacks "opening" (m). It needs joint_1, joint_2, opening, by name or as a list of 3 numbers.',
    'UsageError: The observation has "openin", which the policy does not read. Did you mean "opening"? It reads joint_1, joint_2, opening.',
    'UsageError: Observation entry 1, "joint_2" (rad), is NaN, expected a finite number.',
    'UsageError: Observation entry 1, "joint_2" (rad), is the text "1", expected a finite number.',
    'UsageError: The observation has "__proto__", which the policy does not read. It reads joint_1, joint_2, opening.',
    'UsageError: The observation has 2 entries, the policy needs 3, and "opening" (m) is the first that is missing.',
    'UsageError: Observation entry 2, "opening" (m), is 1e+39, expected a finite number.',
    'UsageError: The observation is the text "0.5", expected a list of 3 numbers.',
    "UsageError: The observation is null, expected a list of 3 numbers.",
  ]);
});

const CAMERA = { name: "front", width: 2, height: 1 } as never;
const FORMAT = {
  height: 1,
  width: 2,
  channels: 6,
  cameras: [CAMERA, { ...(CAMERA as object), name: "wrist" } as never],
};
const image = (bytes: readonly number[], ...shape: number[]) => ({ bytes: Uint8Array.from(bytes), shape });

test("images of cameras stand side by side in the channels, in the order of the cameras", () => {
  const images = { wrist: image([7, 8, 9, 10, 11, 12], 1, 2, 3), front: image([1, 2, 3, 4, 5, 6], 1, 2, 3) };
  const expected = Uint8Array.of(1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12);
  expect(readImages({ images }, FORMAT)).toEqual(expected);
  expect(readImages({ image: image([...expected], 1, 2, 6) }, FORMAT)).toEqual(expected);
  expect(readImages({}, undefined)).toBeUndefined();
});

test("images that the policy does not take are refused with what it takes", () => {
  const front = image([1, 2, 3, 4, 5, 6], 1, 2, 3);
  const refusals = [
    {},
    { image: image([1, 2, 3, 4, 5, 6], 6, 1, 2) },
    { image: image([1, 2, 3], 1, 2, 6) },
    { images: { front } },
    { images: { front, wirst: front } },
    { images: { front, wrist: image([1, 2, 3, 4, 5, 6], 3, 1, 2) } },
    { image: front, images: { front, wrist: front } },
  ].map((given) => reason(() => readImages(given, FORMAT)));
  expect(refusals).toEqual([
    'UsageError: The policy needs an image of 1 x 2 x 6 bytes (height, width, channels), or "images" of its cameras front, wrist; none was given.',
    'UsageError: "image" has the shape 6 x 1 x 2, expected 1 x 2 x 6 bytes (height, width, channels).',
    'UsageError: "image" has 3 bytes, expected 1 x 2 x 6 bytes (height, width, channels).',
    'UsageError: "images" lacks "wrist". The policy\'s cameras are front, wrist.',
    'UsageError: "images" has "wirst", which is no camera of the policy. Did you mean "wrist"? Its cameras are front, wrist.',
    'UsageError: "images" of "wrist" has the shape 3 x 1 x 2, expected 1 x 2 x 3 bytes (height, width, channels).',
    'UsageError: Both "image" and "images" were given. Leave one out.',
  ]);
  expect(reason(() => readImages({ image: front }, undefined))).toBe(
    'UsageError: The policy reads no images; "image" was given. Leave it out.',
  );
});
