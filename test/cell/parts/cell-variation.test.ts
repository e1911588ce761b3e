import { expect, test } from "vitest";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import type { DrawnValues } from "../../../src/env/simulation.js";
import type { Quat } from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { Color } from "../../../src/scene/scene.js";

const GRAVITY = 9.81;
const RED: Color = [0.9, 0.2, 0.2, 1];
/** Turns z to y: the can lies. */
const LYING: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];
const WEDGE: readonly Vec3[] = [
  [0, 0, 0],
  [0.06, 0, 0],
  [0, 0.06, 0],
  [0, 0, 0.06],
];

/** A cell with a block and three other bodies, standing on the table after `vary`; the tool is above the block. */
function cell(values: DrawnValues, tool: Vec3 = [0.45, 0, 0.25]) {
  const simulation = new RobotCell({
    robot: "panda",
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
    boxes: [{ name: "block", halfExtents: [0.03, 0.02, 0.01], mass: 0.1, friction: 0.4, color: RED }],
    objects: [
      { name: "ball", shape: { type: "sphere", radius: 0.02 }, mass: 0.2, color: RED },
      { name: "can", shape: { type: "cylinder", radius: 0.02, length: 0.08 }, mass: 0.3, color: RED },
      { name: "wedge", shape: { type: "convex", points: WEDGE }, mass: 0.4, color: RED },
    ],
  });
  simulation.vary(values);
  const [ball, can, wedge] = simulation.objects;
  simulation.boxes[0]!.setPose([0.45, 0, 0.01]);
  ball!.setPose([0.6, 0.2, 0.02]);
  can!.setPose([0.6, 0, 0.02], LYING);
  wedge!.setPose([0.6, -0.2, 0.015]);
  simulation.reset(tool);
  return simulation;
}

const SIZES = [1.25, 0.8, 1.5, 0.5];

test("bodies of other sizes stand where the task put them, and stay there", () => {
  const simulation = cell({ objectSize: SIZES });
  const heights = () => simulation.world.freeBodies.map(({ position }) => position[2]);
  const expected = [0.0125, 0.016, 0.03, 0.0075];
  for (const [body, height] of heights().entries()) expect(height).toBeCloseTo(expected[body]!, 12);
  simulation.step(Float32Array.of(0, 0, 0, 1));
  for (const [body, height] of heights().entries()) expect(height).toBeCloseTo(expected[body]!, 3);
  for (const { velocity: v } of simulation.world.freeBodies) expect(Math.hypot(...v)).toBeLessThan(0.02);
});

test("the scene draws the sizes of the episode, and those as built where nothing is drawn", () => {
  const drawn = (simulation: RobotCell) =>
    simulation
      .scene()
      .entities.filter(({ kind }) => kind === "object")
      .map(({ shapes: [shape] }) => shape);
  const simulation = cell({ objectSize: SIZES });
  expect(drawn(simulation).slice(0, 3)).toMatchObject([
    { size: [0.075, 0.05, 0.025] },
    { radius: 0.016 },
    { radius: 0.03, length: 0.12 },
  ]);
  simulation.vary({});
  expect(drawn(simulation)).toEqual(drawn(cell({})));
});

test("a body of another mass and size has the inertia of such a block", () => {
  const simulation = cell({ objectMass: [3, 1, 1, 1], objectSize: [2 / 3, 1, 1, 1] });
  const { body, mass } = simulation.boxes[0]!;
  expect(mass).toBeCloseTo(0.3, 12);
  const [a, b, c] = [0.04, 0.08 / 3, 0.04 / 3];
  const expected = [b * b + c * c, a * a + c * c, a * a + b * b].map((squares) => (0.3 / 12) * squares);
  for (const [k, inertia] of body.inertia.toArray().entries()) expect(inertia).toBeCloseTo(expected[k]!, 15);
  expect(body.invMass).toBeCloseTo(1 / 0.3, 12);
});

test("a push changes the velocity by impulse over mass, and friction brakes by its coefficient times gravity", () => {
  const simulation = cell({ objectMass: [2, 1, 1, 1], friction: [0.5] });
  const block = simulation.boxes[0]!;
  // 0.4 of the block counts less than 0.8 of the table
  simulation.push(0, [0.1, 0]);
  expect(block.velocity[0]).toBeCloseTo(0.5, 12);
  simulation.step(Float32Array.of(0, 0, 0, 1));
  expect(block.velocity[0]).toBeCloseTo(0.5 - 0.5 * 0.8 * GRAVITY * 0.05, 3);
});

test("fingers press with the force that was drawn", () => {
  const pressing = (values: DrawnValues) => {
    const simulation = cell(values, [0.45, 0, 0.014]);
    for (let step = 0; step < 10; step++) simulation.step(Float32Array.of(0, 0, 0, -1));
    return simulation.gripForce(simulation.boxes[0]!);
  };
  expect(pressing({})).toBeCloseTo(20, 0);
  expect(pressing({ gripperForce: [0.25] })).toBeCloseTo(5, 0);
});

test("joint damping and gains are multiplied joint by joint, fingers excluded", () => {
  const [damped, plain] = [
    cell({ jointDamping: [1, 2, 3, 4, 5, 6, 7], actuatorGain: [7, 6, 5, 4, 3, 2, 1] }).world.articulation!,
    cell({}).world.articulation!,
  ];
  const ratio = (name: "viscousFriction" | "stiffness" | "damping") =>
    [...damped[name]].map((value, k) => value / plain[name][k]!);
  expect(ratio("viscousFriction")).toEqual([1, 2, 3, 4, 5, 6, 7, 1]);
  expect(ratio("stiffness")).toEqual([7, 6, 5, 4, 3, 2, 1, 1]);
  expect(ratio("damping")).toEqual([7, 6, 5, 4, 3, 2, 1, 1]);
});

test("bodies and the tool start aside and turned by what was drawn", () => {
  const simulation = cell({
    objectPosition: [0.01, -0.02, 0, 0, 0, 0, 0, 0],
    objectYaw: [Math.PI / 2, 0, 0, 0],
    toolStart: [0.02, -0.01, 0.03],
  });
  const { position, quaternion } = simulation.boxes[0]!;
  expect(position).toEqual([0.46, -0.02, 0.01]);
  expect(quaternion[2]).toBeCloseTo(Math.SQRT1_2, 12);
  for (const [k, at] of [0.47, -0.01, 0.28].entries()) expect(simulation.tcp.position[k]).toBeCloseTo(at, 3);
});

test("the tool starts aside by what was drawn, but never outside the workspace", () => {
  const { low, high } = panda.workspace;
  const lowest = cell({ toolStart: [-0.1, -0.1, -0.1] }, [low[0] + 0.05, low[1] + 0.02, 0.03]).tcp.position;
  for (const k of [0, 1, 2]) expect(lowest[k]).toBeCloseTo(low[k]!, 2);
  // told to start beyond it, it starts where it was told
  const beyond = cell({ toolStart: [0.1, 0, 0] }, [0.5, high[1] + 0.01, 0.2]).tcp.position;
  for (const [k, at] of [0.6, high[1] + 0.01, 0.2].entries()) expect(beyond[k]).toBeCloseTo(at, 2);
});
