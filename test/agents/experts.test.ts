import { expect, test } from "vitest";
import { experts } from "../../agents/index.js";
import { demonstrationNoise, expertPolicy, type ScriptedExpert } from "../../agents/scripted-expert.js";
import { envs } from "../../envs/index.js";
import type { EnvFactory } from "../../src/env/env.js";
import { playEpisode, recordDemonstration } from "../../src/episodes/demonstrate.js";
import { summarizeRecording } from "../../src/recording/recording.js";
import { panda } from "../../src/robots/models/panda.js";

const factories: Readonly<Record<string, EnvFactory>> = envs;

test.each<[string, ScriptedExpert]>(Object.entries(experts))(
  "the expert for %s solves at least 19 of 20 episodes at the last step",
  (id, expert) => {
    const env = factories[id]!.create();
    const actor = expertPolicy(expert, env.spec);
    const episodes = Array.from({ length: 20 }, (_, seed) => playEpisode(env, actor, seed));
    const solved = episodes.filter(({ success }) => success).length;
    expect(solved, JSON.stringify(episodes)).toBeGreaterThanOrEqual(19);
  },
);

test.each<[keyof typeof envs, Readonly<Record<string, unknown>>]>([
  ["PickPlace-v1", { cubeSize: 0.055, cubeMass: 0.2 }],
  ["Push-v1", { cubeSize: 0.06 }],
  ["Stack-v1", { cubeSize: 0.05, cubeDistance: 0.1 }],
  ["PegInsert-v1", { pegWidth: 0.04, clearance: 0.004, blockHeight: 0.03, holeDistance: 0.12 }],
  ["Slide-v1", { puckRadius: 0.04, friction: 0.06 }],
  ["Drawer-v1", { handleGap: 0.08, drawerMass: 1 }],
  ["Occluded-v1", { hoverHeight: 0.12, ballRadius: 0.015 }],
])("the expert for %s solves at least 7 of 8 episodes with %j", (id, config) => {
  const env = factories[id]!.create(config);
  const actor = expertPolicy(experts[id], env.spec);
  const solved = Array.from({ length: 8 }, (_, seed) => playEpisode(env, actor, seed).success);
  expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(7);
});

const robots = [
  ["PickPlace-v1", "so101"],
  ["Stack-v1", "so101"],
  ["PegInsert-v1", "so101"],
  ["Slide-v1", "so101"],
  ["Push-v1", "so101"],
  ["Push-v1", "so100"],
] as const;

test.each(robots.flatMap(([id, robot]) => [240, 80].map((physicsRate) => [id, robot, physicsRate] as const)))(
  "the expert for %s solves at least 19 of 20 episodes on the %s, whose one jaw stands still, at %d Hz",
  (id, robot, physicsRate) => {
    const env = envs[id].create({ robot, physicsRate });
    const actor = expertPolicy(experts[id], env.spec);
    const solved = Array.from({ length: 20 }, (_, seed) => playEpisode(env, actor, seed).success);
    expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(19);
  },
);

test.each(["Stack-v1", "StackTower-v1", "Sort-v1", "HiddenMass-v1"] as const)(
  "the expert for %s solves at least 19 of 20 episodes on the WidowX 250 S, whose fingers open to 5.5 cm and press with 5 N",
  (id) => {
    const env = envs[id].create({ robot: "wx250s" });
    const actor = expertPolicy(experts[id], env.spec);
    const solved = Array.from({ length: 20 }, (_, seed) => playEpisode(env, actor, seed).success);
    expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(19);
  },
);

test.each(["StackTower-v1", "Sort-v1", "BinPick-v1", "PegInsert-v1", "Handover-v1"] as const)(
  "the expert for %s solves at least 9 of 10 episodes with fingers that open to 3 cm",
  (id) => {
    const home = [...panda.home.slice(0, 7), 0.015];
    const robot = { ...panda, id: "narrow", home, gripper: { ...panda.gripper!, open: 0.015 } };
    const env = envs[id].create({ robot: JSON.stringify(robot) });
    const actor = expertPolicy(experts[id], env.spec);
    const solved = Array.from({ length: 10 }, (_, seed) => playEpisode(env, actor, seed).success);
    expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(9);
  },
);

test("demonstrations by an arm that is moved slowly are disturbed less, and still succeed", () => {
  const expert = experts["PickPlace-v1"];
  expect(demonstrationNoise(expert, envs["PickPlace-v1"].create().spec)).toBe(0.2);
  const env = envs["PickPlace-v1"].create({ robot: "so101" });
  // 0.3 m/s of the 0.4 m/s that an action of 1 commands
  const noise = demonstrationNoise(expert, env.spec);
  expect(noise).toBeCloseTo(0.15, 12);
  const actor = expertPolicy(expert, env.spec);
  const solved = Array.from({ length: 20 }, (_, seed) => {
    const recording = recordDemonstration(env, actor, seed, { agent: expert.id, noise });
    return summarizeRecording(recording).success;
  });
  expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(17);
});

test("the expert for Slide-v1, whose hit is a matter of speed, knows how long a control step lasts", () => {
  const env = envs["Slide-v1"].create({ controlRate: 40 });
  const actor = expertPolicy(experts["Slide-v1"], env.spec);
  const solved = Array.from({ length: 10 }, (_, seed) => playEpisode(env, actor, seed).success);
  expect(solved.filter(Boolean).length, JSON.stringify(solved)).toBeGreaterThanOrEqual(9);
});

test("every environment has an expert, named after it", () => {
  expect(Object.keys(experts).sort()).toEqual(Object.keys(envs).sort());
  for (const [id, expert] of Object.entries(experts)) expect(expert.env).toBe(id);
});

test("an expert refuses another task, and a control mode in which it cannot act", () => {
  const { spec } = envs["Push-v1"].create();
  expect(() => expertPolicy(experts["Stack-v1"], spec)).toThrow(
    "The expert expert-stack solves Stack-v1, not Push-v1.",
  );
  const torques = envs["Push-v1"].create({ controlMode: "joint-torque" }).spec;
  expect(() => expertPolicy(experts["Push-v1"], torques)).toThrow('control mode "joint-torque"');
});

test("an expert that may also turn the hand leaves it as it is", () => {
  const { spec } = envs["Stack-v1"].create({ controlMode: "ee-delta-yaw" });
  const action = expertPolicy(experts["Stack-v1"], spec)(new Float32Array(spec.observation.length));
  expect(action).toHaveLength(5);
  expect(action[3]).toBe(0);
});
