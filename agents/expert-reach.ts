// Solves Reach-v1: go to the goal.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Goes straight to the goal. */
export const expertReach: ScriptedExpert = {
  id: "expert-reach",
  env: "Reach-v1",
  description: "Goes straight to the goal.",
  decide: (read) => ({ aim: readVector(read, "goal_from_tcp"), open: true }),
};
