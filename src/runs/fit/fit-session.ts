// Fit a run, from the first epoch or its last checkpoint, to the last.
import type { EngineName } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import type { DataSplits } from "../../data/dataset.js";
import { fitPredictor } from "../../learn/fit-predictor.js";
import type { FitCallback, FitResult, FitState } from "../../learn/fit-state.js";
import type { FitSettings, PredictorNetwork } from "../../learn/predictor.js";
import { whileLocked } from "../owned-folder.js";
import type { FitFolder } from "./fit-folder.js";
import { FitKeeper, type FitObserver } from "./fit-keeper.js";
import { networkOfFit } from "./fit-model.js";
import { type FitOutcome, fitOutcome } from "./fit-outcome.js";
import { saveValidation } from "./fit-validation.js";

/** What a fit is made of this time. */
export interface FitSession {
  readonly folder: FitFolder;
  readonly observer: FitObserver;
  readonly callbacks: readonly FitCallback[];
  /** Absent: as before. */
  readonly engine?: EngineName;
  /** Load the data; throws a UsageError where they are not what they were. */
  splits(): Promise<DataSplits>;
}

/** States that are offered for a checkpoint are copies: one in so many minibatches costs nothing. */
const CHECKPOINT_BATCHES = 50;

/** Fit a new run; returns undefined where the signal interrupted it. */
export function startFit(session: FitSession): Promise<FitOutcome | undefined> {
  return whileLocked(session.folder, async () => {
    await setEngine(session);
    const { predictor, seed, engine, dataset, resolved } = session.folder.config;
    const { provenance, rows } = dataset;
    session.observer.progress.say(
      `Fitting ${predictor} to ${provenance.name}: ${rows.train} rows to learn from, ${rows.validation} to choose by, seed ${seed}, at most ${resolved.settings.epochs} epochs, engine ${engine}\n  ${session.folder.path}`,
    );
    return runFit(session, undefined);
  });
}

/** Resume a fit from its last checkpoint; returns undefined where the signal interrupted it. */
export function resumeFit(session: FitSession): Promise<FitOutcome | undefined> {
  return whileLocked(session.folder, async () => {
    const { folder, observer } = session;
    const say = (line: string) => observer.progress.say(line);
    const state = await folder.loadState("resume", say);
    const { predictor, dataset, resolved } = folder.config;
    say(
      state.finished
        ? `${folder.path} is finished after ${state.epoch} epochs: nothing is left to learn.`
        : `Resuming ${predictor} on ${dataset.provenance.name} ${describeState(state)} of ${resolved.settings.epochs} epochs\n  ${folder.path}`,
    );
    if (state.finished) return fitOutcome(folder, state);
    await setEngine(session);
    return runFit(session, state);
  });
}

function describeState({ epoch, batch }: FitState): string {
  return batch > 0 ? `after epoch ${epoch} and ${batch} minibatches` : `after epoch ${epoch}`;
}

async function setEngine({ folder, engine, observer }: FitSession): Promise<void> {
  if (engine !== undefined) await loadEngine(engine, (line) => observer.progress.say(line));
  folder.updateConfig(engine === undefined ? {} : { engine });
}

async function runFit(session: FitSession, from: FitState | undefined): Promise<FitOutcome | undefined> {
  const { folder, observer } = session;
  const { progress, signal, broadcast } = observer;
  const { config } = folder;
  const network = await networkOfFit(folder);
  const splits = await session.splits();
  const engine = await loadEngine(config.engine, (line) => progress.say(line));
  const keeper = new FitKeeper({
    folder,
    network,
    observer,
    ...(from ? { from } : {}),
    async onBest(report, state) {
      await saveValidation(folder, { network, splits, engine, state, report: report.validation });
      broadcast?.({ type: "validation", run: folder.path });
    },
  });
  // a second Ctrl-C, or something outside of any call that throws
  const reportSaved = () => progress.say(keeper.describeSaved());
  process.on("exit", reportSaved);
  try {
    const result = await keeper.withSavedState(async () => {
      const fitted = await fitPredictor({
        network,
        settings: settingsOf(network, config.resolved.settings),
        splits,
        seed: config.seed,
        engine,
        ...(from ? { from } : {}),
        callbacks: session.callbacks,
        onEpoch: (report) => keeper.epoch(report),
        onBatch: (report) => keeper.batch(report),
        onCheckpoint: (state) => keeper.checkpoint(state),
        checkpointBatches: CHECKPOINT_BATCHES,
        ...(signal ? { signal } : {}),
        say: (line) => progress.say(line),
      });
      progress.end();
      await keeper.finish(fitted.state);
      return fitted;
    });
    if (signal?.aborted && !result.state.finished) return undefined;
    if (result.endedBy === "patience") progress.say(patienceText(result, config.resolved.settings));
    return fitOutcome(folder, result.state);
  } finally {
    process.off("exit", reportSaved);
  }
}

/** The settings in force; they were checked when the fit was made, and are again by `fitPredictor`. */
function settingsOf(_: PredictorNetwork, resolved: Readonly<Record<string, unknown>>): FitSettings {
  return resolved as unknown as FitSettings;
}

function patienceText({ bestEpoch, epochs }: FitResult, settings: Readonly<Record<string, unknown>>): string {
  return `No better validation since epoch ${bestEpoch}: the fit ends after epoch ${epochs} of ${settings.epochs}. Set patience=0 to fit to the end.`;
}
