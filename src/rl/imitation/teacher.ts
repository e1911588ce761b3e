// A teacher: computes actions from the full state, and is imitated by a policy that observes less.
import type { EnvInfo } from "../../env/env.js";
import { clippedAction } from "../../math/clipped-action.js";

/** Acts by rule: from the full state to an action. */
export type Actor = (state: Float32Array) => readonly number[];

/** Says what to do in each environment of a group. */
export interface Teacher {
  /** From full states [N * S] to actions [N * A] within [-1, 1]. */
  act(fullStates: Float32Array): Promise<Float32Array>;
}

/** Makes teachers. */
export interface TeacherDefinition {
  /** For example "expert". */
  readonly id: string;
  /** Make one for `numEnvs` environments of this spec; throws a UsageError where it cannot teach there. */
  createTeacher(spec: EnvInfo, numEnvs: number, engine: string): Promise<Teacher>;
}

/**
 * Make a teacher of rules, one actor per environment.
 *
 * @throws Nothing.
 * @example
 * const teacher = actorTeacher("still", () => () => [0, 0, 0]);
 */
export function actorTeacher(id: string, createActor: (spec: EnvInfo) => Actor): TeacherDefinition {
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
          return Float32Array.from(actions, clippedAction);
        },
      };
    },
  };
}
