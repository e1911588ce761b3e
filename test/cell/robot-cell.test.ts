import { expect, test } from "vitest";
import { RobotCell } from "../../src/cell/robot-cell.js";
import type { Vec3 } from "../../src/math/vector.js";
import { drawer } from "../../src/physics/articulation/drawer.js";
import { type Color, POSE_SIZE } from "../../src/scene/scene.js";

const RED: Color = [0.9, 0.2, 0.2, 1];
const WEDGE: readonly Vec3[] = [
  [0, 0, 0],
  [0.06, 0, 0],
  [0, 0.06, 0],
  [0, 0, 0.06],
];

function cell(controlRate = 20, physicsRate = 240) {
  return new RobotCell({
    robot: "panda",
    controlMode: "ee-delta",
    controlRate,
    physicsRate,
    solver: { iterations: 20, tolerance: 1e-5 },
    boxes: [{ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1, color: RED }],
    objects: [
      { name: "ball", shape: { type: "sphere", radius: 0.02 }, mass: 0.1, color: RED },
      { name: "can", shape: { type: "cylinder", radius: 0.02, length: 0.08 }, mass: 0.1, color: RED },
      { name: "wedge", shape: { type: "convex", points: WEDGE }, mass: 0.1, color: RED },
    ],
    fixtures: [{ name: "wall", halfExtents: [0.01, 0.2, 0.05], position: [0.7, 0, 0.05], color: RED }],
  });
}

test("a cell shows its boxes, objects and fixtures, each at the pose the physics gives it", () => {
  const simulation = cell();
  simulation.boxes[0]!.setPose([0.6, 0.2, 0.02]);
  const [ball, can, wedge] = simulation.objects;
  ball!.setPose([0.5, 0, 0.02]);
  can!.setPose([0.5, 0.2, 0.04]);
  wedge!.setPose([0.5, -0.2, 0.015]);
  simulation.reset([0.4, 0, 0.2]);
  const { entities } = simulation.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  simulation.poses(poses);
  const poseOf = (id: string) => {
    const entity = entities.findIndex((candidate) => candidate.id === id);
    return [...poses.subarray(POSE_SIZE * entity, POSE_SIZE * entity + 3)];
  };
  expect(entities.map(({ id }) => id).slice(-5)).toEqual(["cube", "ball", "can", "wedge", "wall"]);
  expect(poseOf("cube")).toEqual([0.6, 0.2, 0.02]);
  expect(poseOf("can")).toEqual([0.5, 0.2, 0.04]);
  // the wedge's frame stands in its centre of mass, a quarter of the way along each edge
  const drawn = entities.find(({ id }) => id === "wedge")!.shapes[0]!;
  const corners = drawn.type === "convex" ? drawn.points : [];
  for (let k = 0; k < 3; k++) expect(corners[0]![k]).toBeCloseTo(-0.015, 12);
});

test("the gripper grasps and lifts a ball beside a wall", () => {
  const simulation = cell();
  simulation.boxes[0]!.setPose([0.6, 0.2, 0.02]);
  const [ball, can, wedge] = simulation.objects;
  ball!.setPose([0.5, 0, 0.02]);
  can!.setPose([0.5, 0.2, 0.04]);
  wedge!.setPose([0.5, -0.2, 0.015]);
  simulation.reset([0.5, 0, 0.02]);
  const act = (steps: number, rise: number) => {
    for (let step = 0; step < steps; step++) simulation.step(Float32Array.of(0, 0, rise, -1));
  };
  act(20, 0);
  act(40, 0.1);
  expect(simulation.isGrasped(ball!)).toBe(true);
  expect(ball!.position[2]).toBeGreaterThan(0.15);
});

test.each([
  [19.98, 59.94],
  [1000 / 3, 1000],
  [0.1 * 240, 0.3 * 240],
])(
  "a control rate of %f Hz divides a physics rate of %f Hz three times, up to rounding",
  (controlRate, physicsRate) => {
    const simulation = cell(controlRate, physicsRate);
    simulation.reset([0.5, 0, 0.2]);
    const ball = simulation.objects[0]!;
    ball.setPose([0.6, 0.1, 0.2]);
    simulation.step(Float32Array.of(0, 0, 0, 0));
    // three steps of free fall
    expect(ball.velocity[2]).toBeCloseTo((-9.81 * 3) / physicsRate, 9);
  },
);

test.each([
  [20, 230],
  [20, 10],
  [19.98, 59.9],
])(
  "a control rate of %f Hz that does not divide a physics rate of %f Hz is refused",
  (controlRate, physicsRate) => {
    expect(() => cell(controlRate, physicsRate)).toThrow(
      `physicsRate is ${physicsRate}, expected a multiple of controlRate (${controlRate}), in Hz.`,
    );
  },
);

/** A cell with a part of every kind. */
function fullCell() {
  return new RobotCell({
    robot: "panda",
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
    boxes: [{ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1, color: RED }],
    objects: [{ name: "ball", shape: { type: "sphere", radius: 0.02 }, mass: 0.1, color: RED }],
    fixtures: [{ name: "wall", halfExtents: [0.01, 0.2, 0.05], position: [0.7, 0, 0.05], color: RED }],
    mechanisms: [
      {
        links: [
          {
            ...drawer({
              name: "slide",
              position: [0, 0.5, 0.1],
              axis: [1, 0, 0],
              travel: 0.2,
              mass: 1,
              collision: [],
            }),
            parent: -1,
          },
        ],
        colors: [RED],
      },
    ],
    goal: { radius: 0.02, color: RED },
    areas: [{ name: "area", low: [0.3, -0.1, 0], high: [0.5, 0.1, 0], color: RED }],
  });
}

test("parts are drawn in the order of the entities, and each writes its own poses", () => {
  const simulation = fullCell();
  simulation.boxes[0]!.setPose([0.5, 0.1, 0.02]);
  simulation.objects[0]!.setPose([0.5, -0.1, 0.02]);
  simulation.goal.set([0.4, 0, 0.3]);
  simulation.reset([0.4, 0, 0.2]);
  const { entities } = simulation.scene();
  expect(entities[0]!.id).toBe("table");
  expect(entities.map(({ id }) => id).slice(-6)).toEqual(["slide", "cube", "ball", "goal", "area", "wall"]);
  const poses = new Float64Array(POSE_SIZE * (entities.length + 1)).fill(Number.NaN);
  simulation.poses(poses);
  const places = entities.map((_, entity) => [...poses.subarray(POSE_SIZE * entity, POSE_SIZE * entity + 3)]);
  expect(places.slice(-6)).toEqual([
    [0, 0.5, 0.1],
    [0.5, 0.1, 0.02],
    [0.5, -0.1, 0.02],
    [0.4, 0, 0.3],
    [0, 0, 0],
    [0.7, 0, 0.05],
  ]);
  // no more than the entities' own
  expect(poses.findIndex(Number.isNaN)).toBe(POSE_SIZE * entities.length);
  simulation.marked = 0;
  simulation.poses(poses);
  expect([...poses.subarray(POSE_SIZE * (entities.length - 3)).slice(0, 3)]).toEqual([0.5, -0.1, 0.02]);
});

test("a snapshot holds what 0.1.0 wrote, and each part takes back its own", () => {
  const simulation = fullCell();
  simulation.objects[0]!.setPose([0.5, -0.1, 0.02]);
  simulation.goal.set([0.4, 0, 0.3]);
  simulation.marked = 0;
  simulation.vary({ controlLatency: [0.1], objectMass: [1, 2] });
  simulation.reset([0.4, 0, 0.2], undefined, 2);
  simulation.step(Float32Array.of(1, 0, 0, 1));
  const snapshot = structuredClone(simulation.snapshot());
  expect(Object.keys(snapshot).sort()).toEqual([
    "controller",
    "goal",
    "lateActions",
    "marked",
    "stepsHeld",
    "values",
    "world",
  ]);
  const other = fullCell();
  other.reset([0.5, 0.1, 0.3]);
  other.restore(snapshot);
  expect(other.snapshot()).toEqual(snapshot);
  expect([other.marked, other.stepsHeld, [...other.goal], other.objects[0]!.mass]).toEqual([
    0,
    1,
    [0.4, 0, 0.3],
    0.2,
  ]);
  for (let step = 0; step < 6; step++) {
    for (const cell of [simulation, other]) cell.step(Float32Array.of(1, 0.5, 0, -1));
    expect(other.snapshot()).toEqual(simulation.snapshot());
  }
});
