import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { UsageError } from "../../src/math/usage-error.js";
import { frameOf, headerOf } from "../../src/rl/record-episode.js";
import { Camera } from "../../src/sensors/camera/camera.js";

const factory = envs["PickPlace-v1"];
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
  const first = frameOf(env, { time: 0, observation, action: [], reward: 0, value: null, info });
  const step = env.step([0.5, -0.3, -0.8, 1]);
  const next = frameOf(env, { ...step, time: 0.05, action: [0.5, -0.3, -0.8, 1], value: null });
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
