// The SO-101: the printed arm of LeRobot, five joints and a jaw that turns against a fixed one.
import { quaternionFromAxisAngle, rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { so101Look } from "../looks/so101-look.js";
import { box } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";
import { sts3215 } from "./sts3215.js";

const HALF = Math.SQRT1_2;

/** Inner tip of the moving jaw in its frame, and the jaw's angle at which its pad is parallel to the fixed jaw. */
const JAW_TIP: Vec3 = [-0.0125, -0.079, 0.0189];
const PARALLEL_ANGLE = 0.31;
const PAD: Vec3 = [0.004, 0.02, 0.009];
const PAD_TURN = quaternionFromAxisAngle([0, 0, 1], -PARALLEL_ANGLE);
const [PAD_X, PAD_Y] = rotateVector(PAD_TURN, [PAD[0], PAD[1], 0]);
const PAD_PLACE: Vec3 = [JAW_TIP[0] + PAD_X, JAW_TIP[1] + PAD_Y, JAW_TIP[2]];

const LINKS: readonly LinkModel[] = [
  {
    name: "shoulder",
    parent: -1,
    position: [0.0388353, 0, 0.0624],
    quaternion: [0, -1, 0, 0],
    mass: 0.100006,
    centerOfMass: [-0.0307604, -1.7e-5, -0.0252713],
    inertia: [8.3759e-5, 8.10403e-5, 2.39783e-5, 7.55525e-8, -1.16342e-6, 1.54663e-7],
    joint: sts3215("shoulder_pan", [0, 0, 1], -1.91986, 1.91986),
    collision: [box([0.025, 0.025, 0.025], [-0.025, 0, -0.01])],
  },
  {
    name: "upper_arm",
    parent: 0,
    position: [-0.0303992, -0.0182778, -0.0542],
    quaternion: [-0.5, -0.5, -0.5, 0.5],
    mass: 0.103,
    centerOfMass: [-0.089847, -0.008382, 0.018409],
    inertia: [4.08002e-5, 0.000147318, 0.000142487, -1.97819e-5, -4.03016e-8, 8.97326e-9],
    joint: sts3215("shoulder_lift", [0, 0, 1], -1.7453293, 1.7453293),
    collision: [
      box([0.055, 0.01, 0.03], [-0.055, 0, 0.02]),
      box([0.015, 0.02, 0.015], [-0.115, -0.014, 0.0182]),
    ],
  },
  {
    name: "lower_arm",
    parent: 1,
    position: [-0.11257, -0.028, 0],
    quaternion: [0, 0, HALF, HALF],
    mass: 0.104,
    centerOfMass: [-0.09807, 0.0032438, 0.018283],
    inertia: [2.87438e-5, 0.000159844, 0.00014529, 7.41152e-6, 1.26409e-6, -4.90188e-8],
    joint: sts3215("elbow_flex", [0, 0, 1], -1.69, 1.69),
    collision: [-0.03, -0.065, -0.1].map((x) => ({
      type: "sphere",
      radius: 0.025,
      position: [x, 0, 0.0182],
    })),
  },
  {
    name: "wrist",
    parent: 2,
    position: [-0.1349, 0.0052, 0],
    quaternion: [0, 0, -HALF, HALF],
    mass: 0.079,
    centerOfMass: [-0.000103312, -0.0386143, 0.0281156],
    inertia: [3.68263e-5, 2.5391e-5, 2.1e-5, 1.7893e-8, -5.28128e-8, 3.6412e-6],
    joint: sts3215("wrist_flex", [0, 0, 1], -1.658063, 1.658063),
    collision: [box([0.015, 0.02, 0.025], [0, -0.035, 0.025])],
  },
  {
    // the fixed jaw, with its palm, hangs along -z
    name: "gripper",
    parent: 3,
    position: [0, -0.0611, 0.0181],
    quaternion: [-0.0172091, 0.706897, 0.706897, 0.0172091],
    mass: 0.087,
    centerOfMass: [0.000214, 0.000245, -0.025187],
    inertia: [2.75087e-5, 4.33657e-5, 3.45059e-5, -3.35241e-7, -5.7352e-6, -5.17847e-8],
    joint: sts3215("wrist_roll", [0, 0, 1], -2.7438473, 2.7438473),
    collision: [
      box([0.0325, 0.015, 0.015], [-0.0025, 0, -0.022]),
      box([0.006, 0.009, 0.033], [-0.0141, 0, -0.0715]),
    ],
  },
  {
    name: "moving_jaw",
    parent: 4,
    position: [0.0202, 0.0188, -0.0234],
    quaternion: [HALF, 0, 0, HALF],
    mass: 0.012,
    centerOfMass: [-0.001575, -0.0300244, 0.0192755],
    inertia: [6.61427e-6, 1.89032e-6, 5.28738e-6, -3.19807e-7, -5.90717e-9, -1.09945e-7],
    joint: sts3215("gripper", [0, 0, 1], -0.174533, 1.7453292),
    collision: [box([0.01, 0.01, 0.015], [0, -0.013, 0.019]), box(PAD, PAD_PLACE, PAD_TURN)],
  },
];

const model: RobotModel = {
  id: "so101",
  title: "SO-101",
  articulation: { links: LINKS },
  armJoints: ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll"],
  home: [0, 0, 0, 0, 0, 0.3],
  rest: [0, -0.47, 0.51, 1.5, 0.047],
  gripper: {
    joint: "gripper",
    open: 1,
    closed: -0.2,
    fingerLinks: ["gripper", "moving_jaw"],
    // 7.8 cm from the pivot to the tip; half of the gap counts for each jaw
    lever: 0.039,
    meets: -0.21,
  },
  tcp: { link: "gripper", offset: [0.027, 0, -0.098127], quaternion: [1, 0, 0, 0] },
  workspace: { low: [0.17, -0.18, 0.012], high: [0.3, 0.18, 0.18] },
  taskRegion: { low: [0.18, -0.1, 0.04], high: [0.28, 0.1, 0.1] },
  start: [0.22, 0, 0.1],
  toolStep: 0.02,
  source:
    "Joint frames, masses, inertias, ranges, servo gains, torque limits, joint friction: MuJoCo Menagerie " +
    "robotstudio_so101, without its dry friction and camera mount; servo speed: STS3215 data sheet at 7.4 V. " +
    "Collision primitives are ours, after those of the Menagerie.",
};

/**
 * The SO-101: about 0.3 m reach with the hand pointing down.
 *
 * With five joints the hand cannot turn at will: it points straight down up to 8 cm above the table (the wrist's limit)
 * and tilts outwards higher up and far out. The jaw moves along the tool's x axis, so that yaw 0 is the middle of the
 * wrist's range. The curved pads of its jaws are flat here, parallel to each other around an object of 4 cm. The tool
 * centre point lies 3.5 cm from the fixed jaw, so that the jaw clears a cube of 4 cm at any yaw; closing then pushes the
 * cube against the fixed jaw, 1.5 cm from the tool centre point.
 */
export const so101: RobotModel = withLooksForPeople(
  model,
  so101Look({ position: PAD_PLACE, quaternion: PAD_TURN }),
);
