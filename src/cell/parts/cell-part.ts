// What a robot cell is made of: parts, of which each draws, steps and stores what is its own.
import type { DrawnValues } from "../../env/simulation.js";
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { WorldSnapshot } from "../../physics/world-snapshot.js";
import type { ControllerSnapshot } from "../../robots/control/controller.js";
import { POSE_SIZE, type SceneEntity, type SceneJoint } from "../../scene/scene.js";
import type { LateActionsSnapshot } from "./late-actions.js";

/** A part of a cell: whatever it does not have to do it leaves out. */
export interface CellPart {
  /** Return what it is drawn as now; sizes may change between episodes. */
  entities?(): readonly SceneEntity[];
  /** Write the pose of each of the entities from `out[offset]` on; returns the offset behind the last. */
  poses?(out: Float64Array, offset: number): number;
  /** Return what joins its entities. */
  joints?(): readonly SceneJoint[];
  /** Take the properties drawn for an episode, before anything is placed. */
  vary?(values: DrawnValues): void;
  /** Begin a control step with an action. */
  beginStep?(action: Float32Array): void;
  /** Act before each physics step. */
  beforeSubstep?(): void;
  /** End a control step. */
  endStep?(): void;
  /** Copy its own fields of a snapshot of the cell. */
  snapshot?(): Partial<CellSnapshot>;
  /** Become what its own fields of `snapshot` were; the episode's properties and the parts before it have been restored. */
  restore?(snapshot: CellSnapshot): void;
}

/** What of a cell's state is that of one arm. */
export type ArmSnapshot = Pick<CellSnapshot, "controller" | "lateActions" | "stepsHeld">;

/** State of a cell as plain data; each field is that of one part. */
export interface CellSnapshot {
  /** All that physics moves: the arm, mechanisms, bodies, fixtures, and the contacts between them. */
  readonly world: WorldSnapshot;
  /** Properties drawn for the episode. */
  readonly values: DrawnValues;
  readonly controller: ControllerSnapshot;
  readonly lateActions: LateActionsSnapshot;
  readonly stepsHeld: number;
  /** The same three of each further arm; missing where there is none. */
  readonly otherArms?: readonly ArmSnapshot[];
  readonly goal: Float64Array;
  readonly marked: number;
}

/** Write one pose from `out[offset]` on; returns the offset behind it. */
export function writePose(
  out: Float64Array,
  offset: number,
  position: ArrayLike<number>,
  quaternion: ArrayLike<number> = IDENTITY_QUATERNION,
): number {
  out.set(position, offset);
  out.set(quaternion, offset + 3);
  return offset + POSE_SIZE;
}
