// Robots that stand elsewhere than at the origin.
import { expect, test } from "vitest";
import { RobotCell } from "../../../src/cell/robot-cell.js";
import { quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { robotShapes } from "../../../src/robots/looks/robot-shapes.js";
import { linksFromBase, mountedLinks } from "../../../src/robots/models/robot-base.js";
import type { BasePose, RobotModel } from "../../../src/robots/models/robot-model.js";
import { ur5e } from "../../../src/robots/models/ur5e.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";

const BASE: BasePose = {
  position: [0.1, -0.2, 0.3],
  quaternion: quaternionFromAxisAngle([0, 0, 1], Math.PI / 2),
};
const raised: RobotModel = {
  ...ur5e,
  id: "raised",
  base: BASE,
  articulation: { links: mountedLinks(ur5e.articulation.links, BASE) },
};

test("every link of a mounted arm is where the base takes it: a quarter turn and a shift, worked by hand", () => {
  const [standing, mounted] = [new Articulation(ur5e.articulation), new Articulation(raised.articulation)];
  standing.reset(ur5e.home);
  mounted.reset(ur5e.home);
  for (let link = 0; link < standing.numLinks; link++) {
    const [x, y, z] = standing.linkPositions.subarray(3 * link, 3 * link + 3);
    const [mx, my, mz] = mounted.linkPositions.subarray(3 * link, 3 * link + 3);
    expect(mx).toBeCloseTo(0.1 - y!, 12);
    expect(my).toBeCloseTo(-0.2 + x!, 12);
    expect(mz).toBeCloseTo(0.3 + z!, 12);
  }
  // a turn about the vertical changes no torque of gravity
  for (let dof = 0; dof < standing.numDofs; dof++)
    expect(mounted.biasForces[dof]).toBeCloseTo(standing.biasForces[dof]!, 10);
});

test("in the frame of its base a mounted arm is the arm that it was", () => {
  for (const [index, link] of linksFromBase(raised).entries()) {
    const before = ur5e.articulation.links[index]!;
    for (let k = 0; k < 3; k++) expect(link.position[k]).toBeCloseTo(before.position[k]!, 12);
    for (let k = 0; k < 4; k++) expect(link.quaternion[k]).toBeCloseTo(before.quaternion[k]!, 12);
  }
});

test("a base above the table is drawn there, on a pedestal that reaches down to it", () => {
  const simulation = new RobotCell({
    robot: JSON.stringify(raised),
    controlMode: "ee-delta",
    controlRate: 20,
    physicsRate: 240,
    solver: { iterations: 20, tolerance: 1e-5 },
  });
  const { entities, joints } = simulation.scene();
  const index = entities.findIndex(({ kind }) => kind === "link");
  const poses = new Float64Array(POSE_SIZE * entities.length);
  simulation.poses(poses);
  expect([...poses.subarray(POSE_SIZE * index, POSE_SIZE * (index + 1))]).toEqual([
    ...BASE.position,
    ...BASE.quaternion,
  ]);
  expect(joints?.find(({ parent }) => parent === "world")).toMatchObject(BASE);
  const box = entities[index]!.shapes.find((shape) => shape.type === "box");
  if (box?.type !== "box") throw new Error("there is no pedestal");
  expect(box.size[2]).toBe(0.3);
  expect(box.position[2] - box.size[2] / 2).toBeCloseTo(-0.3, 12);
  expect(robotShapes(ur5e).base.some(({ type }) => type === "box")).toBe(false);
});
