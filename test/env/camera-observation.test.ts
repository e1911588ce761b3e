import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { checkEnv } from "../../src/env/check/check-env.js";
import type { EnvFactory } from "../../src/env/env.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { frameOf, headerOf } from "../../src/episodes/record-episode.js";
import { Camera } from "../../src/sensors/camera/camera.js";
import { lineEnv } from "./line-env.js";

const pickPlace: EnvFactory = envs["PickPlace-v1"];
const SIZE = 64 * 64 * 9;

test("without cameras the observation is the state and the goals, as it always was", () => {
  const env = pickPlace.create();
  expect(Object.keys(env.reset({ seed: 1 }).observation)).toEqual(["state", "achievedGoal", "desiredGoal"]);
  expect([env.spec.image, env.spec.privileged]).toEqual([undefined, undefined]);
});

test("in mode camera the state is what the robot knows of itself, and the full state stands apart", () => {
  const [env, plain] = [pickPlace.create({ observationMode: "camera" }), pickPlace.create()];
  const { observation } = env.reset({ seed: 2 });
  const { state } = plain.reset({ seed: 2 }).observation;
  expect(env.spec.observation.map(({ group }) => group)).toEqual([
    ...Array(9).fill("tool"),
    "gripper",
    "gripper",
  ]);
  expect(env.spec.privileged).toEqual(plain.spec.observation);
  expect(observation.state).toEqual(state.slice(0, 11));
  expect(observation.privileged).toEqual(state);
  expect(observation.image).toBeInstanceOf(Uint8Array);
  expect(observation.image).toHaveLength(SIZE);
  expect(env.spec.image).toMatchObject({ height: 64, width: 64, channels: 9 });
  expect(env.spec.image?.cameras.map(({ name }) => name)).toEqual(["front", "side", "wrist"]);
});

test("in mode camera+state the image comes beside the full state", () => {
  const env = pickPlace.create({ observationMode: "camera+state", cameras: ["wrist"] });
  const { observation } = env.reset({ seed: 2 });
  expect(observation.state).toHaveLength(20);
  expect(observation.image).toHaveLength(64 * 64 * 3);
  expect(observation.privileged).toBeUndefined();
});

test("the robot's cameras may be changed, and others put beside them", () => {
  const { image } = pickPlace.create({
    observationMode: "camera",
    cameras: [
      { name: "front", width: 20, height: 10, fovDeg: 60 },
      { name: "top", width: 20, height: 10, eye: [0.5, 0, 1], target: [0.5, 0, 0] },
    ],
  }).spec;
  expect(image).toMatchObject({ height: 10, width: 20, channels: 6 });
  expect(image?.cameras[0]).toMatchObject({ fovDeg: 60, position: [1.3, 0, 0.62], goalMarker: "overlay" });
  expect(image?.cameras[1]).toMatchObject({ fovDeg: 45, position: [0.5, 0, 1], goalMarker: "solid" });
});

test.each(["Reach-v1", "PickPlace-v1", "Sort-v1"] as const)(
  "%s keeps the whole contract with cameras",
  (id) => {
    const factory = envs[id];
    const create = (config: Record<string, unknown> = {}) =>
      factory.create({ observationMode: "camera", ...config });
    expect(checkEnv({ ...factory, create }).items.filter(({ status }) => status !== "pass")).toEqual([]);
  },
);

test("a group of environments holds what each one sees, and where an episode ended", () => {
  const config = { observationMode: "camera" };
  const plan = { autoresetMode: "SameStep", numEnvs: 2, totalEnvs: 2 } as const;
  const group = new VecEnv(pickPlace, config, { ...plan, runSeed: 5 });
  expect([group.imageSize, group.privilegedSize, group.observationSize]).toEqual([SIZE, 20, 11]);
  // the second environment's first episode is cut short at half its length
  for (let step = 0; step < 25; step++) group.step(new Float32Array(8));
  expect([[...group.truncated], [...group.cut]]).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const [kept, ended, next] = [
    group.images.subarray(0, SIZE),
    group.finalImages.subarray(SIZE),
    group.images.subarray(SIZE),
  ];
  expect(kept).toEqual(group.finalImages.subarray(0, SIZE));
  expect(ended).not.toEqual(next);
  const copy = new VecEnv(pickPlace, config, { ...plan, runSeed: 6 });
  copy.restore(group.snapshot());
  expect(copy.images).toEqual(group.images);
  expect(copy.privileged).toEqual(group.privileged);
});

test("a recording says what its cameras are, and their pictures can be drawn again from it", () => {
  const env = pickPlace.create({ observationMode: "camera" });
  env.reset({ seed: 4 });
  const { observation, info, reward } = env.step([0.5, -0.3, -0.8, 1]);
  const header = headerOf(env, "4", { agent: "nobody", policySteps: 0 });
  const frame = frameOf({ env, time: 0.05, observation, reward, info }, [0, 0, 0, 0], null);
  for (const [index, description] of header.cameras!.entries()) {
    const rgb = new Camera(header.scene, description).render(Float64Array.from(frame.poses));
    const seen = rgb.map((_, o) => observation.image![9 * Math.floor(o / 3) + 3 * index + (o % 3)]!);
    expect(rgb).toEqual(seen);
  }
});

test("an impossible mode, a camera that is not there and a simulation that cannot be seen are refused", () => {
  expect(() => pickPlace.create({ observationMode: "camrea" })).toThrow(
    'Setting "observationMode" of PickPlace-v1 is "camrea", expected "state", "camera", "camera+state".',
  );
  expect(() => pickPlace.create({ observationMode: "camera", cameras: ["frnt"] })).toThrow(
    'Unknown camera "frnt" of PickPlace-v1. Did you mean "front"? There are: front, side, wrist; or give one of your own: name, eye and target.',
  );
  const wrist = { name: "wrist", link: "hnad" };
  expect(() => pickPlace.create({ observationMode: "camera", cameras: [wrist] })).toThrow(
    'Camera "wrist" of PickPlace-v1: there is no link "hnad". Did you mean "hand"? There are: table, robot, link1, link2, link3, link4, link5, link6, link7, hand, left_finger, right_finger, cube, goal, spawn area, goal area.',
  );
  const line = lineEnv();
  const config = { ...line.defaults, observationMode: "camera" };
  expect(() => line.create(config)).toThrow('Unknown setting "observationMode" of Line-v1.');
});
