// A description of an MJCF beside MuJoCo's own model of the same text: how far they are apart.
import { createRandom } from "../../../../../src/math/random.js";
import type { Vec3 } from "../../../../../src/math/vector.js";
import { Articulation } from "../../../../../src/physics/articulation/articulation.js";
import type { LinkModel } from "../../../../../src/physics/articulation/articulation-model.js";
import type { RobotDescription } from "../../../../../src/robots/import/description.js";
import { mujoco } from "../../../../physics/mujoco.js";

/** Largest differences: kg, m, kg m², then of unit vectors and joint-space quantities, each relative to its largest entry. */
export interface Differences {
  readonly mass: number;
  readonly centre: number;
  readonly inertia: number;
  readonly anchor: number;
  readonly axis: number;
  readonly massMatrix: number;
  readonly gravity: number;
  /** Number of moving joints that were compared. */
  readonly numJoints: number;
}

type Model = ReturnType<typeof mujoco.MjModel.from_xml_string>;

const BODY = 1;
const JOINT = 3;

/** Compare in `numPostures` random postures of the robot, everything else of the model standing as placed. */
export function compareWithMujoco(description: RobotDescription, model: Model, numPostures = 5): Differences {
  const links = articulationLinks(description);
  const arm = new Articulation({ links });
  const data = new mujoco.MjData(model);
  const moving = links.flatMap(({ joint }) => (joint ? [joint] : []));
  const ids = moving.map(({ name }) => mujoco.mj_name2id(model, JOINT, name));
  if (ids.some((id) => id < 0)) throw new Error("a joint is not MuJoCo's");
  const qpos = ids.map((id) => model.jnt_qposadr[id] as number);
  const dof = ids.map((id) => model.jnt_dofadr[id] as number);
  const random = createRandom("postures");
  const worst = { mass: 0, centre: 0, inertia: 0, anchor: 0, axis: 0, massMatrix: 0, gravity: 0 };
  const note = (kind: keyof typeof worst, ours: ArrayLike<number>, theirs: ArrayLike<number>, size = 1) => {
    for (let k = 0; k < theirs.length; k++) {
      worst[kind] = Math.max(worst[kind], Math.abs(ours[k]! - theirs[k]!) / size);
    }
  };
  mujoco.mj_resetData(model, data);
  model.opt.gravity.set([0, 0, -9.81]);
  let shift: Vec3 | undefined;
  for (let posture = 0; posture < numPostures; posture++) {
    for (const [k, { lower, upper }] of moving.entries()) {
      const position = random.uniform(Math.max(-2, lower), Math.min(2, upper));
      arm.jointPositions[k] = position;
      data.qpos[qpos[k]!] = position;
    }
    arm.forwardKinematics();
    arm.computeDynamics();
    mujoco.mj_forward(model, data);
    const place = (link: number): Vec3 =>
      [0, 1, 2].map((k) => arm.linkPositions[3 * link + k]!) as unknown as Vec3;
    const turned = (link: number, v: Vec3): Vec3 =>
      [0, 1, 2].map((row) =>
        v.reduce((sum, value, k) => sum + arm.linkRotations[9 * link + 3 * row + k]! * value, 0),
      ) as unknown as Vec3;
    for (const [link, { joint }] of links.entries()) {
      if (!joint) continue;
      const id = ids[moving.indexOf(joint)]!;
      const anchor = slice(data.xanchor, 3 * id, 3);
      // a slide's anchor moves along with its body
      if (joint.type === "revolute") {
        shift ??= [0, 1, 2].map((k) => anchor[k]! - place(link)[k]!) as unknown as Vec3;
        note(
          "anchor",
          place(link).map((value, k) => value + shift![k]!),
          anchor,
        );
      }
      note("axis", turned(link, joint.axis), slice(data.xaxis, 3 * id, 3));
    }
    for (const [link, { name, mass, centerOfMass, inertia }] of links.entries()) {
      const body = mujoco.mj_name2id(model, BODY, name);
      if (body < 0 || mass === 0) continue;
      note("mass", [mass], [model.body_mass[body] as number]);
      const centre = turned(link, centerOfMass).map((value, k) => value + place(link)[k]!);
      const theirs = slice(data.xipos, 3 * body, 3);
      shift ??= [0, 1, 2].map((k) => theirs[k]! - centre[k]!) as unknown as Vec3;
      note(
        "centre",
        centre.map((value, k) => value + shift![k]!),
        theirs,
      );
      const R = slice(data.ximat, 9 * body, 9);
      const principal = slice(model.body_inertia, 3 * body, 3);
      const L = [0, 1, 2].map((axis) =>
        turned(link, [0, 1, 2].map((k) => Number(k === axis)) as unknown as Vec3),
      );
      const [xx, yy, zz, xy, xz, yz] = inertia;
      const I = [
        [xx, xy, xz],
        [xy, yy, yz],
        [xz, yz, zz],
      ];
      const size = Math.max(1e-12, ...principal);
      for (const row of [0, 1, 2]) {
        for (const column of [0, 1, 2]) {
          let [our, their] = [0, 0];
          for (const a of [0, 1, 2]) {
            their += R[3 * row + a]! * principal[a]! * R[3 * column + a]!;
            for (const b of [0, 1, 2]) our += L[a]![row]! * I[a]![b]! * L[b]![column]!;
          }
          note("inertia", [our], [their], size);
        }
      }
    }
    const n = arm.numDofs;
    const { gravity, matrix } = jointSpace(model, data, dof);
    note("gravity", arm.biasForces, gravity, Math.max(1e-9, ...gravity.map(Math.abs)));
    note("massMatrix", arm.massMatrix.subarray(0, n * n), matrix, Math.max(1e-9, ...matrix.map(Math.abs)));
  }
  data.delete();
  return { ...worst, numJoints: moving.length };
}

/** The description's links, every joint moving on its own. */
function articulationLinks({ links, joints }: RobotDescription): LinkModel[] {
  const root = links.find(({ name }) => joints.every(({ child }) => child !== name))!;
  const index = new Map([[root.name, -1]]);
  const byName = new Map(links.map((link) => [link.name, link]));
  return joints.map((joint, k) => {
    index.set(joint.child, k);
    const { inertial } = byName.get(joint.child)!;
    const { name, type, axis, limits = [-2, 2], armature = 0 } = joint;
    return {
      name: joint.child,
      parent: index.get(joint.parent)!,
      position: joint.pose.position,
      quaternion: joint.pose.quaternion,
      mass: inertial?.mass ?? 0,
      centerOfMass: inertial?.centerOfMass ?? [0, 0, 0],
      inertia: inertial?.inertia ?? [0, 0, 0, 0, 0, 0],
      ...(type === "fixed"
        ? {}
        : {
            joint: {
              name,
              type: type === "prismatic" ? "prismatic" : "revolute",
              axis,
              lower: limits[0],
              upper: limits[1],
              velocityLimit: 1,
              effortLimit: 1,
              stiffness: 0,
              damping: 0,
              armature,
              viscousFriction: 0,
            },
          }),
      collision: [],
    };
  });
}

/** Bias forces and mass matrix of some degrees of freedom. */
function jointSpace(model: Model, data: InstanceType<typeof mujoco.MjData>, dofs: readonly number[]) {
  const buffer = new mujoco.DoubleBuffer(model.nv ** 2);
  mujoco.mj_fullM(model, data, buffer);
  const all = Float64Array.from(buffer.GetView() as Float64Array);
  buffer.delete();
  return {
    gravity: dofs.map((dof) => data.qfrc_bias[dof] as number),
    matrix: dofs.flatMap((row) => dofs.map((column) => all[row * model.nv + column]!)),
  };
}

function slice(array: ArrayLike<number>, start: number, length: number): number[] {
  return Array.from({ length }, (_, k) => array[start + k]!);
}
