import { expect, test } from "vitest";
import { quaternionFromAxisAngle } from "../../src/math/quaternion.js";
import { createRandom } from "../../src/math/random.js";
import type { Vec3 } from "../../src/math/vector.js";
import type { CollisionShape } from "../../src/physics/articulation/articulation-model.js";
import { World } from "../../src/physics/world.js";
import { createController } from "../../src/robots/control/create-controller.js";
import { ToolCentrePoint } from "../../src/robots/control/tool-centre-point.js";
import { panda } from "../../src/robots/models/panda.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";
import { thorough } from "./thorough.js";

const HALF = 0.02;
const SUBSTEPS = 12;

interface Grasp {
  readonly held: boolean;
  /** Travel of the cube relative to the tool centre point while held for 10 s, m. */
  readonly slip: number;
}

/** Descend on a cube, close with `force` (N per finger), lift it by `rise` (m) in 2 s and hold it for 10 s. */
function graspAndHold(
  robot: RobotModel,
  [x, y, yaw]: readonly [number, number, number],
  rise: number,
  force?: number,
): Grasp {
  const world = new World({ timestep: 1 / 240 });
  world.addTable();
  const arm = world.addArticulation(robot.articulation);
  const cube = world.addBox({ name: "cube", halfExtents: [HALF, HALF, HALF], mass: 0.1 });
  // the effort limit is that of both fingers together
  if (force !== undefined) arm.effortLimits[robot.armJoints.length] = 2 * force;
  const controller = createController("ee-delta-yaw", robot, arm);
  const tcp = new ToolCentrePoint(robot, arm);
  controller.reset([x, y, 0.12], yaw, robot.gripper!.open);
  cube.setPose([x, y, HALF], quaternionFromAxisAngle([0, 0, 1], yaw));
  world.settle();
  const move = (seconds: number, lift: number, gripper: number) => {
    const steps = Math.round(20 * seconds);
    const smooth = (t: number) => t * t * (3 - 2 * t);
    for (let step = 0; step < steps; step++) {
      const change = lift * (smooth((step + 1) / steps) - smooth(step / steps));
      controller.setAction([0, 0, change / (robot.toolStep ?? 0.05), 0, gripper]);
      for (let substep = 1; substep <= SUBSTEPS; substep++) {
        controller.beforeSubstep(substep, SUBSTEPS);
        world.step();
      }
    }
  };
  const offset = () => {
    tcp.update();
    const { position: p } = cube;
    return [p[0] - tcp.position[0]!, p[1] - tcp.position[1]!, p[2] - tcp.position[2]!] as const;
  };
  move(1, -0.1, 1);
  move(0.5, 0, 1);
  move(0.8, 0, -1);
  move(2, rise, -1);
  move(0.5, 0, -1);
  const before = offset();
  move(10, 0, -1);
  const after = offset();
  const slip = Math.hypot(after[0] - before[0], after[1] - before[1], after[2] - before[2]);
  return { held: cube.position[2] > HALF + 0.8 * rise && Math.hypot(...after) < 0.03, slip };
}

test.each(Object.values(thorough))(
  "$id lifts and holds at least 99 of 100 cubes for 10 s, slipping at most 0.05 mm",
  { timeout: 300_000 },
  (robot) => {
    const rise = robot.taskRegion.high[2] - HALF;
    const random = createRandom("grasp poses");
    const { low, high } = robot.taskRegion;
    let held = 0;
    let worst = 0;
    for (let pose = 0; pose < 100; pose++) {
      const [x, y] = [random.uniform(low[0] + 0.03, high[0] - 0.03), random.uniform(low[1], high[1])];
      const grasp = graspAndHold(robot, [x, y, random.uniform(-0.7, 0.7)], rise);
      if (grasp.held) held++;
      if (grasp.held) worst = Math.max(worst, grasp.slip);
    }
    console.log(`${robot.id}: held ${held} of 100, worst slip ${(1000 * worst).toFixed(4)} mm`);
    expect(held).toBeGreaterThanOrEqual(99);
    expect(worst).toBeLessThanOrEqual(5e-5);
  },
);

test.each([
  [0.58, false],
  [0.7, true],
])("with a grip of %f N per finger, weight / (2 μ) being 0.613 N, the cube is held: %s", (force, holds) => {
  expect(graspAndHold(panda, [0.5, 0, 0], 0.25, force).held).toBe(holds);
});

test("a hand whose boxes are hulls of their corners holds the cube as well", () => {
  const corners = ([x, y, z]: Vec3) =>
    [-x, x].flatMap((a) => [-y, y].flatMap((b) => [-z, z].map((c): Vec3 => [a, b, c])));
  const hulls: RobotModel = {
    ...panda,
    articulation: {
      ...panda.articulation,
      links: panda.articulation.links.map((link) => ({
        ...link,
        collision: link.collision.map(
          (shape): CollisionShape =>
            shape.type === "box" ? { ...shape, type: "convex", points: corners(shape.halfExtents) } : shape,
        ),
      })),
    },
  };
  const { held, slip } = graspAndHold(hulls, [0.5, 0, 0.3], 0.25);
  expect(held).toBe(true);
  expect(slip).toBeLessThan(5e-5);
});
