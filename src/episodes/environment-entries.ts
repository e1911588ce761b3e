// What of an observation tells of the environment, and not of the robot itself.
import type { EnvFactory, EnvInfo } from "../env/env.js";

/**
 * Names of the entries of `spec.observation` that the robot does not know of itself: those that are missing where pictures
 * take their place. None where the policy sees pictures, and for an environment that has no cameras.
 */
export function environmentEntries(factory: EnvFactory, spec: EnvInfo): readonly string[] {
  if (spec.image || spec.config.observationMode === undefined) return [];
  const seeing = factory.create({ ...spec.config, observationMode: "camera" });
  const own = new Set(seeing.spec.observation.map(({ name }) => name));
  seeing.close();
  return spec.observation.map(({ name }) => name).filter((name) => !own.has(name));
}
