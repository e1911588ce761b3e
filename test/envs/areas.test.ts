import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Area } from "../../src/cell/area.js";
import { sampleApart, sampleArea } from "../../src/cell/area.js";
import type { Env } from "../../src/env/env.js";
import { createRandom } from "../../src/math/random.js";
import { POSE_SIZE, type SceneShape } from "../../src/scene/scene.js";

const area: Area = { name: "area", low: [0, -1, 0.5], high: [1, 1, 0.5], color: [0, 0, 0, 1] };

test("positions lie in their area and fill it", () => {
  const random = createRandom("areas");
  const drawn = Array.from({ length: 400 }, () => sampleArea(area, random));
  for (const [axis, [low, high]] of [
    [0, 1],
    [-1, 1],
    [0.5, 0.5],
  ].entries()) {
    const values = drawn.map((position) => position[axis]!);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low!);
    expect(Math.max(...values)).toBeLessThanOrEqual(high!);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThanOrEqual(0.95 * (high! - low!));
  }
});

test("positions drawn apart are apart, and an area too small for them is named", () => {
  const random = createRandom("apart");
  for (let trial = 0; trial < 100; trial++) {
    const [a, b, c] = sampleApart(area, 3, 0.5, random);
    for (const [one, other] of [
      [a, b],
      [a, c],
      [b, c],
    ]) {
      expect(Math.hypot(one![0] - other![0], one![1] - other![1])).toBeGreaterThanOrEqual(0.5);
    }
  }
  expect(() => sampleApart(area, 9, 3, random)).toThrow(
    "The area, 100 x 200 cm, cannot hold 9 things 300 cm apart. Choose a robot that reaches further, or a smaller distance.",
  );
});

test("a robot whose region is too small for a tower is refused when the environment is made", () => {
  expect(() => envs["StackTower-v1"].create({ robot: "so101" })).toThrow("cannot hold 3 things 13 cm apart");
});

test.each(Object.entries(envs))(
  "%s starts with nothing overlapping, inside the areas that viewers draw",
  (_, factory) => {
    const env = factory.create();
    const regions = env.scene().entities.filter(({ kind }) => kind === "region");
    expect(regions.length).toBeGreaterThan(0);
    const bodies = env.scene().entities.filter(({ kind }) => kind === "object");
    for (let seed = 0; seed < 100; seed++) {
      env.reset({ seed });
      const places = placesOf(env, "object");
      for (const [index, place] of places.entries()) {
        const [half, radius] = halfHeightAndRadius(bodies[index]!.shapes[0]!);
        // bodies that were let fall have sunk by what the contacts give way
        expect(place[2]! - half, `seed ${seed}`).toBeGreaterThan(-2e-4);
        expect(place[2]! - half, `seed ${seed}`).toBeLessThan(2e-4);
        for (const [earlier, other] of places.slice(0, index).entries()) {
          const apart = Math.hypot(place[0]! - other[0]!, place[1]! - other[1]!);
          const [, otherRadius] = halfHeightAndRadius(bodies[earlier]!.shapes[0]!);
          expect(apart, `seed ${seed}`).toBeGreaterThan(radius + otherRadius);
        }
      }
      for (const place of [...places, ...placesOf(env, "goal")]) {
        const inside = regions.some(({ shapes: [shape] }) => {
          if (shape?.type !== "box") return false;
          // a flat area is drawn on the table, not at the height of the things in it
          const axes = shape.size[2] < 0.01 ? [0, 1] : [0, 1, 2];
          return axes.every((k) => Math.abs(place[k]! - shape.position[k]!) <= shape.size[k]! / 2 + 1e-9);
        });
        expect(inside, `seed ${seed}: ${place}`).toBe(true);
      }
      expect(env.contacts()).toEqual([]);
    }
  },
);

/** Of a body that stands upright: half its height and the radius of the circle around its base. */
function halfHeightAndRadius(shape: SceneShape): [number, number] {
  if (shape.type === "box") return [shape.size[2] / 2, Math.hypot(shape.size[0], shape.size[1]) / 2];
  if (shape.type === "sphere") return [shape.radius, shape.radius];
  if (shape.type === "cylinder") return [shape.length / 2, shape.radius];
  throw new Error(`a ${shape.type} is in no task yet`);
}

function placesOf(env: Env, wanted: string): number[][] {
  const { entities } = env.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  env.poses(poses);
  return entities.flatMap(({ kind }, index) =>
    kind === wanted ? [[...poses.slice(POSE_SIZE * index, POSE_SIZE * index + 3)]] : [],
  );
}
