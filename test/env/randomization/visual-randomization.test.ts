import { expect, test } from "vitest";
import { envs } from "../../../envs/index.js";
import type { EnvFactory } from "../../../src/env/env.js";
import { frameOf, headerOf } from "../../../src/episodes/record-episode.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { Camera } from "../../../src/sensors/camera/camera.js";

const factory: EnvFactory = envs["PickPlace-v1"];
const SEEN = { observationMode: "camera", cameras: ["front", "wrist"] };
const VARIED = { ...SEEN, visualRandomization: "default" };

test("the look is drawn from the episode's seed, changes nothing but the pictures, and repeats bit for bit", () => {
  const [varied, again, plain] = [factory.create(VARIED), factory.create(VARIED), factory.create(SEEN)];
  const one = varied.reset({ seed: 3 }).observation;
  const same = plain.reset({ seed: 3 }).observation;
  expect(one.privileged).toEqual(same.privileged);
  expect(one.image).not.toEqual(same.image);
  expect(again.reset({ seed: 3 }).observation.image).toEqual(one.image);
  expect(varied.step([0, 0, 0, 1]).observation.image).toEqual(again.step([0, 0, 0, 1]).observation.image);
  const looks = [varied.reset(), varied.reset()].map(() => varied.look!());
  expect(looks[0]).toEqual(varied.look!());
  expect(again.reset({ seed: 4 }).observation.image).not.toEqual(one.image);
});

test("a snapshot brings the look back, and with it the noise of the same step", () => {
  const [env, other] = [factory.create(VARIED), factory.create(VARIED)];
  env.reset({ seed: 5 });
  env.step([0.3, 0, -0.4, 1]);
  const snapshot = structuredClone(env.snapshot());
  const next = env.step([0, 0.2, 0, 1]).observation.image;
  other.reset({ seed: 6 });
  other.restore(snapshot);
  expect(other.step([0, 0.2, 0, 1]).observation.image).toEqual(next);
  expect(other.reset().observation.image).toEqual(env.reset().observation.image);
});

test("what was seen can be drawn again from the recording: header, first frame's look, poses", () => {
  const env = factory.create(VARIED);
  const { observation, info } = env.reset({ seed: 7 });
  const source = { agent: "nobody", policySteps: 0 };
  const first = frameOf({ env, time: 0, observation, reward: 0, info }, [], null);
  const step = env.step([0.5, -0.3, -0.8, 1]);
  const next = frameOf({ ...step, env, time: 0.05 }, [0.5, -0.3, -0.8, 1], null);
  expect(next.look).toBeUndefined();
  const header = headerOf(env, "7", source);
  for (const [index, description] of header.cameras!.entries()) {
    const camera = new Camera(header.scene, description, first.look);
    const rgb = camera.render(Float64Array.from(next.poses), 1);
    const seen = rgb.map((_, o) => step.observation.image![6 * Math.floor(o / 3) + 3 * index + (o % 3)]!);
    expect(rgb).toEqual(seen);
  }
});

test("a range without width is met exactly", () => {
  const env = factory.create({ ...SEEN, visualRandomization: { lightStrength: 0.5, blur: [2, 2] } });
  env.reset({ seed: 1 });
  expect(env.look!()).toMatchObject({ diffuse: 0.3, blur: 2, ambient: 0.4, noise: 0 });
});

test.each([
  [
    "colourful",
    'Setting "visualRandomization" of PickPlace-v1 is "colourful". Expected "none", "default", or ranges by name, for example {"lightStrength": [0.7, 1.2]}.',
  ],
  [
    { lightStrenght: 1 },
    'Unknown setting "visualRandomization.lightStrenght" of PickPlace-v1. Did you mean "lightStrength"? It has: lightDirection, lightStrength, ambientLight, objectColor, robotColor, tableColor, backgroundColor, textureContrast, cameraPosition, cameraRotation, cameraFov, blur, pixelNoise.',
  ],
  [
    { cameraPosition: [-1, 1] },
    'Setting "visualRandomization.cameraPosition" of PickPlace-v1 is [-1,1], expected [low, high] within -0.2 to 0.2, or one number (unit: m).',
  ],
  [
    { blur: [2, 1] },
    'Setting "visualRandomization.blur" of PickPlace-v1 is [2,1], expected [low, high] within 0 to 8, or one number (unit: pixels).',
  ],
])("%j is refused", (visualRandomization, message) => {
  expect(() => factory.create({ ...SEEN, visualRandomization })).toThrow(new UsageError(message));
});

test("an unknown texture and a light from nowhere are refused", () => {
  expect(() => factory.create({ ...SEEN, appearance: { tableTexture: "wood" } })).toThrow(
    new UsageError(
      'Setting "appearance.tableTexture" of PickPlace-v1 is "wood", expected one of "plain", "checker", "stripes", "mosaic".',
    ),
  );
  expect(() => factory.create({ ...SEEN, appearance: { light: [0, 0, 0] } })).toThrow(
    new UsageError(
      'Setting "appearance.light" of PickPlace-v1 is [0,0,0], expected three numbers, not all 0.',
    ),
  );
});

test("a range that leaves no field of view is refused, and one that just leaves some is taken", () => {
  const mine = {
    name: "mine",
    width: 16,
    height: 16,
    fovDeg: 15,
    eye: [1.3, 0, 0.5],
    target: [0.5, 0, 0.05],
  };
  const create = (fovDeg: number, cameraFov: readonly [number, number]) =>
    factory.create({
      observationMode: "camera",
      cameras: [{ ...mine, fovDeg }],
      visualRandomization: { cameraFov },
    });
  const wanted = "expected a sum above 0 and below 180. Choose a narrower range or another fovDeg.";
  expect(() => create(15, [-20, -15.5])).toThrow(
    new UsageError(
      `Setting "visualRandomization.cameraFov" of PickPlace-v1 adds -20 to -15.5 degrees to the fovDeg 15 of camera "mine", ${wanted}`,
    ),
  );
  expect(() => create(15, [-15, 0])).toThrow(wanted);
  // of the robot's own cameras, in mode "state": told before a run of it is looked through
  expect(() =>
    factory.create({ cameras: [{ name: "wrist", fovDeg: 10 }], visualRandomization: { cameraFov: -12 } }),
  ).toThrow(`adds -12 to -12 degrees to the fovDeg 10 of camera "wrist", ${wanted}`);
  expect(() => create(165, [0, 15])).toThrow(wanted);
  const { image } = create(15, [-14, 5]).reset({ seed: 1 }).observation;
  expect(new Set(image).size).toBeGreaterThan(3);
  expect(create(165, [0, 14]).spec.image!.cameras).toHaveLength(1);
});

test("a range that takes a camera below the table is refused; one on a link or below it anyway is not", () => {
  const create = (eye: readonly number[], link?: string) =>
    factory.create({
      observationMode: "camera",
      cameras: [
        { name: "low", width: 16, height: 16, eye, target: [0.5, 0, 0.05], ...(link ? { link } : {}) },
      ],
      visualRandomization: { cameraPosition: [-0.1, 0.1] },
    });
  expect(() => create([1, 0, 0.08])).toThrow(
    new UsageError(
      'Setting "visualRandomization.cameraPosition" of PickPlace-v1 goes down to -0.1 m, which takes camera "low" at height 0.08 m ' +
        "below the table. Choose a narrower range or put the camera higher.",
    ),
  );
  for (const made of [create([1, 0, 0.11]), create([1, 0, 0.08], "hand"), create([1, 0, -0.3])])
    expect(made.spec.image!.cameras).toHaveLength(1);
});
