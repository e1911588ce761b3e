// Actions: episodes are asked for, read, shown and closed.
import { say } from "./panel-actions.js";
import { nearestFrame } from "./playback-actions.js";
import { numFrames } from "./selectors.js";
import { type EpisodeAddress, type LoadedEpisode, NO_LIVE, type ViewerState } from "./viewer-state.js";

/** Ask for episodes: one, or several to be compared; with a frame, to stand still there. */
export function openEpisodes(
  state: ViewerState,
  episodes: readonly EpisodeAddress[],
  frame?: number,
): ViewerState {
  if (episodes.length === 0) return state;
  const asked: ViewerState = {
    ...state,
    episodes: episodes.map(({ run, name }) => ({ run, name })),
    loading: { frame, isSlow: false, read: 0, expected: undefined },
  };
  return say(asked, "link");
}

/** Ask for episodes that the user chose: those that are recorded no longer take their place. */
export function chooseEpisodes(state: ViewerState, episodes: readonly EpisodeAddress[]): ViewerState {
  return { ...openEpisodes(state, episodes), follow: false };
}

/** Return the episode at `address` as it is shown; undefined where it is not. */
export function shownAt({ shown }: ViewerState, address: EpisodeAddress): LoadedEpisode | undefined {
  return shown.find(({ run, name }) => run === address.run && name === address.name);
}

/** Whether several episodes are shown or asked for: those that stay are not read anew, and time goes on where it is. */
export function isComparing({ episodes, shown }: ViewerState): boolean {
  return episodes.length > 1 || shown.length > 1;
}

/** Reading takes long: nothing of another episode stays under the name of the one that is read. */
export function showLoading(state: ViewerState): ViewerState {
  const { loading, episodes } = state;
  if (!loading) return state;
  const cleared = shownAt(state, episodes[0]!) ? state : withoutEpisodes(state);
  return say({ ...cleared, loading: { ...loading, isSlow: true } }, "stage");
}

/** So many frames have been read of so many. */
export function showProgress(state: ViewerState, read: number, expected: number | undefined): ViewerState {
  return state.loading ? { ...state, loading: { ...state.loading, read, expected } } : state;
}

/** Show the episodes that were asked for, now that they are read. */
export function showEpisodes(state: ViewerState, shown: readonly LoadedEpisode[]): ViewerState {
  const goesOn = shown.length > 1 || state.shown.length > 1;
  const wanted = state.loading?.frame;
  const opened: ViewerState = { ...reset(state), loading: undefined, shown };
  const frame = nearestFrame(opened, wanted ?? (goesOn ? state.frame : 0));
  const isPlaying = wanted === undefined && (goesOn ? state.isPlaying : numFrames(opened) > 1);
  const placed = say(say({ ...opened, frame, isPlaying }, "stage"), "compare");
  if (wanted === undefined || wanted === frame) return placed;
  return say(placed, "link", [placed.messages.link ?? [], beyondEnd(wanted, frame)].flat().join(" "));
}

/** Say that a link names a frame behind the last one. */
export function beyondEnd(frame: number, last: number): string {
  return `The link names frame ${frame}, but the episode ends at frame ${last}, which is shown.`;
}

/** An episode that was asked for cannot be read: what it was to stand beside stays. */
export function refuseEpisodes(state: ViewerState, reason: string): ViewerState {
  const stays = isComparing(state) && shownAt(state, state.episodes[0]!);
  const refused: ViewerState = stays
    ? { ...state, episodes: state.shown.map(({ run, name }) => ({ run, name })) }
    : withoutEpisodes(state);
  return say({ ...refused, loading: undefined }, "stage", reason);
}

/** Show no episode, and ask for none. */
export function closeEpisodes(state: ViewerState): ViewerState {
  return { ...withoutEpisodes(state), episodes: [], loading: undefined };
}

function withoutEpisodes(state: ViewerState): ViewerState {
  return say({ ...reset(state), shown: [], frame: 0, isPlaying: false }, "compare");
}

/** What belongs to the episodes shown so far and not to others; steps of a live one may still be downloaded. */
function reset(state: ViewerState): ViewerState {
  return { ...state, zoom: undefined, live: { ...NO_LIVE, unsaved: state.live.unsaved } };
}
