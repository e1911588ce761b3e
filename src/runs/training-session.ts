// Train a run, from the first step or its last checkpoint, to the final evaluation.
import { thousands } from "../log/progress-line.js";
import type { EpisodeRecording } from "../recording/recording.js";
import { summarize } from "../rl/evaluate.js";
import { TEST_EPISODES, TEST_SEED } from "../rl/evaluation-seeds.js";
import { unvariedEntries } from "../rl/observation-floor.js";
import { policyWeights } from "../rl/policy-model.js";
import { type TrainOptions, type TrainResult, train } from "../rl/trainer.js";
import { type ComputeOptions, setComputeOptions } from "./compute-options.js";
import { type Initialization, loadInitialization } from "./initialization.js";
import type { TrainingTarget } from "./load-start.js";
import { saveBestModel } from "./model-files.js";
import { whileLocked } from "./owned-folder.js";
import { ProgressKeeper, type TrainingObserver } from "./progress-keeper.js";
import { sayOtherVersions } from "./python-versions.js";
import { type Rollouts, rolloutsOf } from "./rollouts-of-run.js";
import { recordRunEpisode } from "./run-episodes.js";
import type { RunFolder } from "./run-folder.js";
import { type RunInForce, runInForce } from "./run-in-force.js";
import { printChanges } from "./settings/run-settings.js";
import { outcomeOf, type TrainingOutcome } from "./training-outcome.js";

const SHOWN_EPISODES = 4;

/**
 * Train a new run; returns undefined where the signal interrupted it.
 *
 * Throws a UsageError where another process trains the run, or where `compute` is not possible.
 */
export function startTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  compute: Partial<ComputeOptions> = {},
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => trainNew(folder, observer, compute));
}

/**
 * Resume an interrupted run from its last checkpoint; returns undefined where the signal interrupted it.
 *
 * Throws a UsageError where another process trains the run, or where `compute` is not possible.
 */
export function resumeTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  compute: Partial<ComputeOptions> = {},
): Promise<TrainingOutcome | undefined> {
  return whileLocked(folder, () => trainOn(folder, observer, compute));
}

async function trainNew(
  folder: RunFolder,
  observer: TrainingObserver,
  compute: Partial<ComputeOptions>,
): Promise<TrainingOutcome | undefined> {
  await setComputeOptions(folder, compute, (line) => observer.progress.say(line));
  const { env, agent, seed, resolved, workers, engine, teacher, from } = folder.config;
  const way = teacher === undefined ? from && `, from ${from}` : `, teacher ${teacher}`;
  const steps = Number(resolved.settings.totalSteps);
  observer.progress.say(
    `Training ${env} by ${agent}${way ?? ""}: seed ${seed}, at most ${thousands(steps)} steps, ${plural(workers, "worker")}, engine ${engine}\n  ${folder.path}`,
  );
  const inForce = await runInForce(folder);
  const initialization = await loadInitialization(folder.config, targetOf(inForce), folder.modules);
  return runTraining(folder, observer, inForce, initialization);
}

function targetOf({ agent, spec, settings }: RunInForce): TrainingTarget {
  return { agent: agent.thing, spec, settings };
}

async function trainOn(
  folder: RunFolder,
  observer: TrainingObserver,
  compute: Partial<ComputeOptions>,
): Promise<TrainingOutcome | undefined> {
  const state = await folder.loadStateToResume((line) => observer.progress.say(line));
  const { env, resolved } = folder.config;
  const total = Number(resolved.settings.totalSteps);
  observer.progress.say(
    state.finished
      ? `${folder.path} is finished after ${state.steps} steps: nothing is left to train.`
      : `Resuming ${env} at step ${state.steps} of ${total}\n  ${folder.path}`,
  );
  if (folder.config.teacher !== undefined && !state.finished)
    observer.progress.say("The buffer of DAgger is not in a checkpoint: it is collected again.");
  const inForce = await runInForce(folder);
  if (inForce.spec.snapshots === false && !state.finished)
    observer.progress.say(`Episodes under way in ${env} cannot be gone on with: new ones begin.`);
  // interrupted while demonstrations were cloned, or the policy to start from was validated
  const isNew = state.iteration === 0 && !state.start;
  const { demos, from } = folder.config;
  const initialization = isNew
    ? await loadInitialization({ demos, from }, targetOf(inForce), folder.modules)
    : {};
  await setComputeOptions(folder, compute, (line) => observer.progress.say(line));
  return runTraining(folder, observer, inForce, { resume: state, ...initialization });
}

async function runTraining(
  folder: RunFolder,
  observer: TrainingObserver,
  inForce: RunInForce,
  initialization: Initialization & Pick<TrainOptions, "resume">,
): Promise<TrainingOutcome | undefined> {
  const { config } = folder;
  const { progress, signal, callbacks, onIteration } = observer;
  const { env, agent, settings, envConfig, trainEnv, changes } = inForce;
  printChanges(folder, changes, (line) => progress.say(line));
  sayOtherVersions(folder, env.thing, envConfig, (line) => progress.say(line));
  const rollouts = await rolloutsOf(folder, inForce, signal);
  const actionNames = inForce.spec.action.map(({ name }) => name);
  const keeper = new ProgressKeeper(folder, observer, initialization.resume, actionNames);
  // a second Ctrl-C, or something outside of any call that throws
  const reportSaved = () => progress.say(keeper.describeSaved());
  process.on("exit", reportSaved);
  try {
    const result = await keeper.withSavedState(async () => {
      const trained = await train({
        env: env.thing,
        agent: agent.thing,
        seed: config.seed,
        settings,
        envConfig,
        trainEnv,
        engine: config.engine,
        createPool: rollouts.createPool,
        keep: (report) => keeper.keep(report),
        ...(callbacks ? { callbacks } : {}),
        ...(onIteration ? { onIteration } : {}),
        ...(signal ? { signal } : {}),
        ...initialization,
        ...(rollouts.teacher ? { teacher: rollouts.teacher } : {}),
      });
      progress.end();
      if (!keeper.hasSaved(trained.state)) await folder.saveCheckpoint(trained.state);
      return trained;
    });
    if (signal?.aborted && !result.state.finished) return undefined;
    // at the last step there is nothing that it could have gone on to
    const isEarly = result.endedBy === "settled" && result.state.steps < result.settings.totalSteps;
    if (isEarly && !initialization.resume?.finished) progress.say(settledText(result));
    const outcome = await measure(folder, observer, inForce, result, rollouts);
    if (!outcome) return undefined;
    const [shown] = await recordShown(folder, observer, result);
    // of a run that was finished before it is written already
    if (!initialization.resume?.finished) keeper.finish(result.state.steps, shown);
    return outcome;
  } finally {
    await rollouts.close();
    process.off("exit", reportSaved);
  }
}

/** Evaluate the best policy and write the outcome; undefined where the signal interrupts it. */
async function measure(
  folder: RunFolder,
  { progress }: TrainingObserver,
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
  return outcome;
}

/** Record a few episodes of the best policy; fewer where the signal interrupts it. */
async function recordShown(
  folder: RunFolder,
  { signal, broadcast }: TrainingObserver,
  { state, policy }: TrainResult,
): Promise<readonly EpisodeRecording[]> {
  const bestSteps = state.best?.steps ?? state.steps;
  const shown: EpisodeRecording[] = [];
  for (let episode = 0; episode < SHOWN_EPISODES && !signal?.aborted; episode++) {
    const { recording } = await recordRunEpisode(folder, policy, TEST_SEED + episode, bestSteps, broadcast);
    shown.push(recording);
  }
  return shown;
}

/** Describe why training ends before its last step. */
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
