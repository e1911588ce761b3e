// The scripted experts as a teacher: `armgym train ... --teacher expert`.
import { actorTeacher, type TeacherDefinition, UsageError } from "../src/index.js";
import { expertPolicy, type ScriptedExpert } from "./scripted-expert.js";

/** Make the teacher that takes, of `experts` by environment, the one for the environment it is asked for. */
export function expertTeacher(experts: Readonly<Record<string, ScriptedExpert>>): TeacherDefinition {
  return actorTeacher("expert", (spec) => {
    const expert = experts[spec.id];
    if (!expert) {
      const known = Object.keys(experts).join(", ");
      throw new UsageError(
        `There is no scripted expert for ${spec.id}. There are some for: ${known}. Train a policy on the state and give its run as --teacher.`,
      );
    }
    return expertPolicy(expert, spec);
  });
}
