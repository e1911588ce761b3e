import { expect, test } from "vitest";
import { UsageError } from "../../../src/math/usage-error.js";
import { resolveCameras, stackedShape } from "../../../src/sensors/camera/camera-config.js";

const NONE = { known: {}, links: ["hand"], owner: "Reach-v1" };
const GOOD = { name: "a", eye: [1, 0, 1], target: [0, 0, 0] };

test.each([
  [
    { ...GOOD, fovDeg: 180 },
    'Camera "a" of Reach-v1: fovDeg is 180, expected degrees above 0 and below 180, for example 45.',
  ],
  [
    { ...GOOD, fovDeg: 0 },
    'Camera "a" of Reach-v1: fovDeg is 0, expected degrees above 0 and below 180, for example 45.',
  ],
  [
    { ...GOOD, width: 63.5 },
    'Camera "a" of Reach-v1: width is 63.5, expected a whole number of pixels from 1 to 4096.',
  ],
  [
    { ...GOOD, height: 0 },
    'Camera "a" of Reach-v1: height is 0, expected a whole number of pixels from 1 to 4096.',
  ],
  [
    { ...GOOD, link: "hnad" },
    'Camera "a" of Reach-v1: there is no link "hnad". Did you mean "hand"? There are: hand.',
  ],
  [
    { ...GOOD, target: [1, 0, 1] },
    'Camera "a" of Reach-v1: eye and target are both [1, 0, 1], so it looks nowhere. Move one of them.',
  ],
  [
    { ...GOOD, up: [2, 0, 2] },
    'Camera "a" of Reach-v1: up [2, 0, 2] lies along the direction of view. Give another one, for example [1, 0, 0].',
  ],
  [
    { name: "a", eye: [1, 0, 1] },
    'Camera "a" of Reach-v1: expected either eye and target, or position and quaternion.',
  ],
  [
    { name: "a", position: [1, 0, 1], quaternion: [0, 0, 0, 2] },
    'Camera "a" of Reach-v1: quaternion [0, 0, 0, 2] has length 2, expected 1.',
  ],
  [
    { ...GOOD, eye: [1, 0] },
    'Setting "cameras.0.eye" of Reach-v1: Too small: expected array to have >=3 items.',
  ],
  [{ ...GOOD, fov: 40 }, 'Setting "cameras.0" of Reach-v1: Unrecognized key: "fov".'],
])("%j is refused with the culprit, the value and the way out", (camera, message) => {
  expect(() => resolveCameras([camera], NONE)).toThrow(new UsageError(message));
});

test("an empty list, two cameras of one name, and pictures that do not fit together are refused", () => {
  expect(() => resolveCameras([], NONE)).toThrow(
    new UsageError(
      'Setting "cameras" of Reach-v1 is empty, expected at least one camera. Give one of your own: name, eye and target.',
    ),
  );
  expect(() => resolveCameras([GOOD, GOOD], NONE)).toThrow(
    new UsageError('Two cameras of Reach-v1 are named "a". Give each its own name.'),
  );
  expect(() => stackedShape(resolveCameras([GOOD, { ...GOOD, name: "b", width: 84 }], NONE))).toThrow(
    new UsageError(
      'Cameras "a" (64 x 64) and "b" (84 x 64) cannot be stacked into one image. Give all of them the same width and height.',
    ),
  );
});

test("a camera looking straight down has x up in its picture", () => {
  const [camera] = resolveCameras([{ name: "top", eye: [0.5, 0, 1], target: [0.5, 0, 0] }], NONE);
  // right is -y, up is x, and -z is the direction of view
  const [x, y, z, w] = camera!.quaternion;
  const turn = (v: readonly [number, number, number]) => {
    const t = [2 * (y * v[2] - z * v[1]), 2 * (z * v[0] - x * v[2]), 2 * (x * v[1] - y * v[0])] as const;
    return [
      v[0] + w * t[0] + y * t[2] - z * t[1],
      v[1] + w * t[1] + z * t[0] - x * t[2],
      v[2] + w * t[2] + x * t[1] - y * t[0],
    ].map((value) => Math.round(1e9 * value) / 1e9 + 0);
  };
  expect([turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, -1])]).toEqual([
    [0, -1, 0],
    [1, 0, 0],
    [0, 0, -1],
  ]);
});
