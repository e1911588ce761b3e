// Free motion: an arm without contacts, driven alike in both engines at the same or at a very fine step.
import { createRandom, type Random } from "../../../src/math/random.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import type { ArticulationModel } from "../../../src/physics/articulation/articulation-model.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";

/** Fingers as two independent joints: MuJoCo has no shared degree of freedom. */
export function independentFingers(robot: RobotModel): ArticulationModel {
  return {
    links: robot.articulation.links.map(({ joint, ...link }) => {
      if (!joint) return link;
      const { mimic: _, ...independent } = joint;
      return { ...link, joint: independent };
    }),
  };
}

/** One value per independent joint from one per degree of freedom. */
function spread(robot: RobotModel, values: readonly number[]): number[] {
  const arm = new Articulation(robot.articulation);
  return robot.articulation.links.flatMap(({ joint }, link) =>
    joint ? [values[arm.dofOfLink[link]!]!] : [],
  );
}

/** `robot` with servos whose effort limits are never reached. */
export function unlimited(robot: RobotModel): RobotModel {
  const links = robot.articulation.links.map(({ joint, ...link }) =>
    joint ? { ...link, joint: { ...joint, effortLimit: 1000 * joint.effortLimit } } : link,
  );
  return { ...robot, articulation: { ...robot.articulation, links } };
}

/** Wave all joints for 3 s at 240 Hz; return the root mean square of the joints' differences from MuJoCo, rad and m. */
export function freeMotionDifference(robot: RobotModel, actuators: "position" | "motor"): number {
  const rate = 240;
  // a servo at its limit is where the engines differ on purpose; motors stay far below theirs
  const driven = actuators === "position" ? unlimited(robot) : robot;
  const random = createRandom(`free motion/${robot.id}/${actuators}`);
  const wave = drawWave(driven, actuators, random);
  return rootMeanSquare(wave("ours", rate, rate), wave("mujoco", rate, rate));
}

/** How far the joints are from where they are in MuJoCo at a very fine step, root mean square, rad and m. */
export interface FreeMotionError {
  /** Ours at `rate`. */
  readonly ours: number;
  /** MuJoCo's at `rate`. */
  readonly mujoco: number;
}

const FINE_RATE = 24000;
/** Commands change this often, so that they are the same at all rates, Hz. */
const COMMAND_RATE = 60;

/** Wave all joints for 3 s at `rate` (Hz) under their real effort limits. */
export function freeMotionErrors(robot: RobotModel, rates: readonly number[]): FreeMotionError[] {
  const wave = drawWave(robot, "position", createRandom(`free motion/${robot.id}/position`));
  const truth = wave("mujoco", FINE_RATE, COMMAND_RATE);
  return rates.map((rate) => ({
    ours: rootMeanSquare(wave("ours", rate, COMMAND_RATE), truth),
    mujoco: rootMeanSquare(wave("mujoco", rate, COMMAND_RATE), truth),
  }));
}

/** Draw a motion; the function returned plays it at `rate` and lists the joint positions `commandRate` times a second. */
function drawWave(robot: RobotModel, actuators: "position" | "motor", random: Random) {
  const model = independentFingers(robot);
  const rest = spread(robot, [...robot.rest, robot.gripper!.open / 2]);
  const isArm = (i: number) => i < robot.armJoints.length;
  const start = rest.map((q, i) => q + (isArm(i) ? random.uniform(-0.15, 0.15) : 0));
  const still = new Articulation(model);
  still.reset(start);
  // a tenth of each motor's torque on top of gravity's at the start
  const amplitude = start.map((_, i) => {
    if (actuators === "position") return isArm(i) ? 0.4 : 0.01;
    return isArm(i) ? 0.1 * still.effortLimits[i]! : 0.01;
  });
  const offset = actuators === "motor" ? still.biasForces.slice() : start;
  const frequency = amplitude.map(() => random.uniform(0.3, 1));
  const phase = amplitude.map(() => random.uniform(0, 2 * Math.PI));
  const commandAt = (time: number) =>
    amplitude.map((a, i) => offset[i]! + a * Math.sin(2 * Math.PI * frequency[i]! * time + phase[i]!));
  return (engine: "ours" | "mujoco", rate: number, commandRate: number): number[][] => {
    const step = prepare(engine, robot, actuators, 1 / rate, start);
    const rows: number[][] = [];
    for (let command = 0; command < 3 * commandRate; command++) {
      const targets = commandAt(command / commandRate);
      for (let substep = 1; substep < rate / commandRate; substep++) step(targets);
      rows.push(step(targets));
    }
    return rows;
  };
}

/** Put the arm at `start` in an engine; the function returned steps it under commands and returns the joint positions. */
function prepare(
  engine: "ours" | "mujoco",
  robot: RobotModel,
  actuators: "position" | "motor",
  timestep: number,
  start: readonly number[],
): (command: readonly number[]) => number[] {
  if (engine === "mujoco") {
    const mjcf = robotToMjcf(robot, { timestep, actuators, limits: false, mimic: false });
    const { model, data } = compileMjcf(mjcf);
    data.qpos.set(start);
    return (command) => {
      data.ctrl.set(command);
      mujoco.mj_step(model, data);
      return Array.from(data.qpos as Float64Array);
    };
  }
  const arm = new Articulation(independentFingers(robot));
  arm.controlModes.fill(actuators === "motor" ? "torque" : "position");
  arm.reset(start);
  return (command) => {
    if (actuators === "motor") arm.feedForward.set(command);
    else arm.jointTargets.set(command);
    arm.predictVelocities(timestep);
    arm.integrate(timestep);
    arm.forwardKinematics();
    return Array.from(arm.jointPositions);
  };
}

function rootMeanSquare(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const squares = a.flatMap((row, k) => row.map((q, joint) => (q - b[k]![joint]!) ** 2));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}
