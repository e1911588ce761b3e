// Settings that are given by name alone: which of them are the agent's, and which the environment's.
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { presentName } from "../../rl/ppo/renamed-settings.js";

interface KnownKeys {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Send each override where its key is known: to the agent, or to the environment. Throws a UsageError for any other. */
export function sortOverrides(
  overrides: Readonly<Record<string, unknown>>,
  agent: KnownKeys,
  env: KnownKeys,
): [Record<string, unknown>, Record<string, unknown>] {
  const settings: Record<string, unknown> = {};
  const envConfig: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(overrides)) {
    if (agent.keys.includes(key)) settings[key] = value;
    else if (env.keys.includes(key)) envConfig[key] = value;
    else if (agent.keys.includes(presentName(key))) settings[key] = value;
    else {
      const hint = didYouMean(key, [...agent.keys, ...env.keys]);
      const has = ({ name, keys }: KnownKeys) => `${name} has: ${keys.join(", ")}.`;
      throw new UsageError(`Unknown setting "${key}". ${hint}${has(env)} ${has(agent)}`);
    }
  }
  return [settings, envConfig];
}
