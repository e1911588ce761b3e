// A trained policy as a teacher; apart from the others because it needs an engine.
import { loadEngine } from "../../compile/engines/load-engine.js";
import { RunningStatistics, type RunningStatisticsState } from "../../math/running-statistics.js";
import { UsageError } from "../../math/usage-error.js";
import type { AgentDefinition } from "../policy.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import { actingState, inference, inferenceInputs } from "../rollout/inference.js";
import { clippedAction, type TeacherDefinition } from "./teacher.js";

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
      const compiler = await loadEngine(engine, () => {});
      const compiled = await compiler.compile(inference(policy), inferenceInputs(policy, numEnvs));
      const statistics = new RunningStatistics(size);
      statistics.restore(trained.statistics);
      const acting = actingState(trained.parameters, statistics);
      return {
        act: async (fullStates) => {
          const { mean } = await compiled.run({ ...acting, observations: fullStates });
          return (mean as Float32Array).map(clippedAction);
        },
      };
    },
  };
}
