// Run a robot program in an environment: straight lines of the tool, the fingers, and where it goes wrong.
import type { Env } from "../env/env.js";
import { Episode } from "../env/episode.js";
import { fullState } from "../env/observation.js";
import { UsageError } from "../math/usage-error.js";
import type { Vec3 } from "../math/vector.js";
import type { Instruction, Place, Program } from "../programs/instruction.js";
import { printInstruction } from "../programs/print-program.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import { type CollisionCheck, collisionCheck } from "./program-collisions.js";
import { frameOf, headerOf } from "./record-episode.js";

/** How a program ended: "done", or why it stopped before its end. */
export type ProgramOutcome = "done" | "unreachable" | "collision" | "too long";

/** What came of a program. */
export interface ProgramRun {
  /** How it ended. */
  readonly outcome: ProgramOutcome;
  /** Whether the task is solved where it ended. */
  readonly success: boolean;
  /** Where it stopped, and why, in one sentence; absent where it is done. */
  readonly reason?: string;
  /** Line that it stopped in, from 1 on; absent where it is done. */
  readonly line?: number;
  /** How long it took in the simulation. */
  readonly seconds: number;
  /** What happened. */
  readonly recording: EpisodeRecording;
}

/** Settings of an environment that programs run in: the tool goes to places, and goals lie on the table. */
export const PROGRAM_CELL = { controlMode: "ee-absolute-yaw", goalOnTable: 1 } as const;

/** Speed at the start, mm/s. */
const SPEED = 250;
/** The hand turns by this much, rad/s. */
const TURN_SPEED = 1.5;
/** The tool has arrived within this, m and rad, after so many steps at most. */
const ARRIVED = 0.002;
const TURNED = 0.01;
const MOST_SETTLING = 16;
/** It is blocked where it stays further away than this, m. */
const BLOCKED = 0.01;
/** Fingers stand, or have let go, after so many steps. */
const GRIP_STEPS = 12;
/** What they hold may slip out of their pads for less than this, steps. */
const SLIP_STEPS = 4;
/** Steps in which what was let go comes to rest at the end. */
const LAST_STEPS = 6;
/** Longest run, s. */
const LONGEST = 120;
const MM = 1e-3;
const QUARTER = Math.PI / 2;

/**
 * Run a program in the episode of `seed`, and record it.
 *
 * The time limit of the environment's episodes does not hold; a run ends after 120 s of the simulation.
 *
 * @throws UsageError where the environment's actions are not places of a tool with a gripper (control mode "ee-absolute-yaw").
 * @example
 * const env = environments["PickPlace-v1"].create(PROGRAM_CELL);
 * const { outcome, success } = runProgram(env, parseProgram(text), 7);
 */
export function runProgram(env: Env, program: Program, seed: number): ProgramRun {
  const cell = openCell(env, seed);
  let [outcome, stop]: [ProgramOutcome, { reason?: string; line?: number }] = ["done", {}];
  try {
    for (const [index, { instruction }] of program.entries()) {
      if (!instruction) continue;
      if (instruction.op === "END") break;
      cell.line = index + 1;
      carryOut(cell, instruction);
    }
    hold(cell, LAST_STEPS);
  } catch (error) {
    if (!(error instanceof ProgramStop)) throw error;
    outcome = error.outcome;
    const instruction = program[cell.line - 1]!.instruction!;
    stop = {
      reason: `line ${cell.line}, ${printInstruction(instruction)}: ${error.message}`,
      line: cell.line,
    };
  }
  const header = headerOf(env, String(seed), { agent: "program", policySteps: 0 });
  return {
    outcome,
    success: cell.episode.info.success,
    ...stop,
    seconds: cell.episode.time,
    recording: { header, frames: cell.frames },
  };
}

class ProgramStop extends Error {
  readonly outcome: ProgramOutcome;

  constructor(outcome: ProgramOutcome, message: string) {
    super(message);
    this.outcome = outcome;
  }
}

/** An episode that a program runs in, and what is commanded. */
interface Cell {
  readonly episode: Episode;
  readonly frames: RecordedFrame[];
  readonly findCollision: CollisionCheck;
  /** Where the tool was at the start, m. */
  readonly home: Vec3;
  /** Where the tool may go, m. */
  readonly low: Vec3;
  readonly high: Vec3;
  /** Commanded place of the tool, m, yaw of the hand, rad, and gripper, 1 or -1. */
  target: Vec3;
  yaw: number;
  grip: number;
  /** m/s */
  speed: number;
  /** Steps since the fingers were told something else, and since they held the part. */
  sinceGrip: number;
  sinceHeld: number;
  /** Line of the program. */
  line: number;
}

const ACTIONS = ["tcp_x", "tcp_y", "tcp_z", "tcp_yaw", "gripper"];

function openCell(env: Env, seed: number): Cell {
  const names = env.spec.action.map(({ name }) => name);
  if (env.spec.controlMode !== PROGRAM_CELL.controlMode || names.join() !== ACTIONS.join())
    throw new UsageError(
      `${env.id} takes ${names.join(", ")} in control mode "${env.spec.controlMode}", a program needs ${ACTIONS.join(", ")} in "${PROGRAM_CELL.controlMode}". Set controlMode=${PROGRAM_CELL.controlMode}, with one arm that has a gripper.`,
    );
  const episode = new Episode(env, seed);
  const box = (side: 1 | -1): Vec3 => {
    const [x, y, z] = env.spec.action.map(({ offset, scale }) => offset + side * scale);
    return [x!, y!, z!];
  };
  const [x, y, z, ...quaternion] = env.toolPoses()!.commanded!;
  const home: Vec3 = [x!, y!, z!];
  return {
    episode,
    frames: [frameOf(episode, [], null)],
    findCollision: collisionCheck(env),
    ...{ home, low: box(-1), high: box(1) },
    ...{
      target: home,
      yaw: handYaw(quaternion),
      grip: 1,
      speed: SPEED * MM,
      sinceGrip: GRIP_STEPS,
      sinceHeld: SLIP_STEPS,
      line: 0,
    },
  };
}

function carryOut(cell: Cell, instruction: Instruction): void {
  switch (instruction.op) {
    case "SPEED":
      cell.speed = instruction.speed * MM;
      break;
    case "MOVEL":
      moveTo(cell, instruction.place, 0);
      break;
    case "APPROACH":
      moveTo(cell, instruction.place, instruction.height * MM);
      break;
    case "DEPART": {
      const [x, y, z] = cell.target;
      moveLine(cell, [x, y, z + instruction.height * MM], cell.yaw);
      break;
    }
    case "TURN":
      moveLine(cell, cell.target, (instruction.angle * Math.PI) / 180);
      break;
    case "GRIP":
      moveFingers(cell, instruction.state === "OPEN" ? 1 : -1);
      break;
    case "WAIT":
      hold(cell, Math.round(instruction.seconds * cell.episode.env.spec.controlRate));
      break;
  }
}

function moveTo(cell: Cell, place: Place, height: number): void {
  const [x, y, z] = positionOf(cell, place);
  const yaw = place === "PART" ? cell.yaw + quarterTurn(cell) : cell.yaw;
  moveLine(cell, [x, y, z + height], yaw);
}

/** Return where a place is now, m: for what is held, where the tool is when the part is there. */
function positionOf(cell: Cell, place: Place): Vec3 {
  if (place === "HOME") return cell.home;
  if (typeof place !== "string") return [place[0] * MM, place[1] * MM, place[2] * MM];
  const [x, y, z] = toolOf(cell);
  const [px, py, pz] = readVector(cell, "cube_from_tcp");
  const [gx, gy, gz] = readVector(cell, "goal_from_cube");
  if (place === "PART") return [x + px, y + py, z + pz];
  if (read(cell, "grasped") > 0.5) return [x + gx, y + gy, z + gz];
  return [x + px + gx, y + py + gy, z + pz + gz];
}

/** Move the tool in a straight line, the hand turning on the way, and wait until it is there. */
function moveLine(cell: Cell, to: Vec3, yaw: number): void {
  requireInside(cell, to, yaw);
  const { target: from, yaw: start, speed } = cell;
  const { controlRate } = cell.episode.env.spec;
  const away: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const seconds = Math.max(Math.hypot(...away) / speed, Math.abs(yaw - start) / TURN_SPEED);
  const steps = Math.ceil(seconds * controlRate - 1e-9);
  for (let step = 1; step <= steps; step++) {
    const share = step / steps;
    cell.target = [from[0] + share * away[0], from[1] + share * away[1], from[2] + share * away[2]];
    cell.yaw = start + share * (yaw - start);
    act(cell);
  }
  const isThere = () => distanceTo(cell, to) <= ARRIVED && Math.abs(yawOfTool(cell) - yaw) <= TURNED;
  for (let step = 0; step < MOST_SETTLING && !isThere(); step++) act(cell);
  const left = distanceTo(cell, to);
  if (left > BLOCKED)
    throw new ProgramStop("unreachable", `the tool stays ${millimetres(left)} mm away from ${describe(to)}`);
}

function moveFingers(cell: Cell, grip: 1 | -1): void {
  const changes = grip !== cell.grip;
  if (changes) cell.sinceGrip = 0;
  cell.grip = grip;
  hold(cell, changes ? GRIP_STEPS : 1);
}

function hold(cell: Cell, steps: number): void {
  for (let step = 0; step < steps; step++) act(cell);
}

/** Command for one control step, and look for collisions. */
function act(cell: Cell): void {
  const { episode, frames, grip } = cell;
  const { env } = episode;
  const values = [...cell.target, cell.yaw];
  const action = env.spec.action.map(({ scale, offset }, k) =>
    k < values.length ? (values[k]! - offset) / scale : grip,
  );
  if (episode.time >= LONGEST)
    throw new ProgramStop("too long", `the program runs for more than ${LONGEST} s`);
  if (episode.done) goOn(episode);
  episode.step(action);
  cell.sinceGrip++;
  frames.push({ ...frameOf(episode, action, null), ...(episode.terminated ? { terminated: true } : {}) });
  const holds = read(cell, "grasped") > 0.5;
  cell.sinceHeld = holds ? 0 : cell.sinceHeld + 1;
  const mayTouch = cell.sinceGrip <= GRIP_STEPS || (grip < 0 && cell.sinceHeld < SLIP_STEPS);
  const collision = cell.findCollision({ mayTouch, holds });
  if (collision !== undefined)
    throw new ProgramStop("collision", `${collision} at ${episode.time.toFixed(2)} s`);
}

/** Go on after the time limit, from the state that it ended in. */
function goOn(episode: Episode): void {
  const { env } = episode;
  env.restore({ ...env.snapshot(), steps: 0, ended: false });
  episode.truncated = false;
  episode.terminated = false;
}

function requireInside(cell: Cell, [x, y, z]: Vec3, yaw: number): void {
  const { low, high, episode } = cell;
  const outside = [x, y, z].findIndex((value, k) => value < low[k]! - 1e-6 || value > high[k]! + 1e-6);
  if (outside >= 0)
    throw new ProgramStop(
      "unreachable",
      `${describe([x, y, z])} is out of reach of ${episode.env.spec.robot}: ${"xyz"[outside]} from ${millimetres(low[outside]!)} to ${millimetres(high[outside]!)} mm`,
    );
  const most = episode.env.spec.action[3]!.scale;
  if (Math.abs(yaw) > most + 1e-6)
    throw new ProgramStop(
      "unreachable",
      `the hand cannot turn to ${degrees(yaw)} degrees, at most ${degrees(most)} to each side`,
    );
}

/** Return by how much the hand must turn to lie along the sides of the part, to the nearest angle that it can turn to, rad. */
function quarterTurn(cell: Cell): number {
  const turn = Math.atan2(read(cell, "sin_4_yaw"), read(cell, "cos_4_yaw")) / 4;
  const most = cell.episode.env.spec.action[3]!.scale;
  const yaw = cell.yaw + turn;
  return yaw > most ? turn - QUARTER : yaw < -most ? turn + QUARTER : turn;
}

function toolOf({ episode }: Cell): Vec3 {
  const [x, y, z] = episode.env.toolPoses()!.tool;
  return [x!, y!, z!];
}

function yawOfTool({ episode }: Cell): number {
  return handYaw(episode.env.toolPoses()!.tool.slice(3));
}

function distanceTo(cell: Cell, [x, y, z]: Vec3): number {
  const tool = toolOf(cell);
  return Math.hypot(tool[0] - x, tool[1] - y, tool[2] - z);
}

function readVector(cell: Cell, name: string): Vec3 {
  return [read(cell, `${name}_x`), read(cell, `${name}_y`), read(cell, `${name}_z`)];
}

function read({ episode }: Cell, name: string): number {
  const { spec, id } = episode.env;
  const entry = (spec.privileged ?? spec.observation).find((other) => other.name === name);
  if (!entry)
    throw new UsageError(
      `${id} does not observe "${name}", which programs read. Run them in PickPlace-v1, for example.`,
    );
  return fullState(episode.observation)[entry.index]!;
}

/** Return the yaw of a hand that points down. */
function handYaw(quaternion: readonly number[]): number {
  const [x, y] = quaternion;
  return 2 * Math.atan2(y!, x!);
}

function describe(place: Vec3): string {
  return place.map(millimetres).join(" ");
}

function millimetres(value: number): string {
  return (value / MM).toFixed(0);
}

function degrees(angle: number): string {
  return ((angle * 180) / Math.PI).toFixed(0);
}
