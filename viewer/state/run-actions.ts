// Actions: runs, their episodes, evaluations and metrics, as they are fetched and as they arrive.
import type { FitValidation } from "../../src/recording/fit-validation.js";
import type { EpisodeItem, MetricRow, RunItem } from "../../src/recording/run-events.js";
import { closeEpisodes, openEpisodes } from "./episode-actions.js";
import { bestEpisode } from "./episode-order.js";
import { changeRun, say, suggestTab } from "./panel-actions.js";
import { currentRun, follows } from "./selectors.js";
import type { ViewerState } from "./viewer-state.js";

/** More runs than colours cannot be told apart. */
const MAX_OVERLAYS = 7;
const FITTED = "A predictor that learned from data: its curves and worst examples are in the panel Training.";
const NO_EPISODES = "This run has no episodes yet. They appear here as they are recorded.";

/** Take the list of all runs. */
export function listRuns(state: ViewerState, runs: readonly RunItem[]): ViewerState {
  return { ...state, runs };
}

/** Show a run: its best episode, or the newest, or none; with a frame, to stand still there. */
export function openRun(state: ViewerState, run: string, frame?: number): ViewerState {
  const opened = selectRun(state, run);
  const { episodes = [], fit } = currentRun(opened) ?? {};
  if (fit) return suggestTab(say(closeEpisodes(opened), "stage", FITTED), "training");
  const name = bestEpisode(episodes);
  return name === undefined
    ? say(closeEpisodes(opened), "stage", NO_EPISODES)
    : openEpisodes(opened, [{ run, name }], frame);
}

/** Show the list and the metrics of a run. */
export function selectRun(state: ViewerState, run: string): ViewerState {
  if (run === state.run) return state;
  const overlays = new Map(state.overlays);
  overlays.delete(run);
  return { ...state, run, metrics: undefined, validation: undefined, overlays };
}

/** Take the metrics of the run so far. */
export function setMetrics(state: ViewerState, run: string, metrics: readonly MetricRow[]): ViewerState {
  return run === state.run ? { ...state, metrics } : state;
}

/** Take what the best epoch of a fit came to. */
export function setValidation(
  state: ViewerState,
  run: string,
  validation: FitValidation | undefined,
): ViewerState {
  return run === state.run ? { ...state, validation } : state;
}

/** A row of metrics has come. */
export function addMetrics(state: ViewerState, run: string, row: MetricRow): ViewerState {
  if (run === state.run) {
    const metrics = state.metrics && [...state.metrics, row];
    return suggestTab({ ...state, metrics }, "training");
  }
  const rows = state.overlays.get(run);
  return rows ? { ...state, overlays: new Map(state.overlays).set(run, [...rows, row]) } : state;
}

/** Draw the metrics of another run over those of the one shown. */
export function addOverlay(state: ViewerState, run: string, rows: readonly MetricRow[]): ViewerState {
  if (state.overlays.size >= MAX_OVERLAYS) return refuseOverlay(state);
  return say({ ...state, overlays: new Map(state.overlays).set(run, rows) }, "overlays");
}

/** Say that so many runs are drawn that one more could not be told apart. */
function refuseOverlay(state: ViewerState): ViewerState {
  return say(
    state,
    "overlays",
    `At most ${MAX_OVERLAYS} runs are drawn over this one. Take one of them off first.`,
  );
}

/** Draw the metrics of another run no longer. */
export function removeOverlay(state: ViewerState, run: string): ViewerState {
  const overlays = new Map(state.overlays);
  overlays.delete(run);
  return say({ ...state, overlays }, "overlays");
}

/** An episode of a run was recorded; it is opened where the user follows the run. */
export function addEpisode(state: ViewerState, run: string, item: EpisodeItem): ViewerState {
  const added = changeRun(state, run, (known) => ({
    ...known,
    episodes: [...known.episodes.filter(({ name }) => name !== item.name), item],
  }));
  return run === state.run && follows(state) ? openEpisodes(added, [{ run, name: item.name }]) : added;
}

/** A run was evaluated; its best episode is opened where the user follows it. */
export function setEvaluation(
  state: ViewerState,
  run: string,
  evaluation: RunItem["evaluation"],
): ViewerState {
  const evaluated = changeRun(state, run, (item) => ({ ...item, evaluation }));
  if (run !== state.run) return evaluated;
  const suggested = suggestTab(evaluated, "episode");
  const best = bestEpisode(currentRun(suggested)?.episodes ?? []);
  if (!follows(state) || best === undefined || best === state.episodes[0]?.name) return suggested;
  return openEpisodes(suggested, [{ run, name: best }]);
}
