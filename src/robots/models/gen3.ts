// The Kinova Gen3 with seven joints and a Robotiq 2F-85, simplified to a parallel gripper.
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { CollisionShape, JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { withLooksForPeople } from "../looks/for-people.js";
import { GEN3_LOOK } from "../looks/gen3-look.js";
import { spheres, TURN_MINUS_X, TURN_PLUS_X } from "./link-numbers.js";
import type { RobotModel } from "./robot-model.js";
import { robotiqOn } from "./robotiq-2f85.js";

const HALF_TURN_X: Quat = [1, 0, 0, 0];
/** Joints without an end turn this far to each side. */
const FULL_TURN = 2 * Math.PI;
const FLANGE = 6;

/** All joints turn about z; the three of the wrist are smaller. Velocity gains are a tenth of the position gains. */
function joint(index: number, range = FULL_TURN): JointModel {
  const isLarge = index < 5;
  const stiffness = isLarge ? 2000 : 500;
  return {
    name: `joint_${index}`,
    type: "revolute",
    axis: [0, 0, 1],
    lower: -range,
    upper: range,
    velocityLimit: isLarge ? 1.3963 : 1.2218,
    effortLimit: isLarge ? 39 : 9,
    stiffness,
    damping: stiffness / 10,
    armature: 0.1,
    viscousFriction: 1,
  };
}

/** A link on the one before. */
function link(
  [name, parent]: readonly [string, number],
  [position, quaternion]: readonly [Vec3, Quat],
  [mass, centerOfMass, inertia]: readonly [number, Vec3, LinkModel["inertia"]],
  moved: JointModel,
  collision: readonly CollisionShape[],
): LinkModel {
  return { name, parent, position, quaternion, mass, centerOfMass, inertia, joint: moved, collision };
}

const LINKS: readonly LinkModel[] = [
  link(
    ["shoulder", -1],
    [[0, 0, 0.15643], HALF_TURN_X],
    [1.3773, [-2.3e-5, -0.010364, -0.07336], [0.00457, 0.004831, 0.001409, 1e-6, 2e-6, 0.000448]],
    joint(1),
    spheres(0.05, [0, 0, -0.06]),
  ),
  link(
    ["half_arm_1", 0],
    [[0, 0.005375, -0.12838], TURN_PLUS_X],
    [1.1636, [-4.4e-5, -0.09958, -0.013278], [0.011088, 0.001072, 0.011255, 5e-6, 0, -0.000691]],
    joint(2, 2.24),
    spheres(0.048, [0, -0.08, -0.01], [0, -0.15, -0.008]),
  ),
  link(
    ["half_arm_2", 1],
    [[0, -0.21038, -0.006375], TURN_MINUS_X],
    [1.1636, [-4.4e-5, -0.006641, -0.117892], [0.010932, 0.011127, 0.001043, 0, -7e-6, 0.000606]],
    joint(3),
    spheres(0.048, [0, 0, -0.06], [0, 0, -0.14]),
  ),
  link(
    ["forearm", 2],
    [[0, 0.006375, -0.21038], TURN_PLUS_X],
    [0.9302, [-1.8e-5, -0.075478, -0.015006], [0.008147, 0.000631, 0.008316, -1e-6, 0, -0.0005]],
    joint(4, 2.57),
    spheres(0.046, [0, -0.07, -0.01], [0, -0.14, -0.008]),
  ),
  link(
    ["spherical_wrist_1", 3],
    [[0, -0.20843, -0.006375], TURN_MINUS_X],
    [0.6781, [1e-6, -0.009432, -0.063883], [0.001596, 0.001607, 0.000399, 0, 0, 0.000256]],
    joint(5),
    spheres(0.042, [0, 0, -0.04]),
  ),
  link(
    ["spherical_wrist_2", 4],
    [[0, 0.00017505, -0.10593], TURN_PLUS_X],
    [0.6781, [1e-6, -0.045483, -0.00965], [0.001641, 0.00041, 0.001641, 0, 0, -0.000278]],
    joint(6, 2.09),
    spheres(0.042, [0, -0.04, 0]),
  ),
  link(
    ["bracelet", 5],
    [[0, -0.10593, -0.00017505], TURN_MINUS_X],
    [0.5, [0.000281, 0.011402, -0.029798], [0.000587, 0.000369, 0.000609, 3e-6, 3e-6, -0.000118]],
    joint(7),
    spheres(0.042, [0, 0, -0.025]),
  ),
  ...robotiqOn(FLANGE, [0, 0, -0.061525], HALF_TURN_X),
];

const model: RobotModel = {
  id: "gen3",
  title: "Kinova Gen3 with Robotiq 2F-85",
  articulation: { links: LINKS },
  armJoints: ["joint_1", "joint_2", "joint_3", "joint_4", "joint_5", "joint_6", "joint_7"],
  home: [0, 0.2618, Math.PI, -2.2689, 0, -0.6109, 0, 0.0425],
  rest: [0, 0.494, Math.PI, -1.585, 0, -1.067, 0],
  gripper: {
    joint: "finger_left",
    open: 0.0425,
    closed: -0.01,
    fingerLinks: ["left_finger", "right_finger"],
  },
  tcp: { link: "hand", offset: [0, 0, 0.1715] },
  workspace: { low: [0.28, -0.25, 0.012], high: [0.67, 0.25, 0.42] },
  taskRegion: { low: [0.35, -0.15, 0.06], high: [0.6, 0.15, 0.27] },
  start: [0.45, 0, 0.22],
  toolStep: 0.033,
  source:
    "Joint frames, masses, inertias, ranges, torque limits, speeds: ros2_kortex's kortex_description, gen3 7dof with vision (BSD-3-Clause, Copyright " +
    "2018 Kinova inc.); position gains: MuJoCo Menagerie kinova_gen3 (BSD-3-Clause). Hand: as of ur5e. Collision primitives, velocity gains, rotor " +
    "inertia and joint friction are ours.",
};

/** The Gen3: seven joints, 0.9 m reach, with two fingers of 4.25 cm stroke each that slide as those of our UR5e do. */
export const gen3: RobotModel = withLooksForPeople(model, GEN3_LOOK);
