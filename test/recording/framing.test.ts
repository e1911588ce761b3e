// Where a camera sees all of something.
import { expect, test } from "vitest";
import { boundsOf, framing, union } from "../../src/recording/framing.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";

const turn = [0, 0, Math.SQRT1_2, Math.SQRT1_2] as const;
const color = [1, 1, 1, 1] as const;

test("bounds hold every wanted shape in every frame, turned as it is; poses that are not finite are left out", () => {
  const entities = [
    {
      id: "bar",
      kind: "link",
      shapes: [
        { type: "box", size: [0.4, 0.2, 0.1], position: [0.2, 0, 0], quaternion: [0, 0, 0, 1], color },
      ],
    },
    {
      id: "ball",
      kind: "object",
      shapes: [{ type: "sphere", radius: 0.1, position: [0, 0, 0], quaternion: [0, 0, 0, 1], color }],
    },
    {
      id: "table",
      kind: "table",
      shapes: [{ type: "box", size: [9, 9, 9], position: [0, 0, 0], quaternion: [0, 0, 0, 1], color }],
    },
  ];
  const frame = (ball: number) => ({
    poses: [1, 2, 3, ...turn, ball, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1],
  });
  const recording = {
    header: { scene: { entities } },
    frames: [frame(0), frame(-1), frame(Number.NaN)],
  } as unknown as EpisodeRecording;
  const of = (kinds: readonly string[]) => boundsOf(recording, ({ kind }) => kinds.includes(kind))!;
  const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12));
  // the bar reaches from its origin along y once it is turned by a quarter
  expect(of(["link"])).toEqual({ low: near([0.9, 2, 2.95]), high: near([1.1, 2.4, 3.05]) });
  expect(of(["object"])).toEqual({ low: near([-1.1, -0.1, -0.1]), high: near([0.1, 0.1, 0.1]) });
  expect(union([of(["link"]), of(["object"])])).toEqual({
    low: near([-1.1, -0.1, -0.1]),
    high: near([1.1, 2.4, 3.05]),
  });
  expect(boundsOf(recording, () => false)).toBeUndefined();
});

test.each([
  [1.4, [1.15, -0.98, 0.5]],
  [0.5, [1.15, -0.98, 0.5]],
  [2.5, [0, 1, 0.1]],
  [1, [0.0001, 0, 1]],
] as const)(
  "a picture of aspect %f seen from %j holds all corners, fills one side to 84 % and has them in the middle",
  (aspect, direction) => {
    const bounds = { low: [-0.1, -0.3, 0], high: [0.6, 0.2, 0.8] } as const;
    const fov = 0.6;
    const { position, target } = framing(bounds, direction, { fov, aspect });
    const way = target.map((v, k) => v - position[k]!);
    const length = Math.hypot(...way);
    const [fx, fy, fz] = way.map((v) => v / length) as [number, number, number];
    const flat = Math.hypot(fx, fy);
    const right = [fy / flat, -fx / flat, 0];
    const up = [(-fx * fz) / flat, (-fy * fz) / flat, flat];
    const along = (axis: readonly number[], from: readonly number[]) =>
      axis.reduce((sum, v, k) => sum + v * from[k]!, 0);
    const places = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => {
      const corner = [0, 1, 2].map((axis) => ((k >> axis) & 1 ? bounds.high : bounds.low)[axis]!);
      const from = corner.map((v, axis) => v - position[axis]!);
      const depth = along([fx, fy, fz], from);
      expect(depth).toBeGreaterThan(0);
      const half = depth * Math.tan(fov / 2);
      return [along(right, from) / (half * aspect), along(up, from) / half] as const;
    });
    const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
    expect(Math.max(...[...xs, ...ys].map(Math.abs))).toBeLessThan(0.86);
    expect(Math.max(...[...xs, ...ys].map(Math.abs))).toBeGreaterThan(0.8);
    expect(Math.abs(Math.max(...xs) + Math.min(...xs))).toBeLessThan(0.06);
    expect(Math.abs(Math.max(...ys) + Math.min(...ys))).toBeLessThan(0.06);
  },
);
