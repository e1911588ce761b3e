// The Universal Robots UR10e with a Robotiq 2F-85, simplified to a parallel gripper.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { UR10E_LOOK } from "../looks/universal-robots-look.js";
import { principal, spheres, TURN_MINUS_X, TURN_PLUS_Y } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";
import { robotiqOn } from "./robotiq-2f85.js";

const FULL_TURN = 6.28319;
const FLANGE = 5;

const SIZES = {
  4: { effortLimit: 330, stiffness: 4000, damping: 400, velocityLimit: 2.0944 },
  3: { effortLimit: 150, stiffness: 3500, damping: 350, velocityLimit: Math.PI },
  2: { effortLimit: 56, stiffness: 3200, damping: 320, velocityLimit: Math.PI },
} as const;

/** All velocity gains are a tenth of the position gains: joints that lag alike keep the hand upright while it moves. */
function joint(name: string, axis: Vec3, size: keyof typeof SIZES, range = FULL_TURN): JointModel {
  const limits = { lower: -range, upper: range };
  return { name, type: "revolute", axis, ...limits, armature: 0.1, viscousFriction: 1, ...SIZES[size] };
}

const LINKS: readonly LinkModel[] = [
  {
    name: "shoulder",
    parent: -1,
    position: [0, 0, 0.181],
    quaternion: IDENTITY_QUATERNION,
    mass: 7.778,
    centerOfMass: [0, 0, 0],
    inertia: [0.0314743, 0.0314743, 0.0218756, 0, 0, 0],
    joint: joint("shoulder_pan", [0, 0, 1], 4),
    collision: spheres(0.078, [0, 0, 0]),
  },
  {
    name: "upper_arm",
    parent: 0,
    position: [0, 0.176, 0],
    quaternion: TURN_PLUS_Y,
    mass: 12.93,
    centerOfMass: [0, 0, 0.3065],
    inertia: [0.423074, 0.423074, 0.0363656, 0, 0, 0],
    joint: joint("shoulder_lift", [0, 1, 0], 4),
    collision: [
      ...spheres(0.078, [0, -0.02, 0], [0, 0, 0.613]),
      ...spheres(0.06, [0, 0, 0.12], [0, 0, 0.22], [0, 0, 0.32], [0, 0, 0.42], [0, 0, 0.52]),
    ],
  },
  {
    name: "forearm",
    parent: 1,
    position: [0, -0.137, 0.613],
    quaternion: IDENTITY_QUATERNION,
    mass: 3.87,
    centerOfMass: [0, 0, 0.2855],
    inertia: [0.11059, 0.11059, 0.0108844, 0, 0, 0],
    joint: joint("elbow", [0, 1, 0], 3, Math.PI),
    collision: [
      ...spheres(0.058, [0, 0.05, 0], [0, 0, 0.1]),
      ...spheres(0.045, [0, 0, 0.2], [0, 0, 0.28], [0, 0, 0.36], [0, 0, 0.44], [0, 0, 0.52]),
    ],
  },
  {
    name: "wrist_1",
    parent: 2,
    position: [0, 0, 0.571],
    quaternion: TURN_PLUS_Y,
    mass: 1.96,
    centerOfMass: [0, 0.135, 0],
    inertia: principal([0.0055125, 0.00510825, 0.00510825], [0.5, 0.5, -0.5, 0.5]),
    joint: joint("wrist_1", [0, 1, 0], 2),
    collision: spheres(0.05, [0, 0, 0], [0, 0.09, 0]),
  },
  {
    name: "wrist_2",
    parent: 3,
    position: [0, 0.135, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 1.96,
    centerOfMass: [0, 0, 0.12],
    inertia: principal([0.0055125, 0.00510825, 0.00510825], [0.5, 0.5, -0.5, 0.5]),
    joint: joint("wrist_2", [0, 0, 1], 2),
    collision: spheres(0.046, [0, 0, 0.03], [0, 0, 0.12]),
  },
  {
    name: "wrist_3",
    parent: 4,
    position: [0, 0, 0.12],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.202,
    centerOfMass: [0, 0.092, 0],
    inertia: principal([0.000204525, 0.000144346, 0.000144346], [0, 1, -1, 0]),
    joint: joint("wrist_3", [0, 1, 0], 2),
    collision: spheres(0.046, [0, 0.075, 0]),
  },
  ...robotiqOn(FLANGE, [0, 0.1, 0], TURN_MINUS_X),
];

const model: RobotModel = {
  id: "ur10e",
  title: "Universal Robots UR10e with Robotiq 2F-85",
  articulation: { links: LINKS },
  armJoints: ["shoulder_pan", "shoulder_lift", "elbow", "wrist_1", "wrist_2", "wrist_3"],
  home: [0, -1.5708, 1.5708, -1.5708, -1.5708, 0, 0.0425],
  rest: [-0.271, -1.475, 2.145, -2.241, -1.5708, -1.842],
  gripper: {
    joint: "finger_left",
    open: 0.0425,
    closed: -0.01,
    fingerLinks: ["left_finger", "right_finger"],
  },
  tcp: { link: "hand", offset: [0, 0, 0.1715] },
  workspace: { low: [0.43, -0.25, 0.012], high: [0.87, 0.25, 0.42] },
  taskRegion: { low: [0.5, -0.15, 0.06], high: [0.8, 0.15, 0.27] },
  start: [0.6, 0, 0.22],
  source:
    "Joint frames, masses, inertias, ranges, position gains, torque limits: MuJoCo Menagerie universal_robots_ur10e (BSD-3-Clause, " +
    "Copyright 2018 ROS Industrial); joint speeds: Universal_Robots_ROS2_Description. Hand: as of ur5e. Collision primitives, velocity " +
    "gains and joint friction are ours.",
};

/** The UR10e: six joints, 1.3 m reach, with two fingers of 4.25 cm stroke each that slide as those of our UR5e do. */
export const ur10e: RobotModel = withLooksForPeople(model, UR10E_LOOK);
