// What a scripted expert is: a rule from the named numbers of the observation to where the tool should go.
import { type EnvInfo, findRobot, fingerJoint, UsageError, type Vec3 } from "../src/index.js";
import { type Hand, handOf } from "./hand.js";

/** What an expert wants done now. */
export interface ToolMove {
  /** Where the tool should go, from where it is, m. */
  readonly aim: Vec3;
  /** Whether the fingers should be open; ignored where the task keeps them still. */
  readonly open: boolean;
  /** How far the hand should turn about the vertical from where it is, rad; default 0, ignored where it cannot. */
  readonly turn?: number;
  /** The gripper's action itself, -1 to 1, instead of fully open or closed. */
  readonly grip?: number;
  /** The tool is moved no faster than this along an axis, m/s; default: the hand's speed. */
  readonly speed?: number;
}

/** Reads an entry of the observation by its name. */
export type Read = (name: string) => number;

/** What an expert remembers between steps, by names of its own; empty at first, and it outlasts episodes. */
export type ExpertMemory = Record<string, number>;

/**
 * Solves one task by rule. It sees nothing but the observation, so that a network can learn from it what it does. It
 * remembers nothing either, but where the task itself asks for memory.
 */
export interface ScriptedExpert {
  readonly id: string;
  /** Id of the environment it solves. */
  readonly env: string;
  /** One line. */
  readonly description: string;
  /** Standard deviation of the noise under which demonstrations by a fast arm still succeed; default 0.2. */
  readonly noise?: number;
  /** Where the tool should go; of several arms those of all, by their names. */
  decide(read: Read, context: ExpertContext): ToolMove | Readonly<Record<string, ToolMove>>;
}

/** What an expert knows besides what it observes. */
export interface ExpertContext {
  readonly memory: ExpertMemory;
  /** How long a control step lasts, s. */
  readonly step: number;
  /** What the robot's model tells of its hand. */
  readonly hand: Hand;
  /** Reads a number of the environment's config by its name: the size of an object, "sizes.cubeSize", a friction. */
  setting(name: string): number;
  /** Returns the gripper's action at which each finger is this far (m) from where they meet. */
  gripAt(opening: number): number;
}

const NOISE = 0.2;
/** Share of the way that is commanded at once. */
const GAIN = 0.7;

/** A finger's command below this (m) means that the hand closes, and how far an object is drawn then, m. */
const CLOSING = 0.005;
const DRAWN = 0.015;

/** Return the expert as a function from the full state (`fullState`) to action; throws a UsageError where it cannot act in `spec`. */
export function expertPolicy(expert: ScriptedExpert, spec: EnvInfo): (state: Float32Array) => number[] {
  if (spec.id !== expert.env)
    throw new UsageError(`The expert ${expert.id} solves ${expert.env}, not ${spec.id}.`);
  if (!spec.controlMode.startsWith("ee-delta")) {
    throw new UsageError(
      `The expert ${expert.id} moves the tool by steps and cannot act in control mode "${spec.controlMode}". Set controlMode=ee-delta.`,
    );
  }
  const indices = new Map((spec.privileged ?? spec.observation).map(({ name, index }) => [name, index]));
  const place = (name: string) => {
    const index = indices.get(name);
    if (index === undefined)
      throw new Error(`the observation of ${spec.id} has no "${name}", which ${expert.id} reads`);
    return index;
  };
  const hand = handOf(spec);
  const step = 1 / spec.controlRate;
  const context: ExpertContext = {
    memory: {},
    step,
    hand,
    setting: (name) => settingOf(spec, name),
    gripAt: (opening) => gripAt(spec, opening),
  };
  return (state) => {
    const read: Read = (name) => state[place(name)]!;
    const decided = expert.decide(read, context);
    return spec.action.map(({ name: full, scale }) => {
      const prefix = full.slice(0, full.lastIndexOf("/") + 1);
      const name = full.slice(prefix.length);
      const move = isMove(decided) ? decided : decided[prefix.slice(0, -1)]!;
      const { aim, open, turn, grip = open ? 1 : -1, speed = hand.speed } = move;
      const axis = ["tcp_x", "tcp_y", "tcp_z"].indexOf(name);
      if (axis >= 0) {
        // a task may hide how far the command runs ahead
        const ahead = `${prefix}tcp_tracking_error_${name.at(-1)}`;
        const lead = indices.has(ahead) ? read(ahead) : 0;
        return towards(aim[axis]! - lead, scale, (speed * step) / scale);
      }
      if (name === "tcp_yaw" && turn !== undefined)
        return towards(turn - read(`${prefix}yaw_tracking_error`), scale);
      return name === "gripper" ? grip : 0;
    });
  };
}

function isMove(decided: ToolMove | Readonly<Record<string, ToolMove>>): decided is ToolMove {
  return Array.isArray(decided.aim);
}

function settingOf({ id, config }: EnvInfo, name: string): number {
  const value = name
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], config);
  if (typeof value !== "number") throw new Error(`the config of ${id} has no number "${name}"`);
  return value;
}

function gripAt({ config, action }: EnvInfo, opening: number): number {
  const { gripper } = findRobot(config.robot as string);
  const command = action.find(({ name }) => name === "gripper");
  if (!gripper || !command) throw new Error("there is no gripper to command");
  return (fingerJoint(gripper, opening) - command.offset) / command.scale;
}

/**
 * Return the standard deviation of the noise under which demonstrations by `expert` in `spec` still succeed.
 *
 * An arm whose hand must be moved slowly takes as much less of it.
 */
export function demonstrationNoise({ noise = NOISE }: ScriptedExpert, spec: EnvInfo): number {
  const step = handOf(spec).speed / spec.controlRate;
  const scales = spec.action.filter(({ name }) => /(^|\/)tcp_(?!yaw$)/.test(name)).map(({ scale }) => scale);
  return noise * Math.min(1, ...scales.map((scale) => step / scale));
}

/**
 * Whether an object this far from the tool (m) is where the fingers can take it: within `limit` aside, and further while they
 * close, since a hand of which one finger stands still draws the object towards that.
 */
export function isBetweenFingers(read: Read, [x, y]: Vec3, limit: number): boolean {
  return Math.hypot(x, y) <= limit + (isClosing(read) ? DRAWN : 0);
}

/** Whether the fingers are commanded to close. */
export function isClosing(read: Read): boolean {
  return read("finger_command") < CLOSING;
}

/** The action, `most` at most, that goes on by the share of `way` that is commanded at once. */
function towards(way: number, scale: number, most = 1): number {
  const limit = Math.min(1, most);
  return Math.max(-limit, Math.min(limit, (GAIN * way) / scale));
}

/** Read `${name}_x`, `_y`, `_z`. */
export function readVector(read: Read, name: string): Vec3 {
  return [read(`${name}_x`), read(`${name}_y`), read(`${name}_z`)];
}

/** Read by how much a cube is turned against the hand, rad, from -45 to 45 degrees. */
export function quarterTurn(read: Read): number {
  return Math.atan2(read("sin_4_yaw"), read("cos_4_yaw")) / 4;
}

/** How far a square of half width `half` (m) that is turned by `turn` (rad) reaches out from its middle, m. */
export function reachOfSquare(half: number, turn: number): number {
  return half * (Math.abs(Math.cos(turn)) + Math.abs(Math.sin(turn)));
}
