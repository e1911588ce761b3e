// armgym eval
import { mergeConfig } from "../env/merge-config.js";
import { HELD_OUT_SEED } from "../rl/evaluate.js";
import { evaluatePolicy } from "../rl/evaluate-policy.js";
import { relocate } from "./packaged-modules.js";
import { RunFolder } from "./run-folder.js";
import { describeOutcome } from "./train-command.js";
import type { TrainingOutcome } from "./training-session.js";

/** Evaluate a run's best policy, print the outcome and, where no setting is overridden, keep it in evaluation.json. */
export async function evalCommand(
  path: string,
  options: {
    readonly episodes: number;
    readonly seed?: number;
    readonly json?: boolean;
    /** Overrides of the environment's config that the run was trained with. */
    readonly overrides: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const run = RunFolder.open(path);
  const { config } = run;
  const state = await run.loadCheckpoint();
  const { env, agent } = await relocate(config);
  const trained = mergeConfig(env.thing.defaults, config.envConfig, config.env);
  const firstSeed = options.seed ?? HELD_OUT_SEED;
  const summary = await evaluatePolicy({
    env: env.thing,
    agent: agent.thing,
    policy: state.best ?? state,
    settings: config.settings,
    envConfig: mergeConfig(trained, options.overrides, config.env),
    episodes: options.episodes,
    firstSeed,
    engine: config.engine,
  });
  const outcome: TrainingOutcome = {
    env: config.env,
    agent: config.agent,
    seed: config.seed,
    ...summary,
    steps: state.steps,
    minutes: state.minutes,
    stepsPerSecond: state.steps / (60 * state.minutes),
    run: run.path,
  };
  // the run's own evaluation is of the environment that it was trained for
  if (Object.keys(options.overrides).length === 0) run.saveEvaluation({ ...outcome, firstSeed });
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${describeOutcome(outcome)}\n`);
}
