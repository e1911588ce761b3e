import { expect, test } from "vitest";
import { CELL_DEFAULTS } from "../../src/cell/cell-config.js";
import {
  graspTerm,
  liftTerm,
  nearTerm,
  placeTerm,
  RobotCell,
  reachTerm,
  share,
  smoothTerm,
} from "../../src/index.js";

test("a share stays between 0 and 1", () => {
  expect([share(-1, 4), share(1, 4), share(9, 4)]).toEqual([0, 0.25, 1]);
});

test("being near is worth 1 at the place and falls with the distance, faster when steeper", () => {
  expect(nearTerm(0)).toBe(1);
  expect(nearTerm(0.1)).toBeCloseTo(1 - 0.46211715726, 10);
  expect(nearTerm(0.1, 20)).toBeCloseTo(1 - 0.96402758007, 10);
});

test("lifting counts from a millimetre above the rest", () => {
  expect(liftTerm(0.0205, 0.02, 0.04)).toBe(0);
  expect(liftTerm(0.041, 0.02, 0.04)).toBeCloseTo(0.5, 12);
  expect(liftTerm(0.2, 0.02, 0.04)).toBe(1);
});

test("a grasp counts while the fingers hold the body, not while they only stand around it", () => {
  const cube = {
    name: "cube",
    halfExtents: [0.02, 0.02, 0.02],
    mass: 0.1,
    friction: 0.8,
    color: [1, 0, 0, 1],
  } as const;
  const simulation = new RobotCell({ ...CELL_DEFAULTS, boxes: [cube] });
  const [body] = simulation.boxes;
  body!.setPose([0.5, 0, 0.02]);
  simulation.reset([0.5, 0, 0.02]);
  expect([graspTerm(simulation, body!), simulation.fingerOpening]).toEqual([0, expect.closeTo(0.04, 6)]);
  for (let step = 0; step < 20; step++) simulation.step(Float32Array.of(0, 0, 0, -1));
  expect([graspTerm(simulation, body!), simulation.fingerOpening]).toEqual([1, expect.closeTo(0.02, 2)]);
});

test("a body near the tool, and near its place, counts by its distance; a smooth arm by how slow its joints are", () => {
  const cube = { name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1, color: [1, 0, 0, 1] } as const;
  const simulation = new RobotCell({ ...CELL_DEFAULTS, boxes: [cube] });
  const [body] = simulation.boxes;
  body!.setPose([0.5, 0.1, 0.02]);
  simulation.reset([0.5, 0, 0.2]);
  const [x, y, z] = simulation.tcp.position;
  // 1 - tanh(5 * distance)
  expect(reachTerm(simulation, body!)).toBeCloseTo(
    1 - Math.tanh(5 * Math.hypot(0.5 - x!, 0.1 - y!, 0.02 - z!)),
    12,
  );
  expect(placeTerm(body!, [0.5, 0.1, 0.12])).toBeCloseTo(1 - 0.46211715726, 10);
  expect(smoothTerm(simulation)).toBe(1);
  const { jointVelocities } = simulation.world.articulation!;
  jointVelocities.set([0.06, 0, -0.08, 0, 0, 0, 0]);
  // 0.1 rad/s; the fingers do not count
  jointVelocities[7] = 3;
  expect(smoothTerm(simulation)).toBeCloseTo(1 - 0.46211715726, 10);
  expect(smoothTerm(simulation, 20)).toBeCloseTo(1 - 0.96402758007, 10);
});
