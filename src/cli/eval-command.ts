// armgym eval
import { HELD_OUT_SEED } from "../rl/evaluate.js";
import { evaluatePolicy } from "../rl/evaluate-policy.js";
import { relocate } from "./packaged-modules.js";
import { RunFolder } from "./run-folder.js";
import { describeOutcome } from "./train-command.js";
import type { TrainingOutcome } from "./training-session.js";

/** Evaluate a run's best policy, print the outcome and keep it in evaluation.json. */
export async function evalCommand(
  path: string,
  options: { readonly episodes: number; readonly seed?: number; readonly json?: boolean },
): Promise<void> {
  const run = RunFolder.open(path);
  const { config } = run;
  const state = await run.loadCheckpoint();
  const { env, agent } = await relocate(config);
  const firstSeed = options.seed ?? HELD_OUT_SEED;
  const summary = await evaluatePolicy({
    env: env.thing,
    agent: agent.thing,
    policy: state.best ?? state,
    settings: config.settings,
    envConfig: config.envConfig,
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
  run.saveEvaluation({ ...outcome, firstSeed });
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${describeOutcome(outcome)}\n`);
}
