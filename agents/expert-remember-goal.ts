// Solves RememberGoal-v1: note the goal while it is shown, go there.
import { readVector, type ScriptedExpert } from "./scripted-expert.js";

/** Notes the goal while it is shown, and goes there. */
export const expertRememberGoal: ScriptedExpert = {
  id: "expert-remember-goal",
  env: "RememberGoal-v1",
  description: "Notes the goal while it is shown, and goes there.",
  decide(read, { memory }) {
    const [x, y, z] = readVector(read, "tcp");
    if (read("goal_shown") > 0.5) {
      const [dx, dy, dz] = readVector(read, "goal_from_tcp_if_shown");
      [memory.x, memory.y, memory.z] = [x + dx, y + dy, z + dz];
    }
    return { aim: [memory.x! - x, memory.y! - y, memory.z! - z], open: true };
  },
};
