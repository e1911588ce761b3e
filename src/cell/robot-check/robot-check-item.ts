// One line of the check of a robot, and how its numbers are written.

/** One thing that a robot was tried at. */
export interface RobotCheckItem {
  /** What is tried, in words. */
  readonly name: string;
  /** "skip": it does not apply to the robot, or cannot be tried before another line passes. */
  readonly status: "pass" | "fail" | "skip";
  /** What was measured, and what was asked for. */
  readonly measured: string;
  /** What to change, in a sentence; empty where nothing is to be changed. */
  readonly advice: string;
  /** What was measured as a number, where it is one: m, or a share. */
  readonly value?: number;
}

/** Make a line that passes, or fails with `advice`. */
export function judged(name: string, passes: boolean, measured: string, advice: string): RobotCheckItem {
  return { name, status: passes ? "pass" : "fail", measured, advice: passes ? "" : advice };
}

/** Make a line that was not tried. */
export function skipped(name: string, why: string): RobotCheckItem {
  return { name, status: "skip", measured: why, advice: "" };
}

/** Write a length in mm: two digits where it is small. */
export function millimetres(metres: number): string {
  const value = 1000 * metres;
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)} mm`;
}

/** Write a length in cm. */
export function centimetres(metres: number): string {
  return `${Number((100 * metres).toFixed(1))} cm`;
}
