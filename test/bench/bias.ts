// What becomes of a trained policy whose lengths are measured a little off, all of them, and those that never varied.

import { mergeConfig } from "../../src/env/settings/merge-config.js";
import { evaluatePolicy } from "../../src/rl/evaluate-policy.js";
import { unvariedEntries } from "../../src/rl/observation-floor.js";
import { relocate } from "../../src/runs/packaged-modules.js";
import type { RunFolder } from "../../src/runs/run-folder.js";
import { biasedEnv } from "./biased-env.js";

/** m */
const BIASES = [0.001, 0.003];
/** The same held-out episodes as without a bias. */
const EPISODES = 200;

/** Success with a bias, and what it is on. */
export interface BiasedSuccess {
  /** For a row's title: "every length off by 1 mm". */
  readonly what: string;
  readonly successRate: number;
}

/**
 * Measure the best policy of a run with every observed length off by 1 and by 3 mm, and with each single one that never
 * varied in training; signs are drawn per entry and episode.
 */
export async function biasedSuccess(
  folder: RunFolder,
  overrides: Readonly<Record<string, unknown>>,
): Promise<BiasedSuccess[]> {
  const { config } = folder;
  const state = await folder.loadCheckpoint();
  const policy = state.best ?? state;
  const { env, agent } = await relocate(folder);
  const trained = mergeConfig(env.thing.defaults, config.envConfig, config.env);
  const envConfig = mergeConfig(trained, overrides, config.env);
  const { observation } = env.thing.create(envConfig).spec;
  const still = unvariedEntries(observation, policy.statistics).flatMap(({ name, unit }) =>
    unit === "m" ? [name] : [],
  );
  const results: BiasedSuccess[] = [];
  for (const names of [undefined, ...still]) {
    for (const bias of BIASES) {
      const { successRate } = await evaluatePolicy({
        env: biasedEnv(env.thing, bias, ({ unit, name }) => unit === "m" && name === (names ?? name)),
        agent: agent.thing,
        policy,
        settings: config.settings,
        envConfig,
        episodes: EPISODES,
        engine: config.engine,
      });
      const which = names === undefined ? "every length" : `${names}, which never varied,`;
      results.push({ what: `${which} off by ${1000 * bias} mm`, successRate });
    }
  }
  return results;
}
