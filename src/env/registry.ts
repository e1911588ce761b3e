// Find an environment by its id.
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { EnvFactory } from "./env.js";

/** Return the factory with `id`; throws a UsageError with the nearest id where there is none. */
export function findEnv(envs: Readonly<Record<string, EnvFactory>>, id: string): EnvFactory {
  if (Object.hasOwn(envs, id)) return envs[id]!;
  if (id.startsWith("gym:"))
    throw new UsageError(
      `${id} is an environment of Python's Gymnasium and runs in Python: it can be trained and evaluated in Node, and neither be run in a page nor continued live.`,
    );
  throw new UsageError(`Unknown env "${id}". ${didYouMean(id, Object.keys(envs))}Run "armgym list".`);
}
