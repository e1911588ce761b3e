// Train a run: from its beginning, or on from its last checkpoint, to the final evaluation.
import { thousands } from "../log/progress-line.js";
import { summarize } from "../rl/evaluate.js";
import { TEST_EPISODES, TEST_SEED } from "../rl/evaluation-seeds.js";
import { unvariedEntries } from "../rl/observation-floor.js";
import { policyWeights } from "../rl/policy-model.js";
import { type TrainOptions, type TrainResult, train } from "../rl/trainer.js";
import { type Beginning, loadBeginning } from "./beginning.js";
import type { Wanted } from "./load-start.js";
import { saveBestModel } from "./model-files.js";
import { ProgressKeeper, type TrainingObserver } from "./progress-keeper.js";
import { type Rollouts, rolloutsOf } from "./rollouts-of-run.js";
import { recordRunEpisode } from "./run-episodes.js";
import type { RunFolder } from "./run-folder.js";
import { type RunInForce, runInForce } from "./run-in-force.js";
import { sayChanges } from "./settings/run-settings.js";
import { changeMeans, type TrainingMeans } from "./training-means.js";
import { outcomeOf, type TrainingOutcome } from "./training-outcome.js";

const SHOWN_EPISODES = 4;

/**
 * Train a new run from its beginning; returns undefined where the signal interrupted it.
 *
 * Throws a UsageError where another process trains the run, or where `means` cannot be.
 */
export function startTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans> = {},
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => beginTraining(folder, observer, means));
}

/**
 * Go on with an interrupted run from its last checkpoint; returns undefined where the signal interrupted it.
 *
 * Throws a UsageError where another process trains the run, or where `means` cannot be.
 */
export function resumeTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans> = {},
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => continueTraining(folder, observer, means));
}

async function whileLocked<Result>(folder: RunFolder, act: () => Promise<Result>): Promise<Result> {
  folder.lock();
  const unlock = () => folder.unlock();
  // a second Ctrl-C, or a module that ends the process
  process.on("exit", unlock);
  try {
    return await act();
  } finally {
    process.off("exit", unlock);
    unlock();
  }
}

async function beginTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans>,
): Promise<TrainingOutcome | undefined> {
  await changeMeans(folder, means, (line) => observer.progress.say(line));
  const { env, agent, seed, resolved, workers, engine, teacher, from } = folder.config;
  const way = teacher === undefined ? from && `, from ${from}` : `, teacher ${teacher}`;
  const steps = Number(resolved.settings.totalSteps);
  observer.progress.say(
    `Training ${env} by ${agent}${way ?? ""}: seed ${seed}, at most ${thousands(steps)} steps, ${plural(workers, "worker")}, engine ${engine}\n  ${folder.path}`,
  );
  const inForce = await runInForce(folder);
  const beginning = await loadBeginning(folder.config, wantedBy(inForce), folder.modules);
  return runTraining(folder, observer, inForce, beginning);
}

function wantedBy({ agent, spec, settings }: RunInForce): Wanted {
  return { agent: agent.thing, spec, settings };
}

async function continueTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  means: Partial<TrainingMeans>,
): Promise<TrainingOutcome | undefined> {
  const state = await folder.loadStateToGoOn((line) => observer.progress.say(line));
  const { env, resolved } = folder.config;
  const total = Number(resolved.settings.totalSteps);
  observer.progress.say(
    state.finished
      ? `${folder.path} is finished after ${state.steps} steps: nothing is left to train.`
      : `Going on with ${env} at step ${state.steps} of ${total}\n  ${folder.path}`,
  );
  if (folder.config.teacher !== undefined && !state.finished)
    observer.progress.say("What the student had lived through is not in a checkpoint: it collects anew.");
  const inForce = await runInForce(folder);
  // interrupted while demonstrations were cloned, or the policy to start from was validated
  const isNew = state.iteration === 0 && !state.start;
  const { demos, from } = folder.config;
  const beginning = isNew ? await loadBeginning({ demos, from }, wantedBy(inForce), folder.modules) : {};
  await changeMeans(folder, means, (line) => observer.progress.say(line));
  return runTraining(folder, observer, inForce, { resume: state, ...beginning });
}

async function runTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  inForce: RunInForce,
  beginning: Beginning & Pick<TrainOptions, "resume">,
): Promise<TrainingOutcome | undefined> {
  const { config } = folder;
  const { progress, signal } = observer;
  const { env, agent, settings, envConfig, trainEnv, changes } = inForce;
  sayChanges(folder, changes, (line) => progress.say(line));
  const rollouts = await rolloutsOf(folder, inForce, signal);
  const keeper = new ProgressKeeper(folder, observer, beginning.resume);
  // a second Ctrl-C, or something outside of any call that throws
  const tellSaved = () => progress.say(keeper.whatIsSaved());
  process.on("exit", tellSaved);
  try {
    const result = await keeper.tellingWhatIsSaved(async () => {
      const trained = await train({
        env: env.thing,
        agent: agent.thing,
        seed: config.seed,
        settings,
        envConfig,
        trainEnv,
        engine: config.engine,
        createPool: rollouts.createPool,
        onIteration: async (report) => {
          await keeper.keep(report);
          return observer.onIteration?.(report);
        },
        ...(signal ? { signal } : {}),
        ...beginning,
        ...(rollouts.teacher ? { teacher: rollouts.teacher } : {}),
      });
      progress.end();
      if (!keeper.hasSaved(trained.state)) await folder.saveCheckpoint(trained.state);
      return trained;
    });
    if (signal?.aborted && !result.state.finished) return undefined;
    // at the last step there is nothing that it could have gone on to
    const isEarly = result.endedBy === "settled" && result.state.steps < result.settings.totalSteps;
    if (isEarly && !beginning.resume?.finished) progress.say(settledText(result));
    return await measure(folder, observer, inForce, result, rollouts);
  } finally {
    await rollouts.close();
    process.off("exit", tellSaved);
  }
}

/** Measure the best policy, keep what that comes to, and record a few episodes; undefined where the signal interrupts it. */
async function measure(
  folder: RunFolder,
  { progress, signal, broadcast }: TrainingObserver,
  { spec }: RunInForce,
  { state, policy }: TrainResult,
  rollouts: Rollouts,
): Promise<TrainingOutcome | undefined> {
  progress.say(`Measuring the best policy on ${TEST_EPISODES} held-out episodes.`);
  const seeds = Array.from({ length: TEST_EPISODES }, (_, k) => TEST_SEED + k);
  const episodes = await rollouts.evaluate(policyWeights(policy), seeds);
  if (episodes.length < seeds.length) return undefined;
  const { from } = folder.config;
  const unvaried = unvariedEntries(spec.observation, policy.statistics);
  const outcome: TrainingOutcome = {
    ...outcomeOf(folder, state, summarize(episodes)),
    ...(from !== undefined && state.start && state.best
      ? { from: { run: from, before: state.start.successRate, after: state.best.successRate } }
      : {}),
    ...(unvaried.length > 0 ? { unvaried } : {}),
  };
  folder.saveEvaluation(outcome);
  // once more: a kill may have come between a checkpoint and its model, and runs of 0.1.0 have none
  if (state.best) await saveBestModel(folder, state.best);
  const bestSteps = state.best?.steps ?? state.steps;
  for (let episode = 0; episode < SHOWN_EPISODES && !signal?.aborted; episode++) {
    await recordRunEpisode(folder, policy, TEST_SEED + episode, bestSteps, broadcast);
  }
  return outcome;
}

/** Say that training ends before its last step because validation has nothing left to show. */
function settledText({ settings, state }: TrainResult): string {
  const shares = state.validated.map((share) => `${Number((100 * share).toFixed(1))} %`).join(", ");
  return (
    `Validation has settled (${shares}): training ends at step ${state.steps} of ${settings.totalSteps}. ` +
    "Set settledSuccess=2 to train to the end."
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
