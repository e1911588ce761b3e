// Actions: an episode that another program steps is shown as it goes on.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { closeEpisodes } from "./episode-actions.js";
import { say } from "./panel-actions.js";
import { isLive } from "./selectors.js";
import type { ViewerState } from "./viewer-state.js";

/** Show an episode of which more frames will be appended; one that the user goes on with in the page stays. */
export function beginStepped(state: ViewerState, recording: EpisodeRecording): ViewerState {
  if (isLive(state) || state.live.unsaved > 0) return state;
  return say({ ...closeEpisodes(state), shown: [{ run: "", name: "", recording }] }, "stage");
}

/** A frame was appended: it is shown, unless the user has gone back to an earlier one. */
export function followStepped(state: ViewerState, recording: EpisodeRecording): ViewerState {
  if (isLive(state) || state.shown[0]?.recording !== recording) return state;
  const last = recording.frames.length - 1;
  return { ...state, frame: state.frame === last - 1 ? last : state.frame };
}
