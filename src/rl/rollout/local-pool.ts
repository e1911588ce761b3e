// A rollout pool without threads: everything in this one.
import type { EnvFactory } from "../../env/env.js";
import type { TeacherDefinition } from "../imitation/teacher.js";
import type { AgentDefinition } from "../policy.js";
import { rolloutBuffer } from "./rollout-buffer.js";
import { evaluationBatches, RolloutHost, type RolloutPlan, type RolloutPool } from "./rollout-host.js";

/** Make a pool that works in the calling thread. */
export async function localPool(
  plan: RolloutPlan,
  factory: EnvFactory,
  agent: AgentDefinition,
  teacher?: TeacherDefinition,
): Promise<RolloutPool> {
  const { settings } = plan;
  const indices = Array.from({ length: settings.numEnvs / settings.envsPerGroup }, (_, index) => index);
  const host = await RolloutHost.create(plan, factory, agent, indices, teacher);
  const { observationSize, actionSize, memorySize, imageSize } = plan.sizes;
  const data = indices.map(() => rolloutBuffer(settings, observationSize, actionSize, memorySize, imageSize));
  return {
    data,
    collect: async (acting, collection) => (await host.collect(acting, data, collection)).flat(),
    evaluate: async (acting, seeds) =>
      (await host.evaluate(acting, evaluationBatches(seeds, settings.envsPerGroup))).flat(),
    snapshot: async () => host.snapshot(),
    restore: async (snapshots) => host.restore(snapshots),
    close: async () => {},
  };
}
