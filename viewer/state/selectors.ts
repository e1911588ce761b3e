// What follows from the state: computed, not kept.
import type { RecordedFrame } from "../../src/recording/recording.js";
import type { RunItem } from "../../src/recording/run-events.js";
import { listedEpisodes } from "./episode-order.js";
import { runTitles } from "./run-titles.js";
import { derived } from "./store.js";
import type { EpisodeAddress, LoadedEpisode, ViewerState } from "./viewer-state.js";

/** Most episodes that are compared. */
export const MAX_COMPARED = 4;

/** What the runs are called, by their names. */
export const titles = derived((state: ViewerState) => [state.runs], runTitles);

/** The run that is shown. */
export const currentRun = derived(
  (state: ViewerState) => [state.runs, state.run],
  (runs, name): RunItem | undefined => runs.find(({ run }) => run === name),
);

/** Episodes of the run as the user filters and orders them. */
export const listed = derived(
  (state: ViewerState) => [currentRun(state)?.episodes, state.list],
  (episodes, request) => listedEpisodes(episodes ?? [], request),
);

/** Names of the run's episodes that are marked in the list: the one shown, and all that are compared. */
export const marked = derived(
  (state: ViewerState) => [state.episodes, state.run],
  (episodes, run) => ({
    current: episodes[0]?.run === run ? episodes[0]?.name : undefined,
    compared: episodes.length > 1 ? episodes.filter((item) => item.run === run).map(({ name }) => name) : [],
  }),
);

/** Return the episode after (1) or before (-1) the one shown in the list. */
export function neighbour(state: ViewerState, direction: 1 | -1): string | undefined {
  const names = listed(state).map(({ name }) => name);
  const index = names.indexOf(marked(state).current ?? "");
  return index < 0 ? names[0] : names[index + direction];
}

/** The episode that the clock and the notices belong to. */
export function firstShown({ shown }: ViewerState): LoadedEpisode | undefined {
  return shown[0];
}

/** The longest of the episodes that are shown. */
export const longestShown = derived(
  (state: ViewerState) => [state.shown],
  (shown) =>
    shown.reduce<LoadedEpisode | undefined>(
      (longest, episode) => (longest && framesOf(longest) >= framesOf(episode) ? longest : episode),
      undefined,
    ),
);

/** Frames of the longest episode. */
export function numFrames(state: ViewerState): number {
  const longest = longestShown(state);
  return longest ? framesOf(longest) : 0;
}

/** Frames that playing stays in. */
export function frameRange(state: ViewerState): readonly [first: number, last: number] {
  return state.zoom?.frames ?? [0, numFrames(state) - 1];
}

/** Whether a live episode is shown. */
export function isLive({ live }: ViewerState): boolean {
  return live.phase === "running" || live.phase === "paused";
}

/** Whether episodes that are recorded are opened: never over steps that would be lost. */
export function follows({ follow, live }: ViewerState): boolean {
  return follow && live.unsaved === 0;
}

/** Frames of the first episode, or of the live one in its place, and which of them is shown. */
export const shownFrames = derived(
  (state: ViewerState) => [firstShown(state), state.frame, state.live.episode],
  (first, frame, live): { readonly frames: readonly RecordedFrame[]; readonly index: number } | undefined => {
    if (live) return live;
    if (!first) return undefined;
    const { frames } = first.recording;
    return { frames, index: Math.min(frame, frames.length - 1) };
  },
);

/** Run whose policy acted in the first episode; undefined for a recording outside of any run. */
export function policyRun(state: ViewerState): string | undefined {
  const name = firstShown(state)?.run;
  return state.runs.find(({ run, config }) => run === name && config)?.run;
}

/** Who may act in a live episode, with what to call them: policies for its environment, the present run's first, and others. */
export const drivers = derived(
  (state: ViewerState) => [state.runs, state.run, firstShown(state)?.recording.header.env, titles(state)],
  (runs, current, env, called): (readonly [driver: string, title: string])[] => {
    const names = runs.filter(({ config }) => config?.env === env).map(({ run }) => run);
    const [own, others] = [names.filter((run) => run === current), names.filter((run) => run !== current)];
    return [
      ...own.map((run) => [`run:${run}`, "Policy of this run"] as const),
      ...others.map((run) => [`run:${run}`, `Policy of ${called.get(run)}`] as const),
      ["expert", "Scripted expert"],
      ["recorded", "Recorded actions"],
      ["manual", "By hand"],
    ];
  },
);

/** Who acts: whom the user chose, or the first who may. */
export function currentDriver(state: ViewerState): string {
  const offered = drivers(state).map(([driver]) => driver);
  return offered.find((driver) => driver === state.driver) ?? offered[0]!;
}

/** Return what is compared with `episode` taken in, or left out if it is there; more than `MAX_COMPARED` are too many. */
export function comparisonWith({ shown }: ViewerState, { run, name }: EpisodeAddress): EpisodeAddress[] {
  // an episode made in this page has no name to be found by again
  const known = shown.filter((item) => item.name !== "").map((item) => ({ run: item.run, name: item.name }));
  const others = known.filter((item) => item.run !== run || item.name !== name);
  return others.length < known.length && others.length > 0 ? others : [...others, { run, name }];
}

function framesOf({ recording }: LoadedEpisode): number {
  return recording.frames.length;
}
