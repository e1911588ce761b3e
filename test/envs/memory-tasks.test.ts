import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";

function reader(env: Env) {
  const indices = new Map(env.spec.observation.map(({ name, index }) => [name, index]));
  return (state: Float32Array, name: string) => state[indices.get(name)!]!;
}

test("RememberGoal-v1 shows the goal for 5 steps, and the arm does not move for them whatever is done", () => {
  const [env, other] = [envs["RememberGoal-v1"].create(), envs["RememberGoal-v1"].create()];
  const read = reader(env);
  const [start, same] = [env, other].map((made) => made.reset({ seed: 3 }).observation);
  expect(same).toEqual(start);
  let [state, stateOfOther] = [start!.state, same!.state];
  for (let step = 0; step < 5; step++) {
    for (const [k, axis] of ["x", "y", "z"].entries()) {
      const way = read(state, `goal_from_tcp_if_shown_${axis}`);
      expect(read(state, `tcp_${axis}`) + way).toBeCloseTo(start!.desiredGoal![k]!, 6);
    }
    expect(read(state, "goal_shown")).toBe(1);
    state = env.step([1, -1, 1]).observation.state;
    stateOfOther = other.step([0, 0, 0]).observation.state;
    expect(state).toEqual(stateOfOther);
    expect(read(state, "tcp_x")).toBeCloseTo(read(start!.state, "tcp_x"), 3);
  }
  for (let step = 5; step < 50; step++) {
    for (const name of ["goal_from_tcp_if_shown_x", "goal_from_tcp_if_shown_y", "goal_from_tcp_if_shown_z"])
      expect(read(state, name)).toBe(0);
    expect(read(state, "goal_shown")).toBe(0);
    const result = env.step([1, 0, 0]);
    state = result.observation.state;
    expect(result.truncated).toBe(step === 49);
  }
  expect(read(state, "tcp_x")).toBeGreaterThan(read(stateOfOther, "tcp_x") + 0.1);
});

test.each(["solid", "overlay"] as const)(
  "pictures of RememberGoal-v1 tell where the goal is for 5 steps, and not after them (goal drawn %s)",
  (goalMarker) => {
    const camera = { name: "front", goalMarker, goalFootprint: true };
    const env = envs["RememberGoal-v1"].create({ observationMode: "camera", cameras: [camera] });
    env.reset({ seed: 3 });
    const goalOf = (snapshot: ReturnType<Env["snapshot"]>) =>
      (snapshot.simulation as { goal: Float64Array }).goal;
    for (let step = 0; step < 8; step++) {
      const start = env.snapshot();
      const { image } = env.step([0, 0, 0]).observation;
      const after = env.snapshot();
      env.restore(start);
      const moved = env.snapshot();
      goalOf(moved)[1]! -= 0.2;
      env.restore(moved);
      const { image: other } = env.step([0, 0, 0]).observation;
      // what is seen after the first step is picture 1
      if (step + 1 < 5) expect(other).not.toEqual(image);
      else expect(other).toEqual(image);
      env.restore(after);
    }
  },
);

test("a snapshot taken while the arm is held holds it again", () => {
  const env = envs["RememberGoal-v1"].create();
  env.reset({ seed: 5 });
  env.step([1, 1, 1]);
  const snapshot = env.snapshot();
  const play = () => Array.from({ length: 8 }, () => [...env.step([1, 1, 1]).observation.state]);
  const wanted = play();
  env.restore(snapshot);
  expect(play()).toEqual(wanted);
});

test("the ball of Occluded-v1 rolls at constant speed; it is seen before the roof only, and so long the arm is held", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const env = envs["Occluded-v1"].create();
    const read = reader(env);
    const { state: start, desiredGoal } = env.reset({ seed }).observation;
    const path = [desiredGoal![1]!];
    let state = start;
    let moved = false;
    for (let step = 0; step < 50; step++) {
      const isSeen = read(state, "ball_seen") === 1;
      // the roof begins 3 cm into the area, which begins at -0.15 m
      expect(isSeen).toBe(path.at(-1)! < -0.12);
      if (isSeen) {
        expect(read(state, "ball_from_tcp_if_seen_y") + read(state, "tcp_y")).toBeCloseTo(path.at(-1)!, 5);
        expect(read(state, "tcp_x")).toBeCloseTo(read(start, "tcp_x"), 3);
      } else expect(read(state, "ball_from_tcp_if_seen_y")).toBe(0);
      const { observation } = env.step([1, 0, 0]);
      state = observation.state;
      path.push(observation.desiredGoal![1]!);
      moved ||= Math.abs(read(state, "tcp_x") - read(start, "tcp_x")) > 0.02;
    }
    expect(moved).toBe(true);
    const stride = (path[50]! - path[0]!) / 50;
    expect(stride).toBeGreaterThan(0.39 * (0.3 / 50));
    expect(stride).toBeLessThan(1.01 * (0.3 / 50));
    for (const [step, y] of path.entries())
      expect(Math.abs(y - path[0]! - stride * step), `seed ${seed}, step ${step}`).toBeLessThan(1e-3);
  }
});

/** Close to `grip`, lift after 15 steps, and return the last step. */
function lift(masses: { least: number; most: number }, grip: number) {
  const env = envs["HiddenMass-v1"].create({ masses });
  env.reset({ seed: 1 });
  for (let step = 0; ; step++) {
    const result = env.step([0, 0, step > 15 && step < 36 ? 0.1 : 0, grip]);
    if (result.truncated) return result;
  }
}

test("in HiddenMass-v1 the right grip depends on the mass: too loose slips, too tight crushes", () => {
  // the Panda's finger presses with 5 - 25 * grip N; needed are 6.1 N per kg, and from twice that on the box is crushed
  const [light, heavy] = [
    { least: 0.3, most: 0.3 },
    { least: 1.2, most: 1.2 },
  ];
  const lightGrip = (5 - 1.5 * 1.84) / 25;
  const heavyGrip = (5 - 1.5 * 7.36) / 25;
  expect(lift(light, lightGrip).info.success).toBe(true);
  expect(lift(heavy, heavyGrip).info.success).toBe(true);
  const crushed = lift(light, heavyGrip).info;
  expect(crushed.success).toBe(false);
  expect(crushed.rewardTerms).toMatchObject({ gentle: 0, success: 0 });
  expect(crushed.rewardTerms.lift).toBeGreaterThan(0.75);
  const slipped = lift(heavy, lightGrip).info;
  expect([slipped.success, slipped.rewardTerms.lift]).toEqual([false, 0]);
});

test("nothing at the start of HiddenMass-v1 tells the mass", () => {
  const [light, heavy] = [0.3, 1.2].map((mass) => {
    const env = envs["HiddenMass-v1"].create({ masses: { least: mass, most: mass } });
    return env.reset({ seed: 7 }).observation.state;
  });
  expect(light).toEqual(heavy);
});

test("a gripper that cannot choose its force is refused for HiddenMass-v1", () => {
  expect(() => envs["HiddenMass-v1"].create({ robot: "so101" })).toThrow(
    'The gripper of robot "so101" is too stiff to grip gently: 0.5 % of its command\'s half range lie between no force and the greatest, HiddenMass-v1 needs 20 %. Choose another robot.',
  );
});
