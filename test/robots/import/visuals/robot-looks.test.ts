// What described robots are drawn as.
import { expect, test } from "vitest";
import { IDENTITY_QUATERNION } from "../../../../src/math/quaternion.js";
import type { DescribedLink, RobotDescription } from "../../../../src/robots/import/description.js";
import { looksOf } from "../../../../src/robots/import/visuals/robot-looks.js";

const pose = { position: [0.1, 0, 0.2], quaternion: IDENTITY_QUATERNION } as const;
const link = (name: string, visuals: DescribedLink["visuals"] = []): DescribedLink => ({
  ...{ name, line: 1, collisions: [], visuals },
});
const described = (links: readonly DescribedLink[]): RobotDescription => ({
  ...{ name: "arm", file: "arm.urdf", links, joints: [], mayOverlap: [], notes: [] },
});

test("primitives are drawn with their colours, and grey where they have none", () => {
  const base = link("base_link", [
    { line: 2, pose, geometry: { type: "box", size: [0.1, 0.2, 0.3] }, color: [1, 0, 0, 1] },
  ]);
  const arm = link("__proto__", [
    { line: 3, pose, geometry: { type: "cylinder", radius: 0.04, length: 0.3 } },
    { line: 4, pose, geometry: { type: "sphere", radius: 0.05 }, color: [0, 0, 1, 0.5] },
  ]);
  const looks = looksOf(described([base, arm, link("tool0")]), base)!;
  expect(looks.base).toEqual([{ type: "box", size: [0.1, 0.2, 0.3], ...pose, color: [1, 0, 0, 1] }]);
  // a link's name is never what objects have by themselves
  expect(Object.entries(looks.links)).toEqual([
    [
      "__proto__",
      [
        { type: "cylinder", radius: 0.04, length: 0.3, ...pose, color: [0.78, 0.79, 0.81, 1] },
        { type: "sphere", radius: 0.05, ...pose, color: [0, 0, 1, 0.5] },
      ],
    ],
    ["tool0", []],
  ]);
});

test("a description without visual shapes has no looks", () => {
  const base = link("base_link");
  expect(looksOf(described([base, link("arm")]), base)).toBeUndefined();
});
