// Who knows what to do from the full state, and is imitated by a policy that sees less.
import { loadEngine } from "../compile/engine.js";
import type { EnvSpec } from "../env/env.js";
import { RunningStatistics, type RunningStatisticsState } from "../math/running-statistics.js";
import { UsageError } from "../math/usage-error.js";
import type { Actor } from "./demonstrate.js";
import { actingState, inference, inferenceInputs } from "./inference.js";
import type { AgentDefinition } from "./policy.js";
import type { PpoSettings } from "./ppo-settings.js";

/** Says what to do in each environment of a group. */
export interface Teacher {
  /** From full states [N * S] to actions [N * A] within [-1, 1]. */
  act(fullStates: Float32Array): Promise<Float32Array>;
}

/** Makes teachers. */
export interface TeacherDefinition {
  readonly id: string;
  /** Make one for `numEnvs` environments of this spec; throws a UsageError where it cannot teach there. */
  createTeacher(spec: EnvSpec, numEnvs: number, engine: string): Promise<Teacher>;
}

/** Make a teacher of rules, one actor per environment. */
export function actorTeacher(id: string, createActor: (spec: EnvSpec) => Actor): TeacherDefinition {
  return {
    id,
    createTeacher: async (spec, numEnvs) => {
      const actors = Array.from({ length: numEnvs }, () => createActor(spec));
      return {
        act: async (fullStates) => {
          const size = fullStates.length / numEnvs;
          const actions = actors.flatMap((actor, i) => [
            ...actor(fullStates.subarray(i * size, (i + 1) * size)),
          ]);
          return Float32Array.from(actions, clip);
        },
      };
    },
  };
}

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
          return (mean as Float32Array).map(clip);
        },
      };
    },
  };
}

function clip(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
