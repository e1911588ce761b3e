// Settings that every task of a robot cell has, and what every one draws.
import type { ObservationMode } from "../env/camera-observation.js";
import type { CurriculumSetting } from "../env/randomization/curriculum.js";
import type { RandomizationSetting } from "../env/randomization/randomization.js";
import type { VisualRandomizationSetting } from "../env/randomization/visual-randomization.js";
import type { NumberRange } from "../env/settings/setting-range.js";
import { type Quat, quaternionFromAxisAngle } from "../math/quaternion.js";
import type { Random } from "../math/random.js";
import type { Vec3 } from "../math/vector.js";
import type { ControlMode } from "../robots/control/controller.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import type { CameraEntry } from "../sensors/camera/camera-config.js";
import { APPEARANCE } from "../sensors/camera/shading/look.js";

/** Defaults for the arm, its control and its physics. */
export const CELL_DEFAULTS = {
  robot: "panda",
  controlMode: "ee-delta" as ControlMode,
  /** Control steps per second. Episodes last as many seconds at any rate. */
  controlRate: 20,
  /** Whether joints are moved no faster than the real ones can, in every control mode. */
  rateLimits: false,
  /** Physics steps per second. */
  physicsRate: 240,
  /** Solver sweeps at most, and the velocity change (m/s) below which they end. */
  solver: { iterations: 20, tolerance: 1e-5 },
  /** Whether links of the arm that are not neighbours stop each other. */
  selfCollision: true,
  /** What differs from episode to episode: "none", "default", or ranges by name. */
  randomization: "none" as RandomizationSetting,
  /** Whether training starts with easy episodes and goes on to harder ones by success; evaluation never does. */
  curriculum: false as CurriculumSetting,
  rewardMode: "dense" as "dense" | "sparse",
  /** "state", "camera": pictures and what the robot knows of itself, or "camera+state". */
  observationMode: "state" as ObservationMode,
  /** The robot's own cameras by name, or cameras of your own; their pictures are stacked on channels. */
  cameras: ["front", "side", "wrist"] as readonly CameraEntry[],
  /** How scenes look to cameras. */
  appearance: APPEARANCE,
  /** How much that varies from episode to episode: "none", "default" or ranges by name. */
  visualRandomization: "none" as VisualRandomizationSetting,
};

/** Range of a length of a task, m. */
export const LENGTH_RANGE: NumberRange = { least: 0.001, most: 1, unit: "m" };
/** Range of the mass of an object, kg. */
export const MASS_RANGE: NumberRange = { least: 0.001, most: 100, unit: "kg" };
/** Range of a Coulomb coefficient. */
export const FRICTION_RANGE: NumberRange = { least: 0, most: 10 };
/** Range of a speed below which something is at rest, m/s. */
export const SPEED_RANGE: NumberRange = { least: 0.001, most: 10, unit: "m/s" };

const START_SPREAD = 0.03;
/** The same as a share of how far action 1 moves the tool of a robot that says so. */
const SPREAD_SHARE = 0.6;

/**
 * Draw where the tool starts: around the robot's start position, 3 cm to each side, less for a robot of small steps, m.
 *
 * @throws Nothing.
 * @example
 * simulation.reset(drawStart(random, simulation.model));
 */
export function drawStart(random: Random, robot: RobotModel): Vec3 {
  const { start, toolStep } = robot;
  const spread = toolStep === undefined ? START_SPREAD : Math.min(START_SPREAD, SPREAD_SHARE * toolStep);
  const [x, y, z] = start.map((centre) => centre + random.uniform(-spread, spread));
  return [x!, y!, z!];
}

/**
 * Draw a turn about the vertical.
 *
 * @throws Nothing.
 * @example
 * cube.setPose(sampleArea(area, random), randomYaw(random));
 */
export function randomYaw(random: Random): Quat {
  return quaternionFromAxisAngle([0, 0, 1], random.uniform(-Math.PI, Math.PI));
}
