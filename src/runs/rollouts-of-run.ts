// Where a run is rolled out: in threads or in this one, watched for environments that never come back.
import type { TeacherDefinition } from "../rl/imitation/teacher.js";
import { localPool } from "../rl/rollout/local-pool.js";
import { cancelEvaluation } from "../rl/rollout/rollout-control.js";
import type { RolloutPlan, RolloutPool } from "../rl/rollout/rollout-host.js";
import { loadTeacher } from "../rl/rollout/workers/load-teacher.js";
import { type StallWatch, watchForStalls } from "../rl/rollout/workers/stall-watch.js";
import { workerPool } from "../rl/rollout/workers/worker-pool.js";
import { locateTeacher } from "./locate-teacher.js";
import { PACKAGED } from "./own-modules.js";
import type { RunFolder } from "./run-folder.js";
import type { RunInForce } from "./run-in-force.js";

/** The pool that a training makes, kept until everything is measured. */
export interface Rollouts extends Pick<RolloutPool, "evaluate" | "close"> {
  /** The teacher that is imitated; undefined where there is none. */
  readonly teacher: TeacherDefinition | undefined;
  /** Make the pool, for `train`, which does not close it. */
  createPool(plan: RolloutPlan): Promise<RolloutPool>;
}

/** Prepare the rollouts of a run; where the signal is aborted they stop evaluating. */
export async function rolloutsOf(
  { config, modules }: RunFolder,
  { env, agent, spec }: RunInForce,
  signal?: AbortSignal,
): Promise<Rollouts> {
  const { workers } = config;
  const source =
    config.teacher === undefined ? undefined : await locateTeacher(config.teacher, spec, modules);
  const teacher = source && (await loadTeacher(source));
  // a module that ends its thread, or never comes back, then leaves this one, which hears Ctrl-C
  const isThreaded = workers > 1 || config.envModule !== PACKAGED || config.agentModule !== PACKAGED;
  const end = isThreaded ? "Ctrl-C twice ends it." : `kill -9 ${process.pid} ends it.`;
  let pool: RolloutPool | undefined;
  let watch: StallWatch | undefined;
  return {
    teacher,
    async createPool(plan) {
      const control = plan.control!;
      watch = watchForStalls(config.env, control, end);
      signal?.addEventListener("abort", () => cancelEvaluation(control));
      pool = isThreaded
        ? await workerPool(plan, env.source, agent.source, workers, source)
        : await localPool(plan, env.thing, agent.thing, teacher);
      return { ...pool, close: async () => {} };
    },
    evaluate: (acting, seeds) => pool!.evaluate(acting, seeds),
    async close() {
      await watch?.stop();
      await pool?.close();
    },
  };
}
