import { expect, test } from "vitest";
import { World } from "../../../src/physics/world.js";
import { createController } from "../../../src/robots/control/create-controller.js";
import { robots } from "../../../src/robots/models/robots.js";

const everywhere = Object.values(robots).flatMap((robot) =>
  [240, 120, 80].map((rate) => [robot.id, rate] as const),
);

test.each(everywhere)(
  "the fingers of %s keep their greatest speed at %i Hz, told to open and close at once",
  (id, rate) => {
    const robot = robots[id]!;
    const joint = robot.articulation.links.find((link) => link.joint?.name === robot.gripper!.joint)!.joint!;
    const world = new World({ timestep: 1 / rate });
    const arm = world.addArticulation(robot.articulation);
    const controller = createController("ee-delta", robot, arm);
    controller.reset(robot.start, 0, robot.gripper!.open);
    world.settle();
    const dof = robot.armJoints.length;
    let fastest = 0;
    for (let step = 0; step < 40; step++) {
      controller.setAction([0, 0, 0, step % 20 < 10 ? -1 : 1]);
      for (let substep = 1; substep <= rate / 20; substep++) {
        controller.beforeSubstep(substep, rate / 20);
        world.step();
        fastest = Math.max(fastest, Math.abs(arm.jointVelocities[dof]!));
      }
    }
    expect(fastest).toBeLessThanOrEqual(joint.velocityLimit);
    expect(fastest).toBeGreaterThan(0.4 * joint.velocityLimit);
  },
);
