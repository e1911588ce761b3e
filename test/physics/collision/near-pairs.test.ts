import { expect, test } from "vitest";
import { createRandom } from "../../../src/math/random.js";
import { ColliderSet, colliderShape, HALF_SPACE_SHAPE } from "../../../src/physics/collision/collider-set.js";
import { NearPairs } from "../../../src/physics/collision/near-pairs.js";

const MARGIN = 5e-4;
const ball = (radius: number) => colliderShape({ type: "sphere", radius });

/** A table (0) and `radii.length` balls (1, 2, ...), each paired with all before it. */
function scene(radii: readonly number[]) {
  const colliders = new ColliderSet(MARGIN);
  colliders.add(HALF_SPACE_SHAPE, { link: -1, free: -1 }, 1);
  for (const [free, radius] of radii.entries()) colliders.add(ball(radius), { link: -1, free }, 1);
  const pairs = radii.flatMap((_, a) => Array.from({ length: a + 1 }, (_, b) => [a + 1, b] as const));
  const near = new NearPairs(colliders, {
    first: Uint16Array.from(pairs, ([a]) => a),
    second: Uint16Array.from(pairs, ([, b]) => b),
    numOuter: pairs.length,
  });
  return { colliders, near, pairs, reaches: new Float64Array(colliders.count) };
}

type Scene = ReturnType<typeof scene>;

/** Pairs that come within the margin when both go their whole reach towards each other. */
function meeting({ colliders: { positions: P, boundingRadius }, pairs, reaches }: Scene): number[] {
  return [...pairs.keys()].filter((pair) => {
    const [a, b] = pairs[pair]!;
    const way = [0, 1, 2].map((k) => P[3 * a + k]! - P[3 * b + k]!) as [number, number, number];
    const gap =
      b === 0 ? way[2] - boundingRadius[a]! : Math.hypot(...way) - boundingRadius[a]! - boundingRadius[b]!;
    return gap <= MARGIN + reaches[a]! + reaches[b]!;
  });
}

const listed = ({ near }: Scene) => [...near.list.subarray(0, near.count)];

test("no pair that can meet within the step is missing, however balls move, jump or speed", () => {
  const random = createRandom("near pairs");
  const all = scene([0.01, 0.03, 0.02, 0.05, 0.015, 0.04]);
  const { colliders, near, pairs, reaches } = all;
  let [kept, met, held] = [0, 0, 0];
  for (let step = 0; step < 3000; step++) {
    for (let c = 1; c < colliders.count; c++) {
      const jumps = random.uniform() < 0.003;
      for (let k = 0; k < 3; k++) {
        const place = 3 * c + k;
        if (jumps) colliders.positions[place] = 0.4 * random.uniform();
        else colliders.positions[place]! += 0.002 * (random.uniform() - 0.5);
      }
      reaches[c] = 0.002 * random.uniform() + (random.uniform() < 0.001 ? 0.2 : 0);
    }
    const before = listed(all).join();
    near.update(reaches);
    const list = listed(all);
    if (list.join() === before) held++;
    expect(list).toEqual([...list].sort((a, b) => a - b));
    const must = meeting(all);
    for (const pair of must) expect(list, `step ${step}, pair ${pairs[pair]}`).toContain(pair);
    met += must.length;
    kept += list.length;
  }
  // the scene is lively enough, and the list shorter than all pairs
  expect(met).toBeGreaterThan(3000);
  expect(held).toBeGreaterThan(1000);
  expect(kept).toBeLessThan(0.9 * 3000 * pairs.length);
});

test("a position that is not a number keeps its pairs in the list, and the list is right again after it", () => {
  const all = scene([0.01, 0.01]);
  all.colliders.positions.set([0, 0, 1], 3);
  all.colliders.positions.set([1, 0, 1], 6);
  all.near.update(all.reaches);
  expect(listed(all)).toEqual([]);
  all.colliders.positions[3] = Number.NaN;
  all.near.update(all.reaches);
  // pair 0 is ball 1 and the table, pair 2 both balls
  expect(listed(all)).toEqual([0, 2]);
  all.colliders.positions[3] = 0.99;
  all.near.update(all.reaches);
  expect(listed(all)).toEqual([2]);
});

test("a ball that grows where it is comes into the list", () => {
  const all = scene([0.01]);
  all.colliders.positions.set([0, 0, 0.3], 3);
  all.near.update(all.reaches);
  expect(listed(all)).toEqual([]);
  all.colliders.resize(1, ball(0.3));
  all.near.update(all.reaches);
  expect(listed(all)).toEqual([0]);
});
