// A robot cell in our engine, with the environments' default accuracy.
import { World } from "../../../src/physics/world.js";
import { type Cell, MASS, type Scene } from "./cell.js";

/** Build `scene` in our engine: 240 Hz, at most 20 sweeps, tolerance 1e-5. */
export function ours({ robot, bodies, friction = 0.8 }: Scene): Cell {
  const timestep = 1 / 240;
  // MuJoCo's cell leaves out contacts between links
  const world = new World({ timestep, friction, selfCollision: false });
  world.addTable();
  const arm = robot ? world.addArticulation(robot.articulation) : undefined;
  const handLink = arm ? arm.linkIndex(robot!.tcp.link) : -1;
  const freeBodies = bodies.map((shape, index) => world.addBody({ name: `body${index}`, shape, mass: MASS }));
  return {
    timestep,
    placeBody(index, position, quaternion, velocity = [0, 0, 0]) {
      freeBodies[index]!.setPose(position, quaternion);
      freeBodies[index]!.setVelocity(velocity);
    },
    placeArm: (jointPositions) => arm!.reset(jointPositions),
    settle: () => world.settle(),
    command(jointTargets) {
      arm!.jointTargets.set(jointTargets);
      for (let dof = 0; dof < robot!.armJoints.length; dof++) arm!.feedForward[dof] = arm!.biasForces[dof]!;
    },
    step: () => world.step(),
    body(index) {
      const { position, quaternion, velocity } = freeBodies[index]!;
      return { position, quaternion, velocity };
    },
    hand: () => ({
      position: arm!.linkPositions.slice(3 * handLink, 3 * handLink + 3),
      rotation: arm!.linkRotations.slice(9 * handLink, 9 * handLink + 9),
    }),
    jointPositions: () => Array.from(arm!.jointPositions),
    free() {},
  };
}
