// Keeps the state's runs as the server has them: lists and metrics are fetched, and events are followed.
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { RunItem } from "../../src/recording/run-events.js";
import { say, setConnection, setServerStatus, setTraining } from "../state/panel-actions.js";
import {
  addEpisode,
  addMetrics,
  listRuns,
  openRun,
  setEvaluation,
  setMetrics,
  setValidation,
} from "../state/run-actions.js";
import { follows } from "../state/selectors.js";
import { beginStepped, followStepped } from "../state/stepped-actions.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { fetchMetrics, fetchRuns, fetchValidation, isStatic, type LiveEvent, listen } from "./run-source.js";

/** Fetch the list of runs, or take one that is on its way; returns whether it came, and says so where it did not. */
export async function loadRuns(
  store: Store<ViewerState>,
  listing: Promise<readonly RunItem[]> = fetchRuns(),
): Promise<boolean> {
  try {
    store.update(listRuns, await listing);
    return true;
  } catch (error) {
    store.update(say, "stage", `The runs cannot be listed: ${(error as Error).message}`);
    return false;
  }
}

/** Fetch the metrics of the run that is shown, so far; none where they cannot be read. */
export async function loadMetrics(store: Store<ViewerState>): Promise<void> {
  const { run } = store.get();
  if (run === undefined) return;
  store.update(setMetrics, run, await fetchMetrics(run).catch(() => []));
  await loadValidation(store, run);
}

/** Fetch what the best epoch of a fit came to, where the run is one and is shown. */
async function loadValidation(store: Store<ViewerState>, run: string): Promise<void> {
  const isFit = store.get().runs.some((item) => item.run === run && item.fit !== undefined);
  if (!isFit || run !== store.get().run) return;
  store.update(setValidation, run, await fetchValidation(run).catch(() => undefined));
}

/** Follow what happens to the runs; `evaluated` is called with the name of a run whose policy has learned more. */
export function followRuns(store: Store<ViewerState>, evaluated: (run: string) => void): void {
  store.watch(
    ({ run }) => run,
    () => void loadMetrics(store),
  );
  if (isStatic) {
    store.update(setConnection, "static");
    return;
  }
  listen(
    (event) => void receive(store, event, evaluated),
    (isConnected) => store.update(setConnection, isConnected ? "open" : "lost"),
  );
}

/** The episode that another program steps, as far as it has come. */
let stepped: (EpisodeRecording & { readonly frames: RecordedFrame[] }) | undefined;

async function receive(
  store: Store<ViewerState>,
  event: LiveEvent,
  evaluated: (run: string) => void,
): Promise<void> {
  switch (event.type) {
    case "status":
      store.update(setServerStatus, event.text);
      return;
    case "training":
      store.update(setTraining, event.run);
      return;
    case "begin":
      stepped = { header: event.header, frames: [event.frame] };
      store.update(beginStepped, stepped);
      return;
    case "frame":
      stepped?.frames.push(event.frame);
      if (stepped) store.update(followStepped, stepped);
      return;
    case "resync":
      // what was sent while the connection was lost
      if (await loadRuns(store)) await loadMetrics(store);
      return;
    case "validation":
      if (await loadRuns(store)) await loadValidation(store, event.run);
      return;
  }
  const { run } = event;
  if (!store.get().runs.some((item) => item.run === run)) {
    await followNewRun(store, run);
    return;
  }
  if (event.type === "metrics") {
    store.update(addMetrics, run, event.values);
    return;
  }
  const { type: _type, run: _run, ...item } = event;
  store.update(addEpisode, run, item);
  if (run === store.get().run) await loadEvaluation(store, run, evaluated);
}

/** A training that began while the page was open. */
async function followNewRun(store: Store<ViewerState>, run: string): Promise<void> {
  await loadRuns(store);
  const { runs } = store.get();
  if (runs.some((item) => item.run === run) && follows(store.get())) store.update(openRun, run);
}

/** The evaluation is written shortly before a run's last episodes arrive. */
async function loadEvaluation(
  store: Store<ViewerState>,
  run: string,
  evaluated: (run: string) => void,
): Promise<void> {
  const runs = await fetchRuns().catch(() => []);
  const evaluation = runs.find((item) => item.run === run)?.evaluation;
  if (!evaluation || run !== store.get().run) return;
  evaluated(run);
  store.update(setEvaluation, run, evaluation);
}
