// Environments of the real Gymnasium, in Python, stepped from here.
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Env } from "../../src/env/env.js";
import { VecEnv } from "../../src/env/vec-env.js";
import { gymnasiumEnv } from "../../src/gymnasium/gymnasium-factory.js";
import { explainMismatch } from "../../src/spaces/space.js";
import { MODULES, python, wrappedPython } from "./own-python.js";

/** The environment `id` of armgym_test_envs. */
function testEnv(id: string) {
  return gymnasiumEnv(`gym:armgym_test_envs:${id}`, { python: interpreter });
}

const interpreter = python === undefined ? "" : withModules();

function withModules(): string {
  process.env.PYTHONPATH = MODULES;
  return python!;
}

function play(env: Env, actions: readonly number[]): number[][] {
  return actions.map((action) => {
    const { observation, reward } = env.step([action]);
    return [...observation.state, reward];
  });
}

/** Plays an episode in Python itself, as JSON: the observation and the reward of each step. */
const REACHER = `
import json, gymnasium
env = gymnasium.make("Reacher-v5")
env.reset(seed=11)
actions = [[0.5, -0.25], [-1, 1], [0.125, 0]]
print(json.dumps([[*result[0].tolist(), result[1]] for result in map(env.step, actions)]))
`;

function hasMujoco(): boolean {
  return python !== undefined && spawnSync(python, ["-c", "import mujoco"]).status === 0;
}

describe.skipIf(python === undefined)("an environment of Gymnasium", () => {
  test("says of itself what Gymnasium says: entries, bounds, rate, time limit", () => {
    const { spec, actionSpace } = testEnv("Line-v0").create();
    expect(spec).toMatchObject({
      id: "gym:armgym_test_envs:Line-v0",
      controlRate: 20,
      maxEpisodeSteps: 6,
      observation: [{ name: "observation_0" }, { name: "observation_1" }],
      action: [{ name: "action_0", scale: 1, offset: 0.5 }],
      snapshots: false,
      config: { kwargs: {} },
    });
    expect(actionSpace).toMatchObject({ low: [-1], high: [1] });
  });

  test("steps as Gymnasium does: actions scaled and clipped, rewards, success, the time limit", () => {
    const env = testEnv("Line-v0").create({ kwargs: { start: 0 } });
    const { info } = env.reset({ seed: 3 });
    expect(info).toEqual({ success: false, rewardTerms: { reward: 0 }, clippedActions: 0, seed: "3" });
    // -0.5 is no movement: the action runs from -0.5 to 1.5
    expect(env.step([-0.5]).info.success).toBe(true);
    expect(play(env, [-1, 1])).toEqual([
      [-0.5, -5, -0.5],
      [1, 10, -1],
    ]);
    const { observation: clipped, ...result } = env.step([7]);
    expect([...clipped.state]).toEqual([2.5, 25]);
    expect(result).toEqual({
      reward: -2.5,
      terminated: false,
      truncated: false,
      info: { success: false, rewardTerms: { reward: -2.5 }, clippedActions: 1, seed: "3" },
    });
    env.step([-1]);
    expect(env.step([-1])).toMatchObject({ terminated: false, truncated: true });
    expect(() => env.step([0])).toThrow("step() was called after the episode's end");
  });

  test("an episode that the task ends is terminated, not truncated", () => {
    const env = testEnv("Line-v0").create({ kwargs: { start: 0 } });
    env.reset({ seed: 1 });
    env.step([1]);
    env.step([1]);
    expect(env.step([1])).toMatchObject({ reward: -4.5, terminated: true, truncated: false });
  });

  test.skipIf(!hasMujoco())("steps Reacher-v5 as Python itself does, where MuJoCo is there", () => {
    const env = gymnasiumEnv("gym:Reacher-v5", { python: interpreter }).create();
    expect(env.spec).toMatchObject({ controlRate: 50, maxEpisodeSteps: 50 });
    expect([env.spec.observation.length, env.spec.action.length]).toEqual([10, 2]);
    env.reset({ seed: 11 });
    const played = [
      [0.5, -0.25],
      [-1, 1],
      [0.125, 0],
    ].map((action) => env.step(action));
    const there = JSON.parse(execFileSync(python!, ["-c", REACHER], { encoding: "utf8" })) as number[][];
    const here = played.map(({ observation, reward }) => [...observation.state, reward]);
    expect(here).toEqual(there.map((numbers) => [...numbers.slice(0, 10).map(Math.fround), numbers[10]]));
  });

  test("a goal's dictionary is the state, and the two goals by themselves", () => {
    const env = testEnv("Goal-v0").create();
    expect(env.spec.observation.map(({ name }) => name)).toEqual([
      ...["observation_0", "observation_1", "observation_2"],
      ...["achieved_goal_0", "achieved_goal_1", "desired_goal_0", "desired_goal_1"],
    ]);
    const depending = env.spec.observation.filter(({ dependsOnGoal }) => dependsOnGoal);
    expect(depending.map(({ name }) => name)).toEqual(["desired_goal_0", "desired_goal_1"]);
    expect(env.spec).toMatchObject({ controlRate: 25, goal: { size: 2, threshold: 0.05 } });
    env.reset({ seed: 5 });
    const { observation } = env.step([1, -1]);
    expect(explainMismatch(env.observationSpace, observation)).toBeUndefined();
    const { state, achievedGoal, desiredGoal } = observation;
    expect([...achievedGoal!]).toEqual([Math.fround(0.1), Math.fround(-0.1)]);
    expect([...desiredGoal!]).toEqual([...state.slice(5)]);
    expect([...state.slice(0, 3)]).toEqual([0.25, 0.5, 0.75]);
  });

  test("the seed decides the episode; whole numbers are Gymnasium's own seeds", () => {
    const [one, other] = [testEnv("Line-v0").create(), testEnv("Line-v0").create()];
    const start = (env: Env, seed: number | string) => [...env.reset({ seed }).observation.state];
    // numpy.random.default_rng(7).uniform(-1, 1)
    expect(start(one, 7)[0]).toBe(Math.fround(0.2501909332093868));
    expect(start(other, "7")).toEqual(start(one, 7));
    expect(start(one, "3-99")).toEqual(start(other, "3-99"));
    expect(start(one, "3-99")).not.toEqual(start(one, "3-98"));
    start(one, "3-99");
    expect(one.reset().info.seed).toBe(other.reset().info.seed);
  });

  test("environments of one process do not disturb each other", () => {
    const [one, other] = [testEnv("Line-v0").create(), testEnv("Line-v0").create()];
    one.reset({ seed: 1 });
    const alone = play(one, [0.1, 0.2, 0.3]);
    one.reset({ seed: 1 });
    other.reset({ seed: 2 });
    const beside = [0.1, 0.2, 0.3].map((action) => {
      other.step([-action]);
      return play(one, [action])[0]!;
    });
    expect(beside).toEqual(alone);
  });

  test("closed, it steps no more; reset begins again", () => {
    const env = testEnv("Line-v0").create();
    env.reset({ seed: 1 });
    env.close();
    env.close();
    expect(() => env.step([0])).toThrow("step() was called before reset()");
    env.reset({ seed: 1 });
    env.step([0]);
  });

  test("a group that is restored begins new episodes, by the seeds that come next", () => {
    const group = () => new VecEnv(testEnv("Line-v0"), {}, { runSeed: 1, firstIndex: 0, numEnvs: 3 });
    const [one, other] = [group(), group()];
    const actions = new Float32Array(3);
    one.step(actions);
    const snapshot = structuredClone(one.snapshot());
    expect(snapshot.envs).toEqual([null, null, null]);
    other.step(actions);
    other.restore(snapshot);
    one.restore(snapshot);
    expect([...other.observations]).toEqual([...one.observations]);
    expect([...group().observations]).not.toEqual([...one.observations]);
    one.step(actions);
    other.step(actions);
    expect([...other.rewards]).toEqual([...one.rewards]);
  });

  test("what is not finite drops the episode, and the next one is as it should be", () => {
    const env = testEnv("Line-v0").create({ kwargs: { fails: "nan" } });
    env.reset({ seed: 1 });
    const { observation } = env.step([0]);
    const result = env.step([0]);
    expect(result).toMatchObject({
      reward: 0,
      terminated: false,
      truncated: true,
      info: { success: false, nonFinite: "observation entry 0 (observation_0)" },
    });
    expect([...result.observation.state]).toEqual([...observation.state]);
    expect(env.lastFrames()).toHaveLength(2);
    env.reset({ seed: 1 });
  });

  test("names the versions of all that it is made of", () => {
    const versions = testEnv("Line-v0").versions();
    expect(Object.keys(versions).sort()).toEqual(["armgym_test_envs", "gymnasium", "numpy", "python"]);
    expect(versions).toMatchObject({
      armgym_test_envs: "without a version",
      python: expect.stringMatching(/^3\.\d+\.\d+$/),
      numpy: expect.stringMatching(/^\d+\.\d+/),
    });
  });

  test("what needs its state or its scene is refused with the reason", () => {
    const env = testEnv("Line-v0").create();
    env.reset({ seed: 1 });
    const copied =
      "is not possible: an environment of Gymnasium is simulated in Python, and its state cannot be copied. To come to a state again, reset with the same seed and take the same actions.";
    expect(() => env.snapshot()).toThrow(`gym:armgym_test_envs:Line-v0: snapshot() ${copied}`);
    expect(() => env.restore({} as never)).toThrow(`gym:armgym_test_envs:Line-v0: restore() ${copied}`);
    expect(() => env.reset({ snapshot: {} as never })).toThrow(`reset() ${copied}`);
    expect(() => env.perturb({})).toThrow(
      "perturb() is not possible: an environment of Gymnasium is simulated in Python, and nothing in its physics can be pulled or changed from here.",
    );
    expect(() => env.render()).toThrow(
      'render() is not possible: an environment of Gymnasium is simulated in Python, and drawn there, if at all: by the keyword render_mode="human".',
    );
    expect(() => env.sampleScene(1)).toThrow(
      "sampleScene() is not possible: an environment of Gymnasium is simulated in Python, and it has no scenes to sample.",
    );
    expect(() => env.reset({ difficulty: 0.5 })).toThrow(
      "reset() got the difficulty 0.5: an environment of Gymnasium has none. Leave it out.",
    );
    expect(env.scene()).toEqual({ entities: [] });
  });

  test.each([
    ["too short", [], "the action has 0 entries, expected 1."],
    ["not finite", [Number.NaN], "action entry 0 (action_0) is NaN, expected a number from -1 to 1."],
  ])("an action that is %s is refused before Python sees it", (_, action, message) => {
    const env = testEnv("Line-v0").create();
    env.reset({ seed: 1 });
    expect(() => env.step(action)).toThrow(`gym:armgym_test_envs:Line-v0: ${message}`);
    env.step([0]);
  });

  test("what an environment raises is told with Python's traceback, and the others go on", () => {
    const [good, bad] = [
      testEnv("Line-v0").create(),
      testEnv("Line-v0").create({ kwargs: { fails: "step" } }),
    ];
    good.reset({ seed: 1 });
    bad.reset({ seed: 1 });
    bad.step([0]);
    expect(() => bad.step([0])).toThrow(
      /^gym:armgym_test_envs:Line-v0: step\(\) raised in Python:\nTraceback \(most recent call last\):\n[\s\S]*armgym_test_envs\.py", line \d+, in fail\n {4}raise RuntimeError\("the motor is hot"\)\nRuntimeError: the motor is hot$/,
    );
    good.step([0]);
    const exits = testEnv("Line-v0").create({ kwargs: { fails: "exit" } });
    exits.reset({ seed: 1 });
    exits.step([0]);
    expect(() => exits.step([0])).toThrow(/\nSystemExit: enough$/);
    good.step([0]);
    const never = testEnv("Line-v0").create({ kwargs: { fails: "reset" } });
    expect(() => never.reset({ seed: 1 })).toThrow(
      /reset\(\) raised in Python:\n[\s\S]*RuntimeError: no more episodes$/,
    );
    expect(() => testEnv("Line-v0").create({ kwargs: { strat: 1 } })).toThrow(
      /gymnasium\.make\(\) raised in Python:\n[\s\S]*unexpected keyword argument 'strat'/,
    );
    const shape = testEnv("Odd-v0").create({ kwargs: { what: "shape" } });
    expect(() => shape.reset()).toThrow(
      /ValueError: the observation has the shape \(3,\), its space says \(1,\)$/,
    );
  });

  test("a Python process that dies amid a step is told, and a reset starts another", () => {
    // a process of its own: those of the other tests live on
    const own = wrappedPython("");
    const mortal = gymnasiumEnv("gym:armgym_test_envs:Line-v0", { python: own });
    const [env, beside] = [mortal.create({ kwargs: { fails: "killed" } }), mortal.create()];
    env.reset({ seed: 1 });
    beside.reset({ seed: 1 });
    env.step([0]);
    const message =
      "gym:armgym_test_envs:Line-v0: step(): the Python process ended in the middle of it; what it wrote to stderr before may say why.";
    expect(() => env.step([0])).toThrow(message);
    expect(() => beside.step([0])).toThrow(
      "the Python process of this environment has ended. Call reset() to start another.",
    );
    beside.reset({ seed: 1 });
    beside.step([0]);
  });

  test.each([
    [
      "picture",
      `its observation space "pixels" is a picture (uint8, 4 x 6 x 3). armgym's pictures are those of its own cameras, whose place and field of view belong to them in recordings and exported policies. Leave pictures out of the observation, or train on them in Python.`,
    ],
    [
      "bits",
      "its observation space is MultiBinary(3). armgym's agents read numbers: boxes, and dictionaries of boxes. Register the environment with a wrapper, for example gymnasium.wrappers.FlattenObservation.",
    ],
    [
      "tuple",
      'its observation space "pair" is Tuple(Box(-1.0, 1.0, (1,), float32), Box(-1.0, 1.0, (1,), float32)).',
    ],
    ["nothing", "its observation space holds no numbers, expected at least one."],
    [
      "discrete",
      "its action space is Discrete(4). armgym's agents act by real numbers, drawn from a normal distribution within bounds: a Box. For other actions, train in Python.",
    ],
    ["open", "entry 1 of its action space runs from -inf to inf."],
    [
      "whole",
      "its action space is Box(0, 5, (1,), int64), expected a Box with at least one number, of a floating-point type.",
    ],
    [
      "named",
      "its action space is Dict('arm': Box(-1.0, 1.0, (1,), float32)). armgym's agents act by real numbers",
    ],
  ])("spaces that agents cannot take are refused by name: %s", (what, message) => {
    expect(() => testEnv("Odd-v0").create({ kwargs: { what } })).toThrow(
      `gym:armgym_test_envs:Odd-v0: ${message}`,
    );
  });

  test("an environment without a time limit is refused, and taken with one", () => {
    expect(() => testEnv("Endless-v0").create()).toThrow(
      "gym:armgym_test_envs:Endless-v0 has no time limit: an episode might never end. Set one, in steps: kwargs.max_episode_steps=1000.",
    );
    expect(testEnv("Endless-v0").create({ kwargs: { max_episode_steps: 9 } }).spec.maxEpisodeSteps).toBe(9);
  });

  test("unknown environments and modules are refused in Gymnasium's words", () => {
    expect(() => testEnv("Lin-v0").create()).toThrow(
      /^gym:armgym_test_envs:Lin-v0: Gymnasium knows no environment "Lin-v0"\. .*`Lin`.* Where a Python module registers it, name that, too: gym:module:Lin-v0\.$/,
    );
    expect(() => gymnasiumEnv("gym:no_such_module:Line-v0", { python: interpreter }).create()).toThrow(
      `gym:no_such_module:Line-v0: ${interpreter} cannot import the module "no_such_module". It was looked for among the installed packages and in this folder.\n` +
        "ModuleNotFoundError: No module named 'no_such_module'",
    );
  });

  test("settings other than keywords are refused", () => {
    const create = (config: object) => () => testEnv("Line-v0").create(config);
    expect(create({ controlRate: 10 })).toThrow(
      'Unknown setting "controlRate" of gym:armgym_test_envs:Line-v0. It has: kwargs.',
    );
    expect(create({ kwargs: 3 })).toThrow(
      'Setting "kwargs" of gym:armgym_test_envs:Line-v0 is 3, expected keywords of gymnasium.make by name, for example kwargs.max_episode_steps=200.',
    );
  });
});
