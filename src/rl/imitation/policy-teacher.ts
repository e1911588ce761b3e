// A trained policy as a teacher; apart from the others because it needs an engine.
import { loadEngine } from "../../compile/engines/load-engine.js";
import { clippedAction } from "../../math/clipped-action.js";
import type { RunningStatisticsState } from "../../math/running-statistics.js";
import { UsageError } from "../../math/usage-error.js";
import type { AgentDefinition } from "../policy.js";
import { policyRunner, policyWeights } from "../policy-model.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import type { TeacherDefinition } from "./teacher.js";

/** Make a teacher of a trained policy that reads the full state; it acts by its mean. */
export function policyTeacher(
  id: string,
  agent: AgentDefinition,
  trained: { readonly parameters: Float32Array; readonly statistics: RunningStatisticsState },
  settings: PpoSettings,
): TeacherDefinition {
  return {
    id,
    createTeacher: async (spec, numEnvs, engine) => {
      const size = (spec.privileged ?? spec.observation).length;
      const policy = agent.createPolicy(size, spec.action.length, settings);
      if (policy.memory)
        throw new UsageError(`The teacher ${id} has a memory; only a policy without one can teach.`);
      const runner = await policyRunner(policy, await loadEngine(engine, () => {}), numEnvs);
      runner.load(policyWeights(trained));
      return {
        act: async (fullStates) => {
          const { mean } = await runner.predict({ observation: fullStates });
          return (mean as Float32Array).map(clippedAction);
        },
      };
    },
  };
}
