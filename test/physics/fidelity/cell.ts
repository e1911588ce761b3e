// One robot cell in either engine: scenarios are written once and played in both.
import type { Quat } from "../../../src/math/quaternion.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { BodyShape } from "../../../src/physics/bodies/body-shape.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";

/** What stands on the table. */
export interface Scene {
  readonly robot?: RobotModel;
  readonly bodies: readonly BodyShape[];
  /** Coulomb coefficient of everything; default 0.8. */
  readonly friction?: number;
}

/** Mass of every free body, kg. */
export const MASS = 0.1;

/** Where a free body is and how its centre moves. */
export interface BodyState {
  readonly position: Vec3;
  readonly quaternion: Quat;
  readonly velocity: Vec3;
}

/** A scene in one engine. */
export interface Cell {
  /** s */
  readonly timestep: number;
  /** Put free body `index` at rest or in motion; call `settle` afterwards. */
  placeBody(index: number, position: Vec3, quaternion: Quat, velocity?: Vec3): void;
  /** Put the arm at rest, one position per degree of freedom; call `settle` afterwards. */
  placeArm(jointPositions: readonly number[]): void;
  settle(): void;
  /** Set the servos' targets and feed the arm's bias forces forward, as our controllers do. */
  command(jointTargets: readonly number[]): void;
  step(): void;
  body(index: number): BodyState;
  /** Position and row-major rotation of the link that the tool is fixed on. */
  hand(): { readonly position: ArrayLike<number>; readonly rotation: ArrayLike<number> };
  /** One per degree of freedom, rad and m. */
  jointPositions(): number[];
  /** Give back memory that is not the garbage collector's. */
  free(): void;
}

/** An engine and its settings. */
export type Engine = (scene: Scene) => Cell;

/** Step for `seconds`, calling `visit` after each step with the time since the start, s. */
export function play(cell: Cell, seconds: number, visit: (time: number) => void = () => {}): void {
  const steps = Math.round(seconds / cell.timestep);
  for (let step = 1; step <= steps; step++) {
    cell.step();
    visit(step * cell.timestep);
  }
}
