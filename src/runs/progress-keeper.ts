// The output of a training, iteration by iteration: progress, metrics, episodes and checkpoints in the run's folder.

import { DivergenceError } from "../learn/divergence.js";
import { MetricFiles } from "../log/metric-files.js";
import { type Progress, progressBar, thousands, timeLeft } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import type { EpisodeRecording } from "../recording/recording.js";
import type { LiveEvent } from "../recording/run-events.js";
import { VALIDATION_SEED } from "../rl/evaluation-seeds.js";
import type { TrainingCallback } from "../rl/training-callback.js";
import type { TrainOptions } from "../rl/training-options.js";
import type { CheckpointReport, IterationReport } from "../rl/training-report.js";
import type { TrainingState } from "../rl/training-state.js";
import { filmstrip } from "../video/filmstrip.js";
import { explainWriteError } from "./atomic-write.js";
import { resumeCommand, startFromCommand } from "./command-names.js";
import { saveBestModel } from "./model-files.js";
import { isRunFolder } from "./owned-folder.js";
import { DumpKeeper, recordRunEpisode } from "./run-episodes.js";
import type { RunFolder } from "./run-folder.js";
import { settingsAsMarkdown } from "./settings/settings-markdown.js";

/** What is called while a run is trained. */
export interface TrainingObserver {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** As `train` takes them. */
  readonly callbacks?: readonly TrainingCallback[];
  /** As `train` takes it. */
  readonly onIteration?: TrainOptions["onIteration"];
  readonly broadcast?: (event: LiveEvent) => void;
}

const CHECKPOINT_SECONDS = 20;
const NOTHING_SAVED = "Nothing had been saved yet.";

/** Shows progress and writes what an iteration produced. */
export class ProgressKeeper {
  private readonly folder: RunFolder;
  private readonly observer: TrainingObserver;
  private readonly metrics: MetricFiles;
  private readonly dumps: DumpKeeper;
  private readonly actionNames: readonly string[];
  private lastSave = Number.NEGATIVE_INFINITY;
  private saved: Pick<TrainingState, "steps" | "finished"> | undefined;

  /** `resume` is what training goes on from; `actionNames` are those of the entries of an action. */
  constructor(
    folder: RunFolder,
    observer: TrainingObserver,
    resume: TrainingState | undefined,
    actionNames: readonly string[],
  ) {
    this.folder = folder;
    this.observer = observer;
    this.saved = resume;
    this.actionNames = actionNames;
    const { env, agent, seed, resolved } = folder.config;
    const settings = { env, agent, seed, ...resolved.settings };
    this.metrics = this.writing(() => new MetricFiles(folder.path, resume?.steps, settings));
    if (!resume)
      this.writing(() => this.metrics.tensorboard.writeText(0, "config", settingsAsMarkdown(folder.config)));
    this.dumps = new DumpKeeper(folder, (line) => observer.progress.say(line));
  }

  /** Write and show what an iteration logged, and save its state where that is due; returns what was saved. */
  async keep(report: IterationReport): Promise<CheckpointReport | undefined> {
    const { folder, observer } = this;
    const { progress, signal, broadcast } = observer;
    const { path, config } = folder;
    folder.requireOwnership();
    this.writing(() => this.metrics.write(report.steps, report.metrics));
    if (report.validation) this.writing(() => this.writeHistograms(report));
    broadcast?.({ type: "metrics", run: path, values: { step: report.steps, ...report.metrics } });
    progress.show(progressText(config.env, report), report.validation !== undefined);
    const { dropped = 0, episodes: counted = 0 } = report.validation ?? {};
    if (dropped > 0)
      progress.say(
        `Validation at step ${report.steps}: the NaN guard dropped ${dropped} of ${counted + dropped} episodes; none of them is a success.`,
      );
    await this.dumps.keep(report.episodes, report.steps);
    // the first iteration is saved, too: from then on there is always a checkpoint to resume from
    const due = performance.now() - this.lastSave > 1000 * CHECKPOINT_SECONDS;
    if (!(report.validation || due || report.last || signal?.aborted)) return undefined;
    const state = await report.state();
    // before the checkpoint that counts this validation: after it, a run that is killed here would never have the episode
    if (report.improved && state.best && (!report.last || signal?.aborted)) {
      const seed = VALIDATION_SEED + (report.iteration % 8);
      const { recording } = await recordRunEpisode(folder, state.best, seed, report.steps, broadcast);
      this.writePicture("episodes/validation", report.steps, recording);
    }
    await folder.saveCheckpoint(state, report.improved);
    this.lastSave = performance.now();
    this.saved = { steps: state.steps, finished: state.finished };
    if (report.improved && state.best) await saveBestModel(folder, state.best);
    return { run: path, steps: state.steps, improved: report.improved };
  }

  /** Write that training is over, with a picture of an episode that was recorded then. */
  finish(steps: number, recording: EpisodeRecording | undefined): void {
    if (recording) this.writePicture("episodes/test", steps, recording);
    this.writing(() => this.metrics.tensorboard.writeEnd());
  }

  /** Return whether the latest checkpoint is this state: saved once more it would push the one before it out. */
  hasSaved({ steps, finished }: TrainingState): boolean {
    return this.saved?.steps === steps && this.saved.finished === finished;
  }

  /** Describe up to which step the run was saved, and how to resume it. */
  describeSaved(): string {
    if (!this.saved) return NOTHING_SAVED;
    if (!isRunFolder(this.folder.path)) return `It was saved up to step ${this.saved.steps}.`;
    return `Saved up to step ${this.saved.steps}. Resume with: ${resumeCommand(this.folder)}`;
  }

  /** Do `work`; a UsageError in it gets what is saved, and how to resume, added. */
  async withSavedState<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const saved = error instanceof DivergenceError ? this.describeRestart() : this.describeSaved();
      throw new UsageError(`${error.message}\n${saved}`);
    }
  }

  /** After a divergence, which would come again from the last checkpoint. */
  private describeRestart(): string {
    if (!this.saved) return NOTHING_SAVED;
    const { config, modules, path } = this.folder;
    const env = modules[0] ?? config.env;
    const command = startFromCommand(env, path);
    return (
      `Saved up to step ${this.saved.steps}, before that. Resumed by the same settings it would diverge again; ` +
      `start from its best policy by others: ${command}`
    );
  }

  private writeHistograms({ steps, distributions }: IterationReport): void {
    const { actions, values, rewards, parameters } = distributions();
    this.metrics.tensorboard.writeHistograms(steps, {
      ...Object.fromEntries(actions.map((drawn, k) => [`actions/${this.actionNames[k]}`, drawn])),
      "rollout/values": values,
      "rollout/rewards": rewards,
      ...Object.fromEntries(Object.entries(parameters).map(([name, part]) => [`parameters/${name}`, part])),
    });
  }

  private writePicture(tag: string, steps: number, recording: EpisodeRecording): void {
    const picture = filmstrip(recording);
    if (picture) this.writing(() => this.metrics.tensorboard.writePicture(steps, tag, picture));
  }

  private writing<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      throw explainWriteError(this.folder.path, error);
    }
  }
}

function progressText(env: string, { steps, totalSteps, minutes, metrics }: IterationReport): string {
  const success = metrics["rollout/success_rate"];
  const left = (minutes / steps) * Math.max(0, totalSteps - steps);
  return [
    `${env} ${progressBar(steps / totalSteps)} ${thousands(steps)} of ${thousands(totalSteps)} steps`,
    success === undefined ? "" : `success ${(100 * success).toFixed(0)} %`,
    metrics["eval/success_rate"] === undefined
      ? ""
      : `validation ${(100 * metrics["eval/success_rate"]).toFixed(0)} %`,
    `${metrics["time/fps"]?.toFixed(0)} steps/s`,
    timeLeft(left),
  ]
    .filter(Boolean)
    .join("  ");
}
