import { expect, test } from "vitest";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { World } from "../../../src/physics/world.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import { panda } from "../../../src/robots/models/panda.js";

const TIMESTEP = 1 / 240;
const HALF = 0.02;

/** An arm that has closed its fingers around a cube on the table and begins to lift it, with 12 contacts or so. */
function graspingCell() {
  const world = new World({ timestep: TIMESTEP });
  world.addTable();
  const arm = world.addArticulation(panda.articulation);
  const cube = world.addBox({ name: "cube", halfExtents: [HALF, HALF, HALF], mass: 0.1 });
  const controller = createController("ee-delta", panda, arm);
  controller.reset([0.5, 0.004, 0.02], 0, 0.04);
  cube.setPose([0.5, 0, HALF]);
  world.settle();
  const act = (steps: number, rise: number) => {
    for (let step = 0; step < steps; step++) {
      controller.setAction([0, 0.1, rise, -1]);
      for (let substep = 1; substep <= 12; substep++) {
        controller.beforeSubstep(substep, 12);
        world.step();
      }
    }
  };
  act(8, 0);
  act(1, 0.05);
  return { world, arm, cube };
}

/** x with (M + h D) x = b, by Gaussian elimination. */
function solveDense(matrix: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = matrix.map((row, i) => [...row, b[i]!]);
  for (let i = 0; i < n; i++) {
    for (let r = i + 1; r < n; r++) {
      const factor = rows[r]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[r]![k]! -= factor * rows[i]![k]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let k = i + 1; k < n; k++) sum -= rows[i]![k]! * x[k]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

test("the arm and the cube change their velocities by exactly the reported contact forces", () => {
  const { world, arm, cube } = graspingCell();
  // the same arm without contacts
  const free = new Articulation(panda.articulation);
  free.jointPositions.set(arm.jointPositions);
  free.jointVelocities.set(arm.jointVelocities);
  free.jointTargets.set(arm.jointTargets);
  free.feedForward.set(arm.feedForward);
  free.speedLimits.set(arm.speedLimits);
  free.forwardKinematics();
  free.predictVelocities(TIMESTEP);
  const { cholesky: L, numDofs } = free;
  const before = { v: cube.velocity, w: cube.angularVelocity, p: cube.position };
  world.step();

  const contacts = world.contacts();
  expect(contacts.length).toBeGreaterThanOrEqual(8);
  const jointImpulse = new Float64Array(numDofs);
  const force = [0, 0, -9.81 * 0.1];
  const torque = [0, 0, 0];
  for (const { bodyA, bodyB, position: p, force: f } of contacts) {
    // the cube was added last: it is B of the arm's and the table's contacts or A of them
    const sign = bodyB === "cube" ? 1 : -1;
    const other = bodyB === "cube" ? bodyA : bodyB;
    const r = [p[0] - before.p[0], p[1] - before.p[1], p[2] - before.p[2]] as const;
    for (let k = 0; k < 3; k++) {
      force[k]! += sign * f[k]!;
      const [i, j] = [(k + 1) % 3, (k + 2) % 3];
      torque[k]! += sign * (r[i]! * f[j]! - r[j]! * f[i]!);
    }
    if (other === "table") continue;
    free.addJacobian(free.linkIndex(other), ...p, ...f, -sign * TIMESTEP, jointImpulse, 0);
  }
  const inertia = (0.1 / 3) * 2 * HALF * HALF;
  for (const k of [0, 1, 2] as const) {
    expect(cube.velocity[k]).toBeCloseTo(before.v[k] + (TIMESTEP / 0.1) * force[k]!, 9);
    expect(cube.angularVelocity[k]).toBeCloseTo(before.w[k] + (TIMESTEP / inertia) * torque[k]!, 7);
  }
  const matrix = Array.from({ length: numDofs }, (_, i) =>
    Array.from({ length: numDofs }, (_, j) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += L[i * numDofs + k]! * L[j * numDofs + k]!;
      return sum;
    }),
  );
  const change = solveDense(matrix, [...jointImpulse]);
  for (let dof = 0; dof < numDofs; dof++) {
    expect(arm.jointVelocities[dof]).toBeCloseTo(free.jointVelocities[dof]! + change[dof]!, 9);
  }
});

test("every contact pushes, and its friction lies in the Coulomb cone", () => {
  const { world } = graspingCell();
  world.iterations = 500;
  world.tolerance = 1e-10;
  for (let step = 0; step < 30; step++) {
    world.step();
    for (const { normal, normalForce, force } of world.contacts()) {
      const along = force[0] * normal[0] + force[1] * normal[1] + force[2] * normal[2];
      const sideways = Math.hypot(...[0, 1, 2].map((k) => force[k]! - along * normal[k]!));
      expect(normalForce).toBeGreaterThan(0);
      expect(along).toBeCloseTo(normalForce, 9);
      expect(sideways).toBeLessThanOrEqual(0.8 * normalForce * (1 + 1e-9));
    }
  }
});

test("joints driven against their limits stop there, passing them by 2 mrad at most where one pulls another along", () => {
  const world = new World({ timestep: TIMESTEP });
  const arm = world.addArticulation(panda.articulation);
  arm.reset(panda.home);
  world.settle();
  for (let dof = 0; dof < 7; dof++) arm.jointTargets[dof] = arm.upperLimits[dof]! + 0.3;
  let furthest = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < 960; step++) {
    arm.feedForward.set(arm.biasForces);
    world.step();
    for (let dof = 0; dof < 7; dof++) {
      furthest = Math.max(furthest, arm.jointPositions[dof]! - arm.upperLimits[dof]!);
    }
  }
  expect(furthest).toBeLessThan(2e-3);
  for (let dof = 0; dof < 7; dof++) expect(arm.jointPositions[dof]).toBeCloseTo(arm.upperLimits[dof]!, 9);
});

test("an articulation of more joints than the solver can index is refused", () => {
  const [{ joint: first, ...link }] = [panda.articulation.links.find(({ joint }) => joint)!];
  const links = Array.from({ length: 448 }, (_, k) => ({
    ...link,
    name: `link${k}`,
    parent: k - 1,
    joint: { ...first!, name: `joint${k}` },
    collision: [],
  }));
  const world = new World({ timestep: TIMESTEP });
  world.addArticulation({ links });
  expect(() => world.settle()).toThrow(
    new RangeError("an articulation has 448 degrees of freedom; at most 447 are simulated"),
  );
});
