// Who teaches: the environment's scripted expert, or the policy of a run that reads the full state.
import type { EnvInfo } from "../env/env.js";
import { UsageError } from "../math/usage-error.js";
import type { TeacherSource } from "../rl/rollout/workers/load-teacher.js";
import { actionsDifference, namesDifference } from "./layout-difference.js";
import { AGENTS_MODULE } from "./packaged-modules.js";
import { RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";

/** The name that stands for the environment's scripted expert. */
export const EXPERT = "expert";

/**
 * Find a teacher for environments of this spec: "expert", or the folder of a run, with `modules` of the user's own to find its
 * environment in. Throws a UsageError where it cannot teach there.
 */
export async function locateTeacher(
  teacher: string,
  spec: EnvInfo,
  modules: readonly string[] = [],
): Promise<TeacherSource> {
  if (teacher === EXPERT) return { name: EXPERT, source: { module: AGENTS_MODULE, id: EXPERT } };
  const run = RunFolder.open(teacher, modules);
  const { agent, settings, spec: theirs } = await runInForce(run);
  const wrong = (what: string, got: string, expected: string) =>
    new UsageError(
      `The teacher ${teacher} has the ${what} "${got}"; training is set to "${expected}". Give a run that was trained as this one is to be, on the state.`,
    );
  for (const [what, got, expected] of [
    ["environment", theirs.id, spec.id],
    ["robot", theirs.robot, spec.robot],
    ["control mode", theirs.controlMode, spec.controlMode],
  ] as const)
    if (got !== expected) throw wrong(what, got, expected);
  if (theirs.image) throw wrong("observation mode", String(theirs.config.observationMode), "state");
  const difference =
    namesDifference("observation", theirs.observation, spec.privileged ?? spec.observation) ??
    actionsDifference(theirs.action, spec.action);
  if (difference) throw wrong(difference.what, difference.theirs, difference.ours);
  const state = await run.loadCheckpoint();
  const { parameters, statistics } = state.best ?? state;
  return { name: teacher, source: agent.source, trained: { parameters, statistics, settings } };
}
