// What the options of a robot cell may be.

import { type NumberRange, requireInRange, type SettingRanges } from "../env/settings/setting-range.js";
import { UsageError } from "../math/usage-error.js";
import type { RobotCellOptions } from "./robot-cell.js";

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
