// Measure a run's best policy.
import { mergeConfig } from "../env/settings/merge-config.js";
import { optionText } from "../math/usage-error.js";
import { evaluatePolicy } from "../rl/evaluate-policy.js";
import { TEST_EPISODES, TEST_SEED } from "../rl/evaluation-seeds.js";
import { relocate } from "./packaged-modules.js";
import { sayOtherVersions } from "./python-versions.js";
import type { RunFolder } from "./run-folder.js";
import { printChanges, settingsInForce } from "./settings/run-settings.js";
import { outcomeOf, type TrainingOutcome } from "./training-outcome.js";

/** What a run's best policy is measured on. */
export interface EvaluateRunOptions {
  /** Default 200. */
  readonly episodes?: number;
  /** Seed of the first episode; the others follow it. Default: the held-out seeds. */
  readonly firstSeed?: number;
  /** Overrides of the environment's config that the run was trained with. */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** Measure on the environment as it is today, with its defaults of today; default false. */
  readonly currentDefaults?: boolean;
  /** Aborted, the evaluation ends with the batch of episodes under way: fewer than asked for count. */
  readonly signal?: AbortSignal;
}

/**
 * Measure a run's best policy; by default on 200 held-out episodes, in the environment that it was trained for.
 *
 * `say` gets a line where today's defaults differ from the run's.
 */
export async function evaluateRun(
  run: RunFolder,
  options: EvaluateRunOptions,
  say: (line: string) => void = () => {},
): Promise<TrainingOutcome> {
  const { config } = run;
  const state = await run.loadCheckpoint(say);
  const { env, agent } = await relocate(run);
  const { settings, envConfig, changes } = options.currentDefaults
    ? { ...config, changes: [] }
    : settingsInForce(
        run,
        env.thing,
        agent.thing,
        `Restore its module, or measure on today's: ${optionText("currentDefaults")}`,
      );
  printChanges(run, changes, say);
  sayOtherVersions(run, env.thing, envConfig, say);
  const trained = mergeConfig(env.thing.defaults, envConfig, config.env);
  const summary = await evaluatePolicy({
    env: env.thing,
    agent: agent.thing,
    policy: state.best ?? state,
    settings: { ...settings },
    envConfig: mergeConfig(trained, options.envConfig ?? {}, config.env),
    episodes: options.episodes ?? TEST_EPISODES,
    firstSeed: options.firstSeed ?? TEST_SEED,
    engine: config.engine,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return outcomeOf(run, state, summary);
}
