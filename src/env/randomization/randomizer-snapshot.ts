// The state of what randomises an environment, as plain data.
import type { RandomState } from "../../math/random.js";
import type { Observation } from "../observation.js";
import type { DrawnValues } from "../simulation.js";

/** What is observed of an environment: numbers and, where it has cameras, an image. */
export type Seen = Pick<Observation, "state" | "image">;

/** State of a randomiser as plain data. */
export interface RandomizerSnapshot {
  readonly streams: Readonly<Record<string, RandomState>>;
  readonly values: DrawnValues;
  /** Undisturbed observations, the oldest first. */
  readonly history: readonly Seen[];
  /** The last observation. */
  readonly seen: Seen;
}
