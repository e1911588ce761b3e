// armgym eval
import { RunningStatistics } from "../math/running-statistics.js";
import { HELD_OUT_SEED, summarize } from "../rl/evaluate.js";
import { actingState } from "../rl/inference.js";
import { evaluationBatches, RolloutHost } from "../rl/rollout-host.js";
import { resolveSettings } from "../rl/trainer.js";
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
  const policy = state.best ?? state;
  const { env, agent } = await relocate(config);
  const settings = resolveSettings(agent.thing, config.env, config.settings);
  const plan = {
    settings,
    seed: config.seed,
    trainEnv: config.envConfig,
    evalEnv: config.envConfig,
    engine: config.engine,
  };
  const host = await RolloutHost.create(plan, env.thing, agent.thing, []);
  const statistics = new RunningStatistics(policy.statistics.mean.length);
  statistics.restore(policy.statistics);
  const first = options.seed ?? HELD_OUT_SEED;
  const seeds = Array.from({ length: options.episodes }, (_, k) => first + k);
  const batches = evaluationBatches(seeds, settings.groupSize);
  const episodes = (await host.evaluate(actingState(policy.parameters, statistics), batches)).flat();
  const outcome: TrainingOutcome = {
    env: config.env,
    agent: config.agent,
    seed: config.seed,
    ...summarize(episodes),
    steps: state.steps,
    minutes: state.minutes,
    stepsPerSecond: state.steps / (60 * state.minutes),
    run: run.path,
  };
  run.saveEvaluation({ ...outcome, firstSeed: first });
  process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : `${describeOutcome(outcome)}\n`);
}
