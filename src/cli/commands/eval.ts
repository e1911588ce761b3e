// armgym eval
import { mergeConfig } from "../../env/settings/merge-config.js";
import { HELD_OUT_SEED } from "../../rl/evaluate.js";
import { evaluatePolicy } from "../../rl/evaluate-policy.js";
import { relocate } from "../../runs/packaged-modules.js";
import { RunFolder } from "../../runs/run-folder.js";
import { sayChanges, settingsInForce } from "../../runs/run-settings.js";
import type { TrainingOutcome } from "../../runs/training-session.js";
import { describeOutcome } from "./train.js";

interface EvalOptions {
  readonly episodes: number;
  readonly seed?: number;
  /** Modules of the user's own to find the run's environment in. */
  readonly modules?: readonly string[];
  /** Overrides of the environment's config that the run was trained with. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Measure on the environment as it is today, with its defaults of today. */
  readonly currentDefaults?: boolean;
}

/** Evaluate a run's best policy, print the outcome and, where no setting is overridden, keep it in evaluation.json. */
export async function evalCommand(
  path: string,
  options: EvalOptions & { readonly json?: boolean },
): Promise<void> {
  const run = RunFolder.open(path, options.modules);
  const outcome = await evaluateRun(run, options, (line) => process.stderr.write(`${line}\n`));
  // first: where the run cannot be written, the figures are not lost
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${describeOutcome(outcome)}\n`);
  // the run's own evaluation is of the environment that it was trained for
  if (!options.currentDefaults && Object.keys(options.overrides).length === 0)
    run.saveEvaluation({ ...outcome, firstSeed: options.seed ?? HELD_OUT_SEED });
}

/** Measure a run's best policy; by default on the held-out seeds, in the environment that it was trained for. */
export async function evaluateRun(
  run: RunFolder,
  options: EvalOptions,
  say: (line: string) => void = () => {},
): Promise<TrainingOutcome> {
  const { config } = run;
  const state = await run.loadCheckpoint();
  const { env, agent } = await relocate(run);
  const way = "Restore its module, or measure on today's: --current-defaults";
  const { settings, envConfig, changes } = options.currentDefaults
    ? { ...config, changes: [] }
    : settingsInForce(run, env.thing, agent.thing, way);
  sayChanges(run, changes, say);
  const trained = mergeConfig(env.thing.defaults, envConfig, config.env);
  const summary = await evaluatePolicy({
    env: env.thing,
    agent: agent.thing,
    policy: state.best ?? state,
    settings: { ...settings },
    envConfig: mergeConfig(trained, options.overrides, config.env),
    episodes: options.episodes,
    firstSeed: options.seed ?? HELD_OUT_SEED,
    engine: config.engine,
  });
  return {
    env: config.env,
    agent: config.agent,
    seed: config.seed,
    ...summary,
    steps: state.steps,
    minutes: state.minutes,
    stepsPerSecond: state.steps / (60 * state.minutes),
    run: run.path,
  };
}
