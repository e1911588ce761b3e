// What an environment simulates: the part that acts, and can be drawn and stored.
import type { Random } from "../math/random.js";
import type { ContactPoint } from "../scene/contact-point.js";
import type { Perturbation } from "../scene/perturbation.js";
import type { SceneDescription } from "../scene/scene.js";
import type { CameraSettings } from "../sensors/camera/camera-config.js";
import type { ActionEntry } from "../spaces/action-entry.js";

/** Numbers drawn for an episode, by the name of what is randomised. */
export type DrawnValues = Readonly<Record<string, readonly number[]>>;

/** Lower and upper limit of a joint, rad or m; infinite where there is none. */
export type JointLimits = readonly [lower: number, upper: number];

/** Actual and commanded pose of the tool centre point: x y z (m) and a quaternion x y z w. */
export interface ToolPoses {
  /** Where it is. */
  readonly tool: readonly number[];
  /** Missing where the control mode commands no pose. */
  readonly commanded?: readonly number[];
  /** Scene entities that move with the tool. */
  readonly links: readonly string[];
}

/** The mutable world behind an environment; `RobotCell` is the one with an arm in it. */
export interface Simulation {
  /** What it takes; where an entry's bounds are not -1 and 1, actions of the environment, which are, are scaled to them. */
  readonly actionEntries: readonly ActionEntry[];
  /** Name of the robot; default "none". */
  readonly robot?: string;
  /** Default "none". */
  readonly controlMode?: string;
  /** Control steps per second; default 1. */
  readonly controlRate?: number;
  /** Physics steps per second; default 1. */
  readonly physicsRate?: number;
  /** Names in the order of `jointPositions`; default none. */
  readonly jointNames?: readonly string[];
  /** Deepest overlap of two shapes in the last control step, m; 0 after a reset. */
  readonly deepestPenetration?: number;
  /** Act for one control step; each entry lies within the bounds that `actionEntries` gives it. */
  step(action: Float32Array): void;
  /** Copy everything that decides what comes next, as plain data. */
  snapshot(): unknown;
  /** Physical properties that can be randomised: how many numbers each takes, by name. */
  readonly variable?: Readonly<Record<string, number>>;
  /** Take the properties drawn for the next episode; called before its reset. */
  vary?(values: DrawnValues): void;
  /** Push the free body `index` by an impulse along x and y, N s. */
  push?(index: number, impulse: readonly [number, number]): void;
  /** Pull, move the goal, change masses and friction: a pull ends with the next control step, all else stays. */
  perturb?(perturbation: Perturbation): void;
  /** After a reset: put robot and objects where they can be in an episode, for pictures to pre-train encoders on. */
  sampleScene?(random: Random): void;
  restore(snapshot: never): void;
  scene?(): SceneDescription;
  poses?(out: Float64Array): void;
  /** Cameras that a config may name. */
  cameras?(): Readonly<Record<string, CameraSettings>>;
  contacts?(): ContactPoint[];
  jointPositions?(): Float64Array;
  jointLimits?(): readonly JointLimits[];
  toolPoses?(): ToolPoses | undefined;
}
