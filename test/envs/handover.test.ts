import { expect, test } from "vitest";
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { fullState } from "../../src/env/observation.js";
import { findRobot } from "../../src/robots/models/robots.js";

const env = envs["Handover-v1"].create();
const indices = new Map(env.spec.observation.map(({ name, index }) => [name, index]));
const [panda, apart] = [findRobot("panda"), 1.33];
const GRIP = 0.065;

/** Three numbers of a state, and one. */
function vectorOf(state: Float32Array, name: string): number[] {
  return ["x", "y", "z"].map((axis) => state[indices.get(`${name}_${axis}`)!]!);
}

function holds(state: Float32Array, arm: string): boolean {
  return state[indices.get(`${arm}/grasped`)!] === 1;
}

test("neither arm can do it alone: the giver's workspace ends before the goals, the receiver's before the bars", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { state } = env.reset({ seed }).observation;
    const [tool, grip, way] = ["right/tcp", "right/grip_from_tcp", "goal_from_bar"].map((name) =>
      vectorOf(state, name),
    ) as [number[], number[], number[]];
    const taken = tool[0]! + grip[0]!;
    // the giver holds the bar at its own end, the receiver at the other
    expect(taken - 2 * GRIP + way[0]!).toBeGreaterThan(panda.workspace.high[0]);
    expect(taken).toBeLessThan(apart - panda.workspace.high[0]);
  }
});

test("an episode of the expert is given, held by both and taken, and each stage is rewarded above the one before", () => {
  const act = expertPolicy(experts["Handover-v1"], env.spec);
  let { observation } = env.reset({ seed: 5 });
  const stages: string[] = [];
  const rewards: Record<string, number[]> = {};
  for (let done = false; !done; ) {
    const step = env.step(act(fullState(observation)));
    observation = step.observation;
    done = step.truncated;
    const stage = ["left", "right"].filter((arm) => holds(observation.state, arm)).join("+");
    if (stages.at(-1) !== stage) stages.push(stage);
    rewards[stage] = [...(rewards[stage] ?? []), step.reward];
  }
  expect(stages).toEqual(["", "left", "left+right", "right"]);
  for (const [k, stage] of stages.entries()) {
    if (k > 0)
      expect(Math.min(...rewards[stage]!)).toBeGreaterThan(Math.max(...rewards[stages[k - 1]!]!) - 0.05);
  }
  expect(rewards.right!.at(-1)).toBeGreaterThan(0.9);
});

test("another kind of robot may receive", () => {
  const mixed = envs["Handover-v1"].create({ robot: "panda", receiver: "ur5e" });
  expect(mixed.spec.robot).toBe("panda+ur5e");
  const act = expertPolicy(experts["Handover-v1"], mixed.spec);
  let { observation } = mixed.reset({ seed: 1 });
  for (;;) {
    const step = mixed.step(act(fullState(observation)));
    observation = step.observation;
    if (!step.truncated) continue;
    expect(step.info.success).toBe(true);
    return;
  }
});
