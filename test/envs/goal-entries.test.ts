// Which observation entries depend on the goal, found by moving it.
import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";
import { POSE_SIZE } from "../../src/scene/scene.js";

/** Tasks whose goals can be relabelled. */
const RELABELLED = Object.values(envs).filter((factory) => factory.create().computeReward !== undefined);

/** Where the mark of the goal is, m. */
function goalOf(env: Env): readonly number[] {
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  env.poses(poses);
  const index = entities.findIndex(({ kind }) => kind === "goal");
  return [...poses.slice(POSE_SIZE * index, POSE_SIZE * index + 3)];
}

test("there are tasks whose goals can be relabelled", () => {
  expect(RELABELLED.map(({ id }) => id)).toEqual([
    ...["Reach-v1", "Push-v1", "PickPlace-v1", "Slide-v1", "Drawer-v1", "PegInsert-v1", "Handover-v1"],
  ]);
});

test.each(RELABELLED.map((factory) => [factory.id, factory] as const))(
  "%s: the entries that change with the goal are marked as depending on it, and no others",
  (_, factory) => {
    const env = factory.create();
    const { observation } = env.reset({ seed: 3 });
    const snapshot = env.snapshot();
    // near what has been achieved: entries that are drawn out there are the same everywhere else
    const [x, y, z] = observation.achievedGoal!.length === 3 ? observation.achievedGoal! : goalOf(env);
    const stateAt = (away: number) => {
      env.restore(snapshot);
      env.perturb({ goal: [x! + away, y! - 2 * away, z! + 3 * away] });
      return env.step(new Float32Array(env.spec.action.length)).observation.state;
    };
    const [one, other] = [stateAt(0.002), stateAt(0.003)];
    const changed = env.spec.observation.filter(({ index }) => one[index] !== other[index]);
    const marked = env.spec.observation.filter(({ dependsOnGoal }) => dependsOnGoal);
    expect(changed.map(({ name }) => name)).toEqual(marked.map(({ name }) => name));
    expect(marked.length).toBeGreaterThan(0);
  },
);
