// Actions: an episode that goes on in the page.
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { say } from "./panel-actions.js";
import { pause } from "./playback-actions.js";
import { isLive } from "./selectors.js";
import { type Live, NO_LIVE, type ViewerState } from "./viewer-state.js";

/** A live episode is being set up: the page stands still and shows its panel. */
export function startLive(state: ViewerState): ViewerState {
  const tab = { tab: "live", isTabChosen: true } as const;
  return change({ ...pause(state), ...tab, follow: false }, { phase: "starting" });
}

/** The live episode is there: the frames of the recording, and its own first one. */
export function beginLive(
  state: ViewerState,
  frames: readonly RecordedFrame[],
  total: number,
  notice: string,
): ViewerState {
  const episode = { frames, index: frames.length - 1, total };
  return change(sayLive(state, notice), { phase: "running", episode, canSave: true });
}

/** The live episode could not be set up. */
export function failLive(state: ViewerState, reason: string): ViewerState {
  return change(complainLive(state, reason), { phase: "off" });
}

/** It runs, or stands still. */
export function setLiveRunning(state: ViewerState, isRunning: boolean): ViewerState {
  return isLive(state) ? change(state, { phase: isRunning ? "running" : "paused" }) : state;
}

/** A step was made: its frame has been appended to the frames of the live episode. */
export function addLiveStep(state: ViewerState, reward: number): ViewerState {
  const { episode, unsaved } = state.live;
  if (!episode) return state;
  const { frames, total } = episode;
  return change(state, {
    episode: { frames, index: frames.length - 1, total: total + reward },
    unsaved: unsaved + 1,
  });
}

/** The live episode has ended, and is shown as any recording at its last frame. */
export function endLive(state: ViewerState, recording: EpisodeRecording, notice: string): ViewerState {
  const { unsaved } = state.live;
  const ended: ViewerState = {
    ...pause(state),
    episodes: [],
    shown: [{ run: state.run ?? "", name: "", recording }],
    frame: recording.frames.length - 1,
    zoom: undefined,
    live: { ...NO_LIVE, unsaved, canSave: true, notice },
  };
  return say(ended, "stage");
}

/** The steps were downloaded, or may be lost. */
export function forgetUnsaved(state: ViewerState): ViewerState {
  return change(state, { unsaved: 0 });
}

/** Let a policy, an expert, the recording or the user act, now and in later live episodes. */
export function chooseDriver(state: ViewerState, driver: string): ViewerState {
  return { ...state, driver };
}

/** Show a sentence in the panel of live mode. */
export function sayLive(state: ViewerState, notice: string): ViewerState {
  return change(state, { notice, isProblem: false });
}

/** Show in the panel of live mode what failed. */
export function complainLive(state: ViewerState, notice: string): ViewerState {
  return change(state, { notice, isProblem: true });
}

function change(state: ViewerState, part: Partial<Live>): ViewerState {
  return { ...state, live: { ...state.live, ...part } };
}
