import { expect, test } from "vitest";
import { World } from "../../../src/physics/world.js";
import type { DescribedShape } from "../../../src/robots/import/description.js";
import { importRobot } from "../../../src/robots/import/import-robot.js";
import { describe, type Part } from "./structure/descriptions.js";

const NONE = [0, 0, 0, 1] as const;
const box = (position: readonly [number, number, number], size: readonly [number, number, number]) =>
  ({ line: 1, pose: { position, quaternion: NONE }, geometry: { type: "box", size } }) as DescribedShape;

/** Turns about the vertical; its second link is a bar of 4 cm along x, 10 to 50 cm out and 40 cm up. */
const turret: readonly Part[] = [
  { name: "turn", parent: "base", child: "column", at: [0, 0, 0.3], axis: [0, 0, 1], limits: [-3, 3] },
  {
    ...{ name: "lift", parent: "column", child: "bar", axis: [0, 1, 0], limits: [-1, 1] },
    boxes: [
      [
        [0.3, 0, 0],
        [0.4, 0.04, 0.04],
      ],
    ],
  },
];

/** The turret, which is no arm but is named as one, on a base of these shapes. */
function onBase(collisions: readonly DescribedShape[]) {
  const described = describe(turret);
  const links = described.links.map((link) => (link.name === "base" ? { ...link, collisions } : link));
  return importRobot({ ...described, links }, { tip: "bar" }).robot.articulation;
}

/** Where the turret comes to when it is told to turn by 2 rad. */
function turned(model: ReturnType<typeof onBase>): number {
  const world = new World({ timestep: 1 / 240, gravity: 0 });
  const arm = world.addArticulation(model);
  arm.reset([0, 0]);
  arm.jointTargets.set([2, 0]);
  world.settle();
  for (let step = 0; step < 480; step++) world.step();
  return arm.jointPositions[0]!;
}

test("an arm is stopped by a post of its own base, and turns past where there is none", () => {
  const post = box([0.3, 0.3, 0.4], [0.04, 0.04, 0.3]);
  // the bar's side, 2 cm beside the axis, meets the corner of the post at (0.32, 0.28)
  const meets = Math.atan2(0.28, 0.32) - Math.asin(0.02 / Math.hypot(0.28, 0.32));
  expect(turned(onBase([post]))).toBeCloseTo(meets, 2);
  expect(turned(onBase([]))).toBeCloseTo(2, 2);
});

test("a base that a link stands in for most of its way does not stop that link", () => {
  // the bar sweeps through a disc around the axis
  const { links, mayOverlap } = onBase([box([0, 0, 0.4], [0.9, 0.9, 0.1])]);
  expect(links.at(-1)).toMatchObject({ name: "base", parent: -1, mass: 0 });
  expect(mayOverlap).toContainEqual(["bar", "base"]);
});
