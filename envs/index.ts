// All environments that come with armgym.
import type { EnvFactory } from "../src/index.js";
import { binPick } from "./bin-pick.js";
import { drawer } from "./drawer.js";
import { handover } from "./handover.js";
import { hiddenMass } from "./hidden-mass.js";
import { lift } from "./lift.js";
import { occluded } from "./occluded.js";
import { pegInsert } from "./peg-insert.js";
import { pickPlace } from "./pick-place.js";
import { push } from "./push.js";
import { reach } from "./reach.js";
import { rememberGoal } from "./remember-goal.js";
import { slide } from "./slide.js";
import { sort } from "./sort.js";
import { stack } from "./stack.js";
import { stackTower } from "./stack-tower.js";

export { CELL_DEFAULTS, gripperObservation, toolObservation, vectorEntries } from "../src/index.js";

/** Environments by id. */
export const envs = {
  "Reach-v1": reach,
  "Lift-v1": lift,
  "Push-v1": push,
  "PickPlace-v1": pickPlace,
  "Stack-v1": stack,
  "StackTower-v1": stackTower,
  "Sort-v1": sort,
  "RememberGoal-v1": rememberGoal,
  "Slide-v1": slide,
  "Drawer-v1": drawer,
  "Occluded-v1": occluded,
  "PegInsert-v1": pegInsert,
  "BinPick-v1": binPick,
  "HiddenMass-v1": hiddenMass,
  "Handover-v1": handover,
} as const satisfies Readonly<Record<string, EnvFactory>>;
