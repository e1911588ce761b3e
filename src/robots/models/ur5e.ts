// The Universal Robots UR5e with a Robotiq 2F-85, simplified to a parallel gripper.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { UR5E_LOOK } from "../looks/universal-robots-look.js";
import { spheres, TURN_MINUS_X, TURN_PLUS_Y } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";
import { robotiqOn } from "./robotiq-2f85.js";

const FULL_TURN = 6.28319;
const FLANGE = 5;

/**
 * The three joints near the base are of one size, the three of the wrist of another.
 *
 * All velocity gains are a tenth of the position gains: joints that lag alike keep the hand upright while it moves.
 */
function joint(name: string, axis: Vec3, size: "large" | "small", range = FULL_TURN): JointModel {
  const large = size === "large";
  return {
    name,
    type: "revolute",
    axis,
    lower: -range,
    upper: range,
    velocityLimit: Math.PI,
    effortLimit: large ? 150 : 28,
    stiffness: large ? 3500 : 3000,
    damping: large ? 350 : 300,
    armature: 0.1,
    viscousFriction: 1,
  };
}

const LINKS: readonly LinkModel[] = [
  {
    name: "shoulder",
    parent: -1,
    position: [0, 0, 0.163],
    quaternion: IDENTITY_QUATERNION,
    mass: 3.7,
    centerOfMass: [0, 0, 0],
    inertia: [0.0102675, 0.0102675, 0.00666, 0, 0, 0],
    joint: joint("shoulder_pan", [0, 0, 1], "large"),
    collision: spheres(0.06, [0, 0, 0]),
  },
  {
    name: "upper_arm",
    parent: 0,
    position: [0, 0.138, 0],
    quaternion: TURN_PLUS_Y,
    mass: 8.393,
    centerOfMass: [0, 0, 0.2125],
    inertia: [0.133886, 0.133886, 0.0151074, 0, 0, 0],
    joint: joint("shoulder_lift", [0, 1, 0], "large"),
    collision: spheres(0.06, [0, -0.02, 0], [0, 0, 0.1], [0, 0, 0.2], [0, 0, 0.3], [0, 0, 0.4]),
  },
  {
    name: "forearm",
    parent: 1,
    position: [0, -0.131, 0.425],
    quaternion: IDENTITY_QUATERNION,
    mass: 2.275,
    centerOfMass: [0, 0, 0.196],
    inertia: [0.0311796, 0.0311796, 0.004095, 0, 0, 0],
    joint: joint("elbow", [0, 1, 0], "large", Math.PI),
    collision: spheres(0.05, [0, 0.03, 0], [0, 0, 0.1], [0, 0, 0.2], [0, 0, 0.3]),
  },
  {
    name: "wrist_1",
    parent: 2,
    position: [0, 0, 0.392],
    quaternion: TURN_PLUS_Y,
    mass: 1.219,
    centerOfMass: [0, 0.127, 0],
    inertia: [0.0025599, 0.0025599, 0.0021942, 0, 0, 0],
    joint: joint("wrist_1", [0, 1, 0], "small"),
    collision: spheres(0.045, [0, 0, 0], [0, 0.08, 0]),
  },
  {
    name: "wrist_2",
    parent: 3,
    position: [0, 0.127, 0],
    quaternion: IDENTITY_QUATERNION,
    mass: 1.219,
    centerOfMass: [0, 0, 0.1],
    inertia: [0.0025599, 0.0025599, 0.0021942, 0, 0, 0],
    joint: joint("wrist_2", [0, 0, 1], "small"),
    collision: spheres(0.045, [0, 0, 0.03], [0, 0, 0.1]),
  },
  {
    name: "wrist_3",
    parent: 4,
    position: [0, 0, 0.1],
    quaternion: IDENTITY_QUATERNION,
    mass: 0.1889,
    centerOfMass: [0, 0.0771683, 0],
    inertia: [9.90863e-5, 0.000132134, 9.90863e-5, 0, 0, 0],
    joint: joint("wrist_3", [0, 1, 0], "small"),
    collision: spheres(0.04, [0, 0.07, 0]),
  },
  ...robotiqOn(FLANGE, [0, 0.1, 0], TURN_MINUS_X),
];

const model: RobotModel = {
  id: "ur5e",
  title: "Universal Robots UR5e with Robotiq 2F-85",
  articulation: { links: LINKS },
  armJoints: ["shoulder_pan", "shoulder_lift", "elbow", "wrist_1", "wrist_2", "wrist_3"],
  home: [0, -1.5708, 1.5708, -1.5708, -1.5708, 0, 0.0425],
  rest: [-0.3, -1.3, 1.9, -2.17, -1.5708, -1.87],
  gripper: {
    joint: "finger_left",
    open: 0.0425,
    closed: -0.01,
    fingerLinks: ["left_finger", "right_finger"],
  },
  tcp: { link: "hand", offset: [0, 0, 0.1715] },
  workspace: { low: [0.28, -0.25, 0.012], high: [0.7, 0.25, 0.42] },
  taskRegion: { low: [0.35, -0.15, 0.06], high: [0.65, 0.15, 0.27] },
  start: [0.45, 0, 0.22],
  source:
    "Joint frames, masses, inertias, ranges, position gains: MuJoCo Menagerie universal_robots_ur5e and robotiq_2f85; torque limits: Universal Robots; joint speeds and finger force (within " +
    "20..235 N) and speed: data sheets. Collision primitives, velocity gains and joint friction are ours.",
};

/** The UR5e: six joints, 0.85 m reach, with two fingers of 4.25 cm stroke each. */
export const ur5e: RobotModel = withLooksForPeople(model, UR5E_LOOK);
