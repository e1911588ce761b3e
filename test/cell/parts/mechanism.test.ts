import { expect, test } from "vitest";
import type { RobotCellOptions } from "../../../src/cell/cell-options.js";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import { quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import type { LinkModel } from "../../../src/physics/articulation/articulation-model.js";
import { drawer } from "../../../src/physics/articulation/drawer.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";

const BODY: LinkModel = {
  name: "chest",
  parent: -1,
  position: [0, 0, 0],
  quaternion: [0, 0, 0, 1],
  mass: 1,
  centerOfMass: [0, 0, 0],
  inertia: [1, 1, 1, 0, 0, 0],
  collision: [{ type: "box", halfExtents: [0.1, 0.1, 0.02], position: [-0.2, 0, 0] }],
};
const LID: LinkModel = {
  ...drawer({
    name: "lid",
    position: [0, 0, 0.05],
    axis: [1, 0, 0],
    travel: 0.3,
    mass: 0.5,
    damping: 2,
    collision: [{ type: "box", halfExtents: [0.02, 0.1, 0.03], position: [0, 0, 0] }],
  }),
  parent: 0,
};

function cell(options: Partial<RobotCellOptions> = {}) {
  return new RobotCell({
    robot: "panda",
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
    gripper: false,
    mechanisms: [
      {
        links: [BODY, LID],
        colors: [
          [0.5, 0.5, 0.5, 1],
          [0.9, 0.2, 0.2, 1],
        ],
      },
    ],
    ...options,
  });
}

/** A chest ahead of the arm whose lid slides back towards the arm. */
function placed() {
  const simulation = cell();
  simulation.mechanisms[0]!.place([0.6, 0.1, 0.05], quaternionFromAxisAngle([0, 0, 1], Math.PI));
  simulation.reset([0.45, 0.1, 0.1], 0);
  return simulation;
}

/** Push forwards at the height of the lid. */
function push(simulation: RobotCell, steps: number) {
  for (let step = 0; step < steps; step++) simulation.step(Float32Array.of(0.3, 0, 0));
}

test("a mechanism stands where it was placed, closed, and its joint is named after the arm's", () => {
  const simulation = placed();
  const [chest] = simulation.mechanisms;
  expect(simulation.jointNames.slice(-2)).toEqual(["finger_left", "lid_slide"]);
  expect(simulation.jointPositions()).toHaveLength(simulation.jointNames.length);
  expect(chest!.jointPosition(0)).toBe(0);
  const { entities } = simulation.scene();
  const poses = new Float64Array(POSE_SIZE * entities.length);
  simulation.poses(poses);
  const lid = entities.findIndex(({ id }) => id === "lid");
  const [x, y, z] = poses.subarray(POSE_SIZE * lid);
  expect([x, y, z]).toEqual(chest!.position(1));
  expect(x).toBeCloseTo(0.6, 12);
  expect(y).toBeCloseTo(0.1, 12);
  expect(z).toBeCloseTo(0.1, 12);
  expect(chest!.xAxis(1)[0]).toBeCloseTo(-1, 12);
});

test("the arm is stopped by a closed mechanism, and shuts an open one", () => {
  const closed = placed();
  push(closed, 30);
  expect(closed.mechanisms[0]!.jointPosition(0)).toBeCloseTo(0, 6);
  expect(closed.tcp.position[0]).toBeLessThan(0.58);
  const open = placed();
  const { articulation } = open.world;
  articulation!.jointPositions[articulation!.numDofs - 1] = 0.08;
  push(open, 10);
  expect(open.mechanisms[0]!.jointPosition(0)).toBeLessThan(0.06);
  expect(open.mechanisms[0]!.jointVelocity(0)).toBeLessThan(0);
});

test("another cell that takes over a snapshot has the mechanism where the first one had it, bit for bit", () => {
  const one = placed();
  push(one, 8);
  const snapshot = structuredClone(one.snapshot());
  const other = cell();
  other.restore(snapshot);
  push(one, 8);
  push(other, 8);
  expect(other.mechanisms[0]!.position(1)).toEqual(one.mechanisms[0]!.position(1));
  expect(other.snapshot()).toEqual(one.snapshot());
});

test("a mechanism that the arm would pass through is refused", () => {
  expect(() => cell({ selfCollision: false })).toThrow(
    "selfCollision is false, expected true: without it the arm passes through the mechanisms beside it.",
  );
});
