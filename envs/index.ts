// All environments that come with armgym.
import type { EnvFactory } from "../src/env/env.js";
import { pickPlace } from "./pick-place.js";
import { reach } from "./reach.js";

export { CELL_DEFAULTS } from "./cell-config.js";
export { gripperObservation, toolObservation, vectorEntries } from "./observations.js";

/** Environments by id. */
export const envs = {
  "Reach-v1": reach,
  "PickPlace-v1": pickPlace,
} as const satisfies Readonly<Record<string, EnvFactory>>;
