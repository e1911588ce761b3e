// How a robot cell is built, and what its options may be.

import {
  type NumberRange,
  rangeUnit,
  requireInRange,
  type SettingRanges,
} from "../env/settings/setting-range.js";
import { UsageError } from "../math/usage-error.js";
import type { FixtureOptions } from "../physics/bodies/fixture.js";
import type { BoxOptions, FreeBodyOptions } from "../physics/bodies/free-body.js";
import type { ControllerOptions, ControlMode } from "../robots/control/controller.js";
import type { Color } from "../scene/scene.js";
import type { Area } from "./area.js";
import type { CellRobot } from "./cell-robots.js";
import type { MechanismOptions } from "./parts/mechanism.js";

/** Most solver sweeps per step and the velocity change (m/s) below which they end. */
export interface SolverSettings {
  /** Sweeps per physics step at most; default 20. */
  readonly iterations: number;
  /** Velocity change below which sweeps end, m/s; default 1e-5. */
  readonly tolerance: number;
}

/** How a cell is built. */
export interface RobotCellOptions extends ControllerOptions {
  /** Id of the robot, or its data as JSON. */
  readonly robot: string;
  /** Several robots instead of that one, each with a name and a place of its own; their actions follow one another in this order. */
  readonly robots?: readonly CellRobot[];
  /** What actions command. */
  readonly controlMode: ControlMode;
  /** Hz */
  readonly physicsRate: number;
  /** Hz; divides `physicsRate`. */
  readonly controlRate: number;
  /** How contacts and friction are solved. */
  readonly solver: SolverSettings;
  /** Whether links of the arm that are not neighbours stop each other; default true. */
  readonly selfCollision?: boolean;
  /** Free boxes. */
  readonly boxes?: readonly (BoxOptions & { readonly color: Color })[];
  /** Free bodies of other shapes. */
  readonly objects?: readonly (FreeBodyOptions & { readonly color: Color })[];
  /** Boxes that nothing moves but a reset: the walls of a bin, a shelf. */
  readonly fixtures?: readonly (FixtureOptions & { readonly color: Color })[];
  /** Jointed things beside the arm, which needs `selfCollision` to touch them. */
  readonly mechanisms?: readonly MechanismOptions[];
  /** Coulomb coefficient of the table (of two touching bodies the greater counts) and how far ahead of the arm it is drawn, m. */
  readonly table?: { readonly friction?: number; readonly ahead?: number };
  /** Contacts are made while surfaces are still this far apart, m; default 0.0005. Hits need their speed times the time step. */
  readonly contactMargin?: number;
  /** A sphere that marks the goal, where there is one, or the object that is `marked`; `seenInFirst`: see `SceneEntity`. */
  readonly goal?: { readonly radius: number; readonly color: Color; readonly seenInFirst?: number };
  /** Areas to be drawn: where things start, where goals lie. */
  readonly areas?: readonly Area[];
}

const LENGTH: NumberRange = { above: 0, most: 100, unit: "m" };
const PLACE: NumberRange = { least: -100, most: 100, unit: "m" };
const COEFFICIENT: NumberRange = { least: 0, most: 100 };

const CELL_RANGES: SettingRanges = {
  controlRate: { least: 1, most: 1000, unit: "Hz" },
  physicsRate: { least: 1, most: 20_000, unit: "Hz" },
  "solver.iterations": { least: 1, most: 1000, whole: true },
  "solver.tolerance": { least: 0, most: 1, unit: "m/s" },
  "table.friction": COEFFICIENT,
  "table.ahead": LENGTH,
  contactMargin: { least: 0, most: 1.2, unit: "m" },
  "goal.radius": LENGTH,
  "workspace.low": PLACE,
  "workspace.high": PLACE,
};

/** Name the unit of a robot cell's option by its path; undefined for one without a unit, and for what is no option of a cell. */
export function cellUnit(path: string): string | undefined {
  return rangeUnit(CELL_RANGES, path);
}

/** Of boxes, objects and fixtures. */
const BODY_RANGES: SettingRanges = {
  mass: { above: 0, most: 10_000, unit: "kg" },
  friction: COEFFICIENT,
  patchRadius: { least: 0, most: 1, unit: "m" },
  rollingResistance: { least: 0, most: 1, unit: "m" },
  halfExtents: LENGTH,
  "shape.halfExtents": LENGTH,
  "shape.radius": LENGTH,
  "shape.length": { least: 0, most: 100, unit: "m" },
  "shape.points": PLACE,
  position: PLACE,
  quaternion: { least: -1.001, most: 1.001 },
};

/** Throw a UsageError where an option is missing or out of its range. */
export function requireCellOptions(options: RobotCellOptions): void {
  for (const name of ["physicsRate", "controlRate", "solver"] as const) {
    if (options[name] !== undefined && options[name] !== null) continue;
    throw new UsageError(
      `${name} is missing. Give a robot cell the whole config: new RobotCell({ ...config, ... }), with CELL_DEFAULTS in the environment's defaults.`,
    );
  }
  requireInRange(options, CELL_RANGES, (path) => path);
  for (const list of ["boxes", "objects", "fixtures"] as const) {
    for (const [index, body] of (options[list] ?? []).entries())
      requireInRange(body, BODY_RANGES, (path) => `${list}[${index}].${path} ("${body.name}")`);
  }
}
