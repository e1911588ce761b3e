// The UFACTORY xArm7 with its gripper, simplified to a parallel gripper.
import { IDENTITY_QUATERNION, type Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { XARM7_LOOK } from "../looks/xarm7-look.js";
import { fingerPair } from "./parallel-gripper.js";
import type { RobotModel } from "./robot-model.js";

const HALF = Math.SQRT1_2;
const TURN_MINUS_X: Quat = [-HALF, 0, 0, HALF];
const TURN_PLUS_X: Quat = [HALF, 0, 0, HALF];
const FULL_TURN = 6.28319;
const HAND = 7;

const SIZES = {
  1: { effortLimit: 50, stiffness: 1500, damping: 150, viscousFriction: 10 },
  2: { effortLimit: 30, stiffness: 1000, damping: 100, viscousFriction: 5 },
  3: { effortLimit: 20, stiffness: 800, damping: 80, viscousFriction: 2 },
} as const;

function joint(index: number, size: 1 | 2 | 3, lower = -FULL_TURN, upper = FULL_TURN): JointModel {
  return {
    name: `joint${index}`,
    type: "revolute",
    axis: [0, 0, 1],
    lower,
    upper,
    velocityLimit: Math.PI,
    armature: 0.1,
    ...SIZES[size],
  };
}

function spheres(radius: number, ...positions: readonly Vec3[]): CollisionShape[] {
  return positions.map((position) => ({ type: "sphere", radius, position }));
}

const LINKS: readonly LinkModel[] = [
  {
    name: "link1",
    parent: -1,
    position: [0, 0, 0.267],
    quaternion: IDENTITY_QUATERNION,
    mass: 2.382,
    centerOfMass: [-0.0002, 0.02905, -0.01233],
    inertia: [0.0056905, 0.0049566, 0.00331666, -1.579e-5, 5.125e-6, -0.000873381],
    joint: joint(1, 1),
    collision: [],
  },
  {
    name: "link2",
    parent: 0,
    position: [0, 0, 0],
    quaternion: TURN_MINUS_X,
    mass: 1.869,
    centerOfMass: [0.00022, -0.12856, 0.01735],
    inertia: [0.0095989, 0.00382472, 0.00756567, 1.54104e-6, 5.56003e-6, -0.00317156],
    joint: joint(2, 1, -2.059, 2.0944),
    collision: spheres(0.06, [0, -0.1, 0.02], [0, -0.2, 0]),
  },
  {
    name: "link3",
    parent: 1,
    position: [0, -0.293, 0],
    quaternion: TURN_PLUS_X,
    mass: 1.6383,
    centerOfMass: [0.0466, -0.02463, -0.00768],
    inertia: [0.00310955, 0.00264483, 0.0026624, 0.000308371, -0.000584528, 0.000338895],
    joint: joint(3, 2),
    collision: spheres(0.055, [0, 0, -0.01]),
  },
  {
    name: "link4",
    parent: 2,
    position: [0.0525, 0, 0],
    quaternion: TURN_PLUS_X,
    mass: 1.7269,
    centerOfMass: [0.07047, -0.11575, 0.012],
    inertia: [0.005889, 0.00359703, 0.00543245, 0.00137112, 0.00088143, -0.00176215],
    joint: joint(4, 2, -0.19198, 3.927),
    collision: spheres(0.055, [0.06, -0.06, 0.02], [0.075, -0.15, 0.01]),
  },
  {
    name: "link5",
    parent: 3,
    position: [0.0775, -0.3425, 0],
    quaternion: TURN_PLUS_X,
    mass: 1.3203,
    centerOfMass: [-0.00032, 0.01604, -0.026],
    inertia: [0.00534665, 0.0049779, 0.0013624, 1.51168e-5, -3.68981e-7, -0.00022132],
    joint: joint(5, 2),
    collision: spheres(0.045, [0, 0, -0.12], [0, 0.02, -0.02]),
  },
  {
    name: "link6",
    parent: 4,
    position: [0, 0, 0],
    quaternion: TURN_PLUS_X,
    mass: 1.325,
    centerOfMass: [0.06469, 0.03278, 0.02141],
    inertia: [0.0014745, 0.0019037, 0.0023652, -0.000487998, 0.000295301, 0.00014749],
    joint: joint(6, 3, -1.69297, Math.PI),
    collision: spheres(0.05, [0.06, 0.02, 0.01]),
  },
  {
    name: "link7",
    parent: 5,
    position: [0.076, 0.097, 0],
    quaternion: TURN_MINUS_X,
    mass: 0.17,
    centerOfMass: [0, -0.00677, -0.01098],
    inertia: [9.3e-5, 5.87e-5, 0.000132, 0, 0, -3.60004e-6],
    joint: joint(7, 3),
    collision: spheres(0.035, [0, 0, -0.015]),
  },
  {
    name: "hand",
    parent: 6,
    position: [0, 0, 0],
    quaternion: [0, 0, 1, 0],
    mass: 0.54156,
    centerOfMass: [-0.00065489, -0.0018497, 0.048028],
    inertia: [0.00047106, 0.00033072, 0.00025642, 3.92921e-7, 2.6537e-6, -1.0975e-5],
    collision: [{ type: "box", halfExtents: [0.035, 0.06, 0.045], position: [0, 0, 0.045] }],
  },
  ...fingerPair({
    hand: HAND,
    stroke: 0.0445,
    mass: 0.1049,
    centerOfMass: [0, 0.025, 0.1],
    inertia: [9e-5, 8e-5, 2e-5],
    pad: [0.015, 0.006, 0.0185],
    padHeight: 0.154,
    velocityLimit: 0.15,
    effortLimit: 30,
    stiffness: 1500,
    damping: 80,
    armature: 0.1,
  }),
];

const model: RobotModel = {
  id: "xarm7",
  title: "UFACTORY xArm7 with its gripper",
  articulation: { links: LINKS },
  armJoints: ["joint1", "joint2", "joint3", "joint4", "joint5", "joint6", "joint7"],
  home: [0, -0.247, 0, 0.909, 0, 1.15644, 0, 0.0445],
  rest: [0, 0.1, 0, 1.2, 0, 1.1, 0],
  gripper: {
    joint: "finger_left",
    open: 0.0445,
    closed: -0.01,
    fingerLinks: ["left_finger", "right_finger"],
  },
  // turned half about z, so that yaw 0 is the middle of joint 7
  tcp: { link: "hand", offset: [0, 0, 0.163], quaternion: [0, 0, 1, 0] },
  workspace: { low: [0.25, -0.25, 0.012], high: [0.6, 0.25, 0.35] },
  taskRegion: { low: [0.3, -0.15, 0.06], high: [0.55, 0.15, 0.27] },
  start: [0.4, 0, 0.22],
  source:
    "Joint frames, masses, inertias (turned from principal axes to the links'), ranges, torque limits, servo gains, joint " +
    "friction: MuJoCo Menagerie ufactory_xarm7, without its dry friction and with the base on the table; joint speeds: " +
    "UFACTORY data sheet. Collision primitives, finger force and gains are ours.",
};

/**
 * The xArm7: seven joints, 0.70 m reach, with two fingers of 4.45 cm stroke each.
 *
 * The real fingers are moved by a linkage that lifts the pads by up to 1.3 cm as they open; here they slide, with the
 * pads where the linkage has them around an object of 4 cm, and each finger carries the mass of its whole linkage.
 */
export const xarm7: RobotModel = withLooksForPeople(model, XARM7_LOOK);
