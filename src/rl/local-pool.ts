// A rollout pool without threads: everything in this one.
import type { EnvFactory } from "../env/env.js";
import type { AgentDefinition } from "./policy.js";
import { rolloutData } from "./rollout-group.js";
import { evaluationBatches, RolloutHost, type RolloutPlan, type RolloutPool } from "./rollout-host.js";

/** Make a pool that works in the calling thread. */
export async function localPool(
  plan: RolloutPlan,
  factory: EnvFactory,
  agent: AgentDefinition,
): Promise<RolloutPool> {
  const { settings } = plan;
  const indices = Array.from({ length: settings.numEnvs / settings.groupSize }, (_, index) => index);
  const host = await RolloutHost.create(plan, factory, agent, indices);
  const { spec } = factory.create(plan.evalEnv);
  const data = indices.map(() =>
    rolloutData(settings, spec.observation.length, spec.action.length, plan.memorySize),
  );
  return {
    data,
    collect: async (acting) => (await host.collect(acting, data)).flat(),
    evaluate: async (acting, seeds) =>
      (await host.evaluate(acting, evaluationBatches(seeds, settings.groupSize))).flat(),
    snapshot: async () => host.snapshot(),
    restore: async (snapshots) => host.restore(snapshots),
    close: async () => {},
  };
}
