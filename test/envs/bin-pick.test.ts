import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { POSE_SIZE } from "../../src/replay/scene.js";

const { create } = envs["BinPick-v1"];

test("each object is the target at times; the mark goes with it and the observation tells where it is", () => {
  const env = create();
  const index = (name: string) => env.spec.observation.findIndex((entry) => entry.name === name);
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  const placeOf = (entity: number) => [...poses.subarray(POSE_SIZE * entity, POSE_SIZE * entity + 3)];
  const targets = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const { state } = env.reset({ seed }).observation;
    env.poses(poses);
    const mark = placeOf(entities.findIndex(({ kind }) => kind === "goal"));
    const marked = entities.filter(
      ({ kind }, entity) => kind === "object" && placeOf(entity).every((value, k) => value === mark[k]),
    );
    expect(marked, `seed ${seed}`).toHaveLength(1);
    targets.add(marked[0]!.id);
    for (const [k, axis] of ["x", "y", "z"].entries()) {
      const told = state[index(`tcp_${axis}`)]! + state[index(`target_from_tcp_${axis}`)]!;
      expect(told).toBeCloseTo(mark[k]!, 6);
    }
  }
  expect(targets.size).toBe(6);
});

test("what lies in the bin has come to rest: it moves by less than 3 mm in the next half second", () => {
  const env = create();
  const { entities } = env.scene();
  const [before, after] = [0, 1].map(() => new Float64Array(POSE_SIZE * entities.length));
  for (let seed = 0; seed < 20; seed++) {
    env.reset({ seed });
    env.poses(before!);
    for (let step = 0; step < 10; step++) env.step([0, 0, 0, 1]);
    env.poses(after!);
    for (const [entity, { kind, id }] of entities.entries()) {
      if (kind !== "object") continue;
      const way = [0, 1, 2].map((k) => after![POSE_SIZE * entity + k]! - before![POSE_SIZE * entity + k]!);
      expect(Math.hypot(...way), `seed ${seed}: ${id}`).toBeLessThan(3e-3);
    }
  }
});

test("a robot whose region is too small is refused", () => {
  expect(() => create({ robot: "so101" })).toThrow(
    'The task region of robot "so101" cannot hold the bin and the tray of BinPick-v1. Choose a robot that reaches further.',
  );
});
