// Load a teacher, in the main thread and in workers alike.
import type { RunningStatisticsState } from "../../../math/running-statistics.js";
import { policyTeacher } from "../../imitation/policy-teacher.js";
import type { TeacherDefinition } from "../../imitation/teacher.js";
import type { PpoSettings } from "../../ppo/ppo-settings.js";
import { isAgent, loadFromModule, type ModuleSource } from "./load-module.js";

/** Where a teacher comes from, as plain data. */
export interface TeacherSource {
  /** What to call it in messages. */
  readonly name: string;
  /** Module of the teacher; of the agent where the teacher is a trained policy. */
  readonly source: ModuleSource;
  /** The policy that teaches, where it is one. */
  readonly trained?: {
    readonly parameters: Float32Array;
    readonly statistics: RunningStatisticsState;
    readonly settings: PpoSettings;
  };
}

/** Load the teacher of `source`. */
export async function loadTeacher({ name, source, trained }: TeacherSource): Promise<TeacherDefinition> {
  if (!trained) return loadFromModule(source, isTeacher, "teacher");
  const agent = await loadFromModule(source, isAgent, "agent");
  return policyTeacher(name, agent, trained, trained.settings);
}

function isTeacher(value: unknown): value is TeacherDefinition {
  return typeof value === "object" && value !== null && "id" in value && "createTeacher" in value;
}
