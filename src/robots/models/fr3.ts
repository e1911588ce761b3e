// The Franka Research 3 with the Franka hand: the Panda's frames and hand, joints and masses of its own.
import { IDENTITY_QUATERNION, type Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { JointModel, LinkModel } from "../../physics/articulation/articulation-model.js";
import { principal, TURN_MINUS_X, TURN_PLUS_X } from "./link-numbers.js";
import { panda } from "./panda.js";
import type { RobotModel } from "./robot-model.js";

const HAND = 7;
const LARGE = { effortLimit: 87, armature: 0.195, viscousFriction: 0.21 } as const;
const SMALL = { effortLimit: 12, armature: 0.074, viscousFriction: 0.21 } as const;

/** All joints turn about z; velocity gains are a tenth of the position gains. */
function joint(
  index: number,
  [lower, upper]: readonly [number, number],
  stiffness: number,
  velocityLimit: number,
): JointModel {
  return {
    name: `joint${index}`,
    type: "revolute",
    axis: [0, 0, 1],
    lower,
    upper,
    velocityLimit,
    stiffness,
    damping: stiffness / 10,
    ...(index < 5 ? LARGE : SMALL),
  };
}

/** Link `index` on the one before, with the Panda's collision shapes. */
function link(
  index: number,
  [position, quaternion]: readonly [Vec3, Quat],
  [mass, centerOfMass, inertia]: readonly [number, Vec3, LinkModel["inertia"]],
  moved: JointModel,
): LinkModel {
  const { collision } = panda.articulation.links[index - 1]!;
  return {
    name: `link${index}`,
    parent: index - 2,
    position,
    quaternion,
    mass,
    centerOfMass,
    inertia,
    joint: moved,
    collision,
  };
}

const LINKS: readonly LinkModel[] = [
  link(
    1,
    [[0, 0, 0.333], IDENTITY_QUATERNION],
    [
      2.92747,
      [4.128e-7, -0.0181251, -0.0386036],
      principal([0.0239286, 0.0227246, 0.00610634], [0.998098, -0.0605364, 0.00380499, 0.0110109]),
    ],
    joint(1, [-2.7437, 2.7437], 4500, 2.62),
  ),
  link(
    2,
    [[0, 0, 0], TURN_MINUS_X],
    [
      2.93554,
      [0.00318289, -0.0743222, 0.00881461],
      principal([0.0629567, 0.0411924, 0.0246371], [0.502599, 0.584437, -0.465998, 0.434366]),
    ],
    joint(2, [-1.7837, 1.7837], 4500, 2.62),
  ),
  link(
    3,
    [[0, -0.316, 0], TURN_PLUS_X],
    [
      2.2449,
      [0.0407016, -0.00482006, -0.0289731],
      principal([0.0267409, 0.0189869, 0.0171587], [0.921025, -0.244161, 0.155272, 0.260745]),
    ],
    joint(3, [-2.9007, 2.9007], 3500, 2.62),
  ),
  link(
    4,
    [[0.0825, 0, 0], TURN_PLUS_X],
    [
      2.6156,
      [-0.0459101, 0.0630493, -0.00851879],
      principal([0.05139, 0.0372717, 0.0160047], [0.438018, 0.803311, 0.00937812, 0.403414]),
    ],
    joint(4, [-3.0421, -0.1518], 3500, 2.62),
  ),
  link(
    5,
    [[-0.0825, 0.384, 0], TURN_MINUS_X],
    [
      2.32712,
      [-0.00160396, 0.0292536, -0.0972966],
      principal([0.0579335, 0.0449144, 0.0130634], [0.919031, 0.125604, 0.0751531, -0.366003]),
    ],
    joint(5, [-2.8065, 2.8065], 2000, 5.26),
  ),
  link(
    6,
    [[0, 0, 0], TURN_PLUS_X],
    [
      1.81704,
      [0.0597131, -0.0410295, -0.0101693],
      principal([0.0175039, 0.0161123, 0.00193529], [0.621301, 0.552665, 0.510011, 0.220081]),
    ],
    joint(6, [0.5445, 4.5169], 2000, 4.18),
  ),
  link(
    7,
    [[0.088, 0, 0], TURN_PLUS_X],
    [
      0.627143,
      [0.00452258, 0.00862619, -0.0161633],
      principal([0.000223836, 0.000223642, 5.64132e-7], [0.727579, 0.0978688, -0.24906, 0.63168]),
    ],
    joint(7, [-3.0159, 3.0159], 2000, 5.26),
  ),
  ...panda.articulation.links.slice(HAND),
];

/** The Franka Research 3: seven joints, 0.86 m reach, two fingers of 4 cm stroke each. */
export const fr3: RobotModel = {
  ...panda,
  id: "fr3",
  title: "Franka Research 3 with the Franka hand",
  articulation: { links: LINKS },
  home: [0, 0, 0, -Math.PI / 2, 0, Math.PI / 2, 0.7853, 0.04],
  rest: [0, 0.12, 0, -2.39, 0, 2.51, 0.7853],
  source:
    "Joint frames, masses, inertias, servo gains, torque limits, rotor inertias: MuJoCo Menagerie franka_fr3 (Apache-2.0, Copyright 2023 Franka " +
    "Robotics GmbH), without its dry friction; joint ranges and speeds: franka_description (Apache-2.0). Hand, regions and collision primitives: " +
    "as of panda.",
};
