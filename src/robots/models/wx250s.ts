// The Trossen Robotics WidowX 250 S: six joints of hobby servos and two sliding fingers.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { WX250S_LOOK } from "../looks/wx250s-look.js";
import { principal, spheres } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";

const HALF = Math.SQRT1_2;
const GRIPPER = 5;

interface Servo {
  readonly name: string;
  readonly axis: Vec3;
  readonly range: readonly [number, number];
  readonly effortLimit: number;
  readonly stiffness: number;
}

/** Velocity gains are a twentieth of the position gains. */
function servo({ name, axis, range: [lower, upper], effortLimit, stiffness }: Servo): JointModel {
  return {
    name,
    type: "revolute",
    axis,
    lower,
    upper,
    velocityLimit: Math.PI,
    effortLimit,
    stiffness,
    damping: stiffness / 20,
    armature: 0.02,
    viscousFriction: 0.1,
  };
}

/** One finger; its pad's inner face is 9.6 mm nearer to the middle than its frame. */
function finger(side: "left" | "right"): LinkModel {
  const sign = side === "left" ? 1 : -1;
  const pad: CollisionShape = {
    type: "box",
    halfExtents: [0.014, 0.004, 0.012],
    position: [0.034, -sign * 0.0056, 0],
  };
  return {
    name: `${side}_finger`,
    parent: GRIPPER,
    position: [0.066, 0, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.016246,
    centerOfMass: [0.013816, 0, 0],
    inertia: principal(
      [4.79509e-6, 3.7467e-6, 1.48651e-6],
      [0.705384, 0.705384, -sign * 0.0493271, -sign * 0.0493271],
    ),
    joint: {
      name: `finger_${side}`,
      type: "prismatic",
      axis: [0, sign, 0],
      lower: 0.015,
      upper: 0.037,
      velocityLimit: 0.15,
      effortLimit: 5,
      stiffness: 500,
      damping: 25,
      armature: 0.05,
      viscousFriction: 1,
      ...(side === "right" ? { mimic: "finger_left" } : {}),
    },
    collision: [pad],
  };
}

const LINKS: readonly LinkModel[] = [
  {
    name: "shoulder",
    parent: -1,
    position: [0, 0, 0.072],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.480879,
    centerOfMass: [2.23482e-5, 4.14609e-5, 0.0066287],
    inertia: principal([0.000588946, 0.000555655, 0.000378999], [0.0130352, 0.706387, 0.012996, 0.707586]),
    joint: servo({
      name: "waist",
      axis: [0, 0, 1],
      range: [-3.14158, 3.14158],
      effortLimit: 10,
      stiffness: 200,
    }),
    collision: spheres(0.04, [0, 0, 0]),
  },
  {
    name: "upper_arm",
    parent: 0,
    position: [0, 0, 0.03865],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.430811,
    centerOfMass: [0.0171605, 2.725e-7, 0.191323],
    inertia: principal([0.00364425, 0.003463, 0.000399348], [0.705539, 0.0470667, -0.0470667, 0.705539]),
    joint: servo({
      name: "shoulder",
      axis: [0, 1, 0],
      range: [-1.88496, 1.98968],
      effortLimit: 20,
      stiffness: 400,
    }),
    collision: spheres(0.03, [0, 0, 0.05], [0, 0, 0.11], [0, 0, 0.17], [0, 0, 0.23]),
  },
  {
    name: "upper_forearm",
    parent: 1,
    position: [0.04975, 0, 0.25],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.234589,
    centerOfMass: [0.107963, 0.000115876, 0],
    inertia: principal([0.000888, 0.000887807, 3.97035e-5], [0.000980829, HALF, -0.000980829, HALF]),
    joint: servo({
      name: "elbow",
      axis: [0, 1, 0],
      range: [-2.14675, 1.6057],
      effortLimit: 15,
      stiffness: 300,
    }),
    collision: spheres(0.028, [0.03, 0, 0], [0.085, 0, 0], [0.14, 0, 0]),
  },
  {
    name: "lower_forearm",
    parent: 2,
    position: [0.175, 0, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.220991,
    centerOfMass: [0.0374395, 0.00522252, 0],
    inertia: principal([0.0001834, 0.000172527, 5.88633e-5], [-0.0732511, 0.703302, 0.0732511, 0.703302]),
    joint: servo({
      name: "forearm_roll",
      axis: [1, 0, 0],
      range: [-3.14158, 3.14158],
      effortLimit: 2,
      stiffness: 60,
    }),
    collision: spheres(0.028, [0.03, 0, 0]),
  },
  {
    name: "wrist",
    parent: 3,
    position: [0.075, 0, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.084957,
    centerOfMass: [0.04236, -1.0663e-5, 0.010577],
    inertia: principal([3.29057e-5, 3.082e-5, 2.68343e-5], [0.608721, 0.363497, -0.359175, 0.606895]),
    joint: servo({
      name: "wrist_angle",
      axis: [0, 1, 0],
      range: [-1.74533, 2.14675],
      effortLimit: 5,
      stiffness: 100,
    }),
    collision: spheres(0.025, [0.035, 0, 0]),
  },
  {
    name: "gripper",
    parent: 4,
    position: [0.065, 0, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.110084,
    centerOfMass: [0.0325296, 4.2061e-7, 0.0090959],
    inertia: principal([0.00307592, 0.00307326, 0.0030332], [0.546081, 0.419626, 0.62801, 0.362371]),
    joint: servo({
      name: "wrist_rotate",
      axis: [1, 0, 0],
      range: [-3.14158, 3.14158],
      effortLimit: 1,
      stiffness: 30,
    }),
    collision: [{ type: "box", halfExtents: [0.02, 0.045, 0.02], position: [0.045, 0, 0] }],
  },
  finger("left"),
  finger("right"),
];

const model: RobotModel = {
  id: "wx250s",
  title: "Trossen Robotics WidowX 250 S",
  articulation: { links: LINKS },
  armJoints: ["waist", "shoulder", "elbow", "forearm_roll", "wrist_angle", "wrist_rotate"],
  home: [0, -0.96, 1.16, 0, 1.37, 0, 0.037],
  rest: [0, 0.078, 0.198, 0, 1.295, 0],
  gripper: {
    joint: "finger_left",
    open: 0.037,
    closed: 0,
    fingerLinks: ["left_finger", "right_finger"],
    meets: 0.0096,
  },
  tcp: { link: "gripper", offset: [0.108, 0, 0], quaternion: [HALF, 0, HALF, 0] },
  workspace: { low: [0.2, -0.2, 0.012], high: [0.45, 0.2, 0.28] },
  taskRegion: { low: [0.24, -0.12, 0.05], high: [0.4, 0.12, 0.18] },
  start: [0.3, 0, 0.15],
  toolStep: 0.033,
  source:
    "Joint frames, masses, inertias, ranges: MuJoCo Menagerie trossen_wx250s (BSD-3-Clause, Copyright 2021 Interbotix); torque limits and speeds of " +
    "the joints, force of the fingers: interbotix_xsarm_descriptions (BSD-3-Clause). Collision primitives, servo gains, rotor inertias, joint friction " +
    "and the speed of the fingers are ours.",
};

/** The WidowX 250 S: six joints, 0.65 m reach, two fingers that open to 5.5 cm. */
export const wx250s: RobotModel = withLooksForPeople(model, WX250S_LOOK);
