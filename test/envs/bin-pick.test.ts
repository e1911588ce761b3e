import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { POSE_SIZE } from "../../src/scene/scene.js";

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

test("objects of another size are told by their own height, and wanted that high in the tray", () => {
  const env = create({ randomization: { objectSize: 1.2 } });
  const read = (name: string) =>
    env.reset({ seed: 3 }).observation.state[env.spec.observation.findIndex((entry) => entry.name === name)]!;
  const height = read("tcp_z") + read("target_from_tcp_z");
  // at rest on the floor it is as high as its half height tells
  expect(Math.abs(height - read("half_height"))).toBeLessThan(5e-4);
  expect(Math.abs(read("tray_from_target_z"))).toBeLessThan(5e-4);
  const usual = create();
  const { state } = usual.reset({ seed: 3 }).observation;
  const half = state[usual.spec.observation.findIndex(({ name }) => name === "half_height")]!;
  expect(read("half_height")).toBeCloseTo(1.2 * half, 6);
});

test("easier episodes have the target nearer to the middle of the bin, and more room beside it", () => {
  const env = create();
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  const [spread, room] = [0, 1]
    .map((difficulty) => {
      const targets: number[] = [];
      let nearest = Number.POSITIVE_INFINITY;
      for (let seed = 0; seed < 30; seed++) {
        env.reset({ seed, difficulty });
        env.poses(poses);
        const mark = POSE_SIZE * entities.findIndex(({ kind }) => kind === "goal");
        const [x, y] = [poses[mark]!, poses[mark + 1]!];
        targets.push(y);
        for (const [entity, { kind }] of entities.entries()) {
          const away = [poses[POSE_SIZE * entity]! - x, poses[POSE_SIZE * entity + 1]! - y].map(Math.abs);
          // fingers close along y: what lies beside the target is further off in x, or far off in y
          if (kind === "object" && Math.hypot(...away) > 1e-9)
            nearest = Math.min(nearest, Math.max(away[0]! / 0.038, away[1]! / 0.078));
        }
      }
      return { spread: Math.max(...targets) - Math.min(...targets), nearest };
    })
    .reduce<[number[], number[]]>(
      ([spreads, rooms], { spread, nearest }) => [
        [...spreads, spread],
        [...rooms, nearest],
      ],
      [[], []],
    );
  expect(spread![0]).toBeLessThan(0.5 * spread![1]!);
  // 78 + 20 mm along y, 38 + 20 mm along x, less what objects roll as they come to rest
  expect(room![0]).toBeGreaterThan(1.2);
  expect(room![1]).toBeLessThan(1.1);
});

test("a robot whose region is too small is refused", () => {
  expect(() => create({ robot: "so101" })).toThrow(
    'The task region of robot "so101" cannot hold the bin and the tray of BinPick-v1. Choose a robot that reaches further.',
  );
});
