// The Franka Emika Panda with its parallel gripper.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { PANDA_DETAILS } from "../looks/panda-details.js";
import { PANDA_LOOK } from "../looks/panda-look.js";
import type { RobotModel } from "./robot-model.js";

const HALF = Math.SQRT1_2;
const NONE: Quat = [0, 0, 0, 1];
const TURN_MINUS_X: Quat = [-HALF, 0, 0, HALF];
const TURN_PLUS_X: Quat = [HALF, 0, 0, HALF];

/** One of the seven arm joints: all turn about z, with the servo gains of the public MuJoCo model. */
function armJoint(
  index: number,
  range: readonly [number, number],
  stiffness: number,
  effortLimit: number,
  velocityLimit: number,
): JointModel {
  return {
    name: `joint${index}`,
    type: "revolute",
    axis: [0, 0, 1],
    lower: range[0],
    upper: range[1],
    velocityLimit,
    effortLimit,
    stiffness,
    damping: stiffness / 10,
    armature: 0.1,
    viscousFriction: 1,
  };
}

function finger(side: "left" | "right"): LinkModel {
  const joint: JointModel = {
    name: `finger_${side}`,
    type: "prismatic",
    axis: [0, 1, 0],
    lower: 0,
    upper: 0.04,
    velocityLimit: 0.2,
    effortLimit: 20,
    stiffness: 1000,
    damping: 50,
    armature: 0.1,
    viscousFriction: 1,
    ...(side === "right" ? { mimic: "finger_left" } : {}),
  };
  return {
    name: `${side}_finger`,
    parent: 7,
    position: [0, 0, 0.0584],
    // the right finger is the left one turned half about the hand's z axis
    quaternion: side === "left" ? NONE : [0, 0, 1, 0],
    mass: 0.015,
    centerOfMass: [0, 0, 0],
    inertia: [2.375e-6, 2.375e-6, 7.5e-7, 0, 0, 0],
    joint,
    collision: [{ type: "box", halfExtents: [0.01, 0.006, 0.0125], position: [0, 0.006, 0.042] }],
  };
}

function sphere(radius: number, position: Vec3): CollisionShape {
  return { type: "sphere", radius, position };
}

const LINKS: readonly LinkModel[] = [
  {
    name: "link1",
    parent: -1,
    position: [0, 0, 0.333],
    quaternion: NONE,
    mass: 4.970684,
    centerOfMass: [0.003875, 0.002081, -0.04762],
    inertia: [0.70337, 0.70661, 0.009117, -0.000139, 0.006772, 0.019169],
    joint: armJoint(1, [-2.8973, 2.8973], 4500, 87, 2.175),
    collision: [sphere(0.07, [0, 0, -0.1])],
  },
  {
    name: "link2",
    parent: 0,
    position: [0, 0, 0],
    quaternion: TURN_MINUS_X,
    mass: 0.646926,
    centerOfMass: [-0.003141, -0.02872, 0.003495],
    inertia: [0.007962, 0.02811, 0.025995, -0.003925, 0.010254, 0.000704],
    joint: armJoint(2, [-1.7628, 1.7628], 4500, 87, 2.175),
    collision: [sphere(0.07, [0, -0.12, 0])],
  },
  {
    name: "link3",
    parent: 1,
    position: [0, -0.316, 0],
    quaternion: TURN_PLUS_X,
    mass: 3.228604,
    centerOfMass: [0.027518, 0.039252, -0.066502],
    inertia: [0.037242, 0.036155, 0.01083, -0.004761, -0.011396, -0.012805],
    joint: armJoint(3, [-2.8973, 2.8973], 3500, 87, 2.175),
    collision: [sphere(0.065, [0, 0, -0.06])],
  },
  {
    name: "link4",
    parent: 2,
    position: [0.0825, 0, 0],
    quaternion: TURN_PLUS_X,
    mass: 3.587895,
    centerOfMass: [-0.05317, 0.104419, 0.027454],
    inertia: [0.025853, 0.019552, 0.028323, 0.007796, -0.001332, 0.008641],
    joint: armJoint(4, [-3.0718, -0.0698], 3500, 87, 2.175),
    collision: [sphere(0.07, [0, 0, 0])],
  },
  {
    name: "link5",
    parent: 3,
    position: [-0.0825, 0.384, 0],
    quaternion: TURN_MINUS_X,
    mass: 1.225946,
    centerOfMass: [-0.011953, 0.041065, -0.038437],
    inertia: [0.035549, 0.029474, 0.008627, -0.002117, -0.004037, 0.000229],
    joint: armJoint(5, [-2.8973, 2.8973], 2000, 12, 2.61),
    collision: [sphere(0.06, [0, 0, -0.22]), sphere(0.055, [0, 0.05, -0.1])],
  },
  {
    name: "link6",
    parent: 4,
    position: [0, 0, 0],
    quaternion: TURN_PLUS_X,
    mass: 1.666555,
    centerOfMass: [0.060149, -0.014117, -0.010517],
    inertia: [0.001964, 0.004354, 0.005433, 0.000109, -0.001158, 0.000341],
    joint: armJoint(6, [-0.0175, 3.7525], 2000, 12, 2.61),
    collision: [sphere(0.055, [0, 0, 0]), sphere(0.05, [0.088, 0, 0])],
  },
  {
    name: "link7",
    parent: 5,
    position: [0.088, 0, 0],
    quaternion: TURN_PLUS_X,
    mass: 0.735522,
    centerOfMass: [0.010517, -0.004252, 0.061597],
    inertia: [0.012516, 0.010027, 0.004815, -0.000428, -0.001196, -0.000741],
    joint: armJoint(7, [-2.8973, 2.8973], 2000, 12, 2.61),
    collision: [sphere(0.045, [0, 0, 0.06])],
  },
  {
    name: "hand",
    parent: 6,
    position: [0, 0, 0.107],
    quaternion: [0, 0, -Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)],
    mass: 0.73,
    centerOfMass: [-0.01, 0, 0.03],
    inertia: [0.001, 0.0025, 0.0017, 0, 0, 0],
    collision: [{ type: "box", halfExtents: [0.02, 0.1, 0.033], position: [0, 0, 0.033] }],
  },
  finger("left"),
  finger("right"),
];

const model: RobotModel = {
  id: "panda",
  title: "Franka Emika Panda",
  articulation: { links: LINKS },
  armJoints: ["joint1", "joint2", "joint3", "joint4", "joint5", "joint6", "joint7"],
  home: [0, 0, 0, -Math.PI / 2, 0, Math.PI / 2, -0.7853, 0.04],
  rest: [0, 0.2, 0, -2.2, 0, 2.4, -0.7853],
  gripper: {
    joint: "finger_left",
    open: 0.04,
    closed: -0.01,
    fingerLinks: ["left_finger", "right_finger"],
  },
  tcp: { link: "hand", offset: [0, 0, 0.1034] },
  workspace: { low: [0.28, -0.25, 0.012], high: [0.72, 0.25, 0.42] },
  taskRegion: { low: [0.35, -0.15, 0.06], high: [0.65, 0.15, 0.27] },
  start: [0.45, 0, 0.22],
  looks: PANDA_LOOK,
  source:
    "Joint frames, limits, servo gains: MuJoCo Menagerie franka_emika_panda; masses and inertias: identification in " +
    "franka_ros (Gaz et al., 2019); velocity limits: Franka data sheet. Collision primitives are ours.",
};

/** The Franka Emika Panda: seven joints, 1.19 m reach to the flange's sphere, two fingers of 4 cm stroke each. */
export const panda: RobotModel = withLooksForPeople(model, PANDA_DETAILS);
