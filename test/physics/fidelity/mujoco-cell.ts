// A robot cell in MuJoCo, with the same servos, feed-forward and friction as ours.
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";
import { type Cell, MASS, type Scene } from "./cell.js";

/** Build `scene` in MuJoCo as it comes: 2 ms, soft contacts, the constraint solver's impedance ratio 10. */
export function mujocoDefault(scene: Scene): Cell {
  return mujocoCell(scene, 0.002, false);
}

/** Build `scene` in MuJoCo at its most rigid: 1 ms, contacts of 2 ms, no creep. */
export function mujocoRigid(scene: Scene): Cell {
  return mujocoCell(scene, 0.001, true);
}

function mujocoCell({ robot, bodies, friction }: Scene, timestep: number, rigid: boolean): Cell {
  const { model, data } = compileMjcf(
    robotToMjcf(robot, {
      timestep,
      rigid,
      contacts: true,
      bodies: bodies.map((shape) => ({ shape, mass: MASS })),
      ...(friction === undefined ? {} : { friction }),
    }),
  );
  const arm = robot ? new Articulation(robot.articulation) : undefined;
  // fingers that share one of our degrees of freedom are two joints here, tied by an equality
  const joints = (robot?.articulation.links ?? []).flatMap(({ joint }, link) =>
    joint ? [{ dof: arm!.dofOfLink[link]!, stiffness: joint.stiffness }] : [],
  );
  const numArmJoints = robot?.armJoints.length ?? 0;
  const hand = arm ? arm.linkIndex(robot!.tcp.link) + 1 : 0;
  const poseOf = (index: number) => joints.length + 7 * index;
  const velocityOf = (index: number) => joints.length + 6 * index;
  return {
    timestep,
    placeBody(index, [px, py, pz], [x, y, z, w], velocity = [0, 0, 0]) {
      data.qpos.set([px, py, pz, w, x, y, z], poseOf(index));
      data.qvel.set([...velocity, 0, 0, 0], velocityOf(index));
    },
    placeArm(jointPositions) {
      for (const [joint, { dof }] of joints.entries()) data.qpos[joint] = jointPositions[dof]!;
    },
    settle: () => mujoco.mj_forward(model, data),
    command(jointTargets) {
      const bias = data.qfrc_bias;
      for (const [joint, { dof, stiffness }] of joints.entries()) {
        // feed-forward goes in through the target, so that the torque limit holds for the sum, as ours does
        const feedForward = joint < numArmJoints ? bias[joint]! / stiffness : 0;
        data.ctrl[joint] = jointTargets[dof]! + feedForward;
      }
    },
    step: () => mujoco.mj_step(model, data),
    body(index) {
      const [px, py, pz, w, x, y, z] = data.qpos.slice(poseOf(index), poseOf(index) + 7) as Float64Array;
      const [vx, vy, vz] = data.qvel.slice(velocityOf(index), velocityOf(index) + 3) as Float64Array;
      return { position: [px!, py!, pz!], quaternion: [x!, y!, z!, w!], velocity: [vx!, vy!, vz!] };
    },
    hand: () => ({
      position: data.xpos.slice(3 * hand, 3 * hand + 3),
      rotation: data.xmat.slice(9 * hand, 9 * hand + 9),
    }),
    jointPositions() {
      const positions: number[] = [];
      for (const [joint, { dof }] of joints.entries()) positions[dof] ??= data.qpos[joint]!;
      return positions;
    },
    free() {
      data.delete();
      model.delete();
    },
  };
}
