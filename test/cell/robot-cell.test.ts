import { expect, test } from "vitest";
import { RobotCell } from "../../src/cell/robot-cell.js";
import type { Vec3 } from "../../src/math/vector.js";
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
