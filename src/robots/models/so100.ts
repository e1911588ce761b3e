// The SO-100: the printed arm of LeRobot before the SO-101, five joints and a jaw that turns against a fixed one.
import {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
} from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { so100Look } from "../looks/so100-look.js";
import { box, principal, spheres, TURN_MINUS_X, TURN_PLUS_X, TURN_PLUS_Y } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";
import { sts3215 } from "./sts3215.js";

const HALF = Math.SQRT1_2;
/** The public model looks along -y; tasks lie along +x. */
const FORWARD: Quat = quaternionFromAxisAngle([0, 0, 1], Math.PI / 2);

/** Inner tip of the moving jaw in its frame, and the jaw's angle at which its pad is parallel to the fixed jaw. */
const JAW_TIP: Vec3 = [-0.0125, -0.078, 0];
const PARALLEL_ANGLE = 0.31;
const PAD: Vec3 = [0.004, 0.02, 0.009];
const PAD_TURN = quaternionFromAxisAngle([0, 0, 1], -PARALLEL_ANGLE);
const [PAD_X, PAD_Y] = rotateVector(PAD_TURN, [PAD[0], PAD[1], 0]);
const PAD_PLACE: Vec3 = [JAW_TIP[0] + PAD_X, JAW_TIP[1] + PAD_Y, 0];

const LINKS: readonly LinkModel[] = [
  {
    name: "shoulder",
    parent: -1,
    position: rotateVector(FORWARD, [0, -0.0452, 0.0165]),
    quaternion: multiplyQuaternions(FORWARD, TURN_PLUS_X),
    mass: 0.119226,
    centerOfMass: [-9.07886e-5, 0.0590972, 0.031089],
    inertia: principal([5.94278e-5, 5.89975e-5, 3.13712e-5], [0.363978, 0.441169, -0.623108, 0.533504]),
    joint: sts3215("shoulder_pan", [0, 1, 0], -2.2, 2.2),
    collision: [box([0.025, 0.025, 0.025], [0, 0.06, 0.02])],
  },
  {
    name: "upper_arm",
    parent: 0,
    position: [0, 0.1025, 0.0306],
    quaternion: TURN_PLUS_X,
    mass: 0.162409,
    centerOfMass: [-1.72052e-5, 0.0701802, 0.00310545],
    inertia: principal([0.000213312, 0.000167164, 7.01522e-5], [0.50104, 0.498994, -0.493562, 0.50632]),
    joint: sts3215("shoulder_lift", [1, 0, 0], -3.14158, 0.2),
    collision: [box([0.03, 0.055, 0.01], [0, 0.055, 0]), box([0.015, 0.015, 0.02], [0, 0.115, 0.014])],
  },
  {
    name: "lower_arm",
    parent: 1,
    position: [0, 0.11257, 0.028],
    quaternion: TURN_MINUS_X,
    mass: 0.147968,
    centerOfMass: [-0.00339604, 0.00137796, 0.0768007],
    inertia: principal([0.000138803, 0.000107748, 4.84242e-5], [0.701995, 0.0787996, 0.0645626, 0.704859]),
    joint: sts3215("elbow_flex", [1, 0, 0], 0, 3.14158),
    collision: spheres(0.025, [0, 0, 0.03], [0, 0, 0.065], [0, 0, 0.1]),
  },
  {
    name: "wrist",
    parent: 2,
    position: [0, 0.0052, 0.1349],
    quaternion: TURN_MINUS_X,
    mass: 0.0661321,
    centerOfMass: [-0.00852653, -0.0352279, -2.34622e-5],
    inertia: principal([3.45403e-5, 2.39041e-5, 1.94704e-5], [-0.0522806, 0.705235, 0.0549524, 0.704905]),
    joint: sts3215("wrist_flex", [1, 0, 0], -2, 1.8),
    collision: [box([0.025, 0.02, 0.015], [-0.007, -0.035, 0])],
  },
  {
    // the fixed jaw, with its palm, hangs along -y
    name: "gripper",
    parent: 3,
    position: [0, -0.0601, 0],
    quaternion: TURN_PLUS_Y,
    mass: 0.0929859,
    centerOfMass: [0.00552377, -0.0280167, 0.000483583],
    inertia: principal([5.03136e-5, 4.64098e-5, 2.72961e-5], [0.41836, 0.620891, -0.350644, 0.562599]),
    joint: sts3215("wrist_roll", [0, 1, 0], -3.14158, 3.14158),
    collision: [
      box([0.0325, 0.015, 0.015], [0.0025, -0.022, 0]),
      box([0.006, 0.033, 0.009], [0.0141, -0.0715, 0]),
    ],
  },
  {
    name: "moving_jaw",
    parent: 4,
    position: [-0.0202, -0.0244, 0],
    quaternion: [0, 1, 0, 0],
    mass: 0.0202444,
    centerOfMass: [-0.00161745, -0.0303473, 0.000449646],
    inertia: principal([1.11265e-5, 8.99651e-6, 2.99548e-6], [0.696562, 0.716737, -0.0239844, -0.0227026]),
    joint: sts3215("gripper", [0, 0, 1], -0.2, 2),
    collision: [box([0.01, 0.01, 0.015], [0, -0.013, 0]), box(PAD, PAD_PLACE, PAD_TURN)],
  },
];

const model: RobotModel = {
  id: "so100",
  title: "SO-100",
  articulation: { links: LINKS },
  armJoints: ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll"],
  home: [0, -1.57079, 1.57079, 1.57079, 0, 0.3],
  rest: [0, -1.881, 1.967, 1.484, 0],
  gripper: {
    joint: "gripper",
    open: 1,
    closed: -0.2,
    fingerLinks: ["gripper", "moving_jaw"],
    // 7.8 cm from the pivot to the tip; half of the gap counts for each jaw
    lever: 0.039,
    meets: -0.21,
  },
  tcp: { link: "gripper", offset: [-0.027, -0.098127, 0], quaternion: [0, HALF, -HALF, 0] },
  workspace: { low: [0.17, -0.18, 0.012], high: [0.3, 0.18, 0.18] },
  taskRegion: { low: [0.18, -0.1, 0.04], high: [0.28, 0.1, 0.1] },
  start: [0.22, 0, 0.1],
  toolStep: 0.02,
  source:
    "Joint frames, masses, inertias, ranges: MuJoCo Menagerie trs_so_arm100 (Apache-2.0, Copyright 2024 The Robot Studio), turned to look along +x; " +
    "servos: as of so101, which has the same. Collision primitives are ours, after those of the Menagerie.",
};

/**
 * The SO-100: about 0.3 m reach with the hand pointing down; its hand is held and used as that of our SO-101.
 */
export const so100: RobotModel = withLooksForPeople(
  model,
  so100Look({ position: PAD_PLACE, quaternion: PAD_TURN }),
);
