// Actions: which frame is shown, and how time goes on.
import { frameRange, isLive, longestShown, numFrames } from "./selectors.js";
import type { ViewerState } from "./viewer-state.js";

/** Speeds that can be chosen, times real time. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8];
/** How long the last frame stands before a loop starts over, s. */
const REST = 0.8;

/** Stop playing and show a frame, or the one nearest to it; a live episode stays where it is. */
export function seek(state: ViewerState, frame: number): ViewerState {
  return isLive(state) ? state : { ...state, isPlaying: false, frame: nearestFrame(state, frame) };
}

/** Stop playing and move by a number of frames. */
export function step(state: ViewerState, frames: number): ViewerState {
  return seek(state, state.frame + frames);
}

/** Play on, from the beginning where the end is reached. */
export function play(state: ViewerState): ViewerState {
  if (numFrames(state) < 2) return state;
  const [first, last] = frameRange(state);
  const isInside = state.frame >= first && state.frame < last;
  return { ...state, isPlaying: true, frame: isInside ? state.frame : first };
}

/** Stop playing. */
export function pause(state: ViewerState): ViewerState {
  return { ...state, isPlaying: false };
}

/** Play, or stop playing. */
export function togglePlaying(state: ViewerState): ViewerState {
  return state.isPlaying ? pause(state) : play(state);
}

/**
 * Return where playing has come to after `seconds` from `position`, in frames; at the end of a loop it rests, and then starts
 * over.
 */
export function advancePosition(state: ViewerState, position: number, seconds: number): number {
  const rate = (longestShown(state)?.recording.header.controlRate ?? 1) * state.speed;
  const next = position + seconds * rate;
  const [first, last] = frameRange(state);
  return state.loop && !state.isFilming && next > last + REST * rate ? first : next;
}

/** Show the frame at a position of playing; without a loop it stops at the end. */
export function showPosition(state: ViewerState, position: number): ViewerState {
  const [, last] = frameRange(state);
  const frame = Math.min(last, Math.floor(position));
  const isPlaying = frame < last || (state.loop && !state.isFilming);
  if (frame === state.frame && isPlaying) return state;
  return { ...state, frame, isPlaying };
}

/** Play at a speed of `SPEEDS`. */
export function setSpeed(state: ViewerState, speed: number): ViewerState {
  return { ...state, speed };
}

/** Play at the next speed (1), or the one before (-1). */
export function changeSpeed(state: ViewerState, direction: 1 | -1): ViewerState {
  return setSpeed(state, SPEEDS[SPEEDS.indexOf(state.speed) + direction] ?? state.speed);
}

/** Start over at the end, or not. */
export function setLoop(state: ViewerState, loop: boolean): ViewerState {
  return { ...state, loop };
}

/** Show and play a stretch of time, s; without it, all. */
export function zoomTo(state: ViewerState, from?: number, to?: number): ViewerState {
  const frames = longestShown(state)?.recording.frames;
  if (!frames || from === undefined || to === undefined) return { ...state, zoom: undefined };
  const first = Math.max(
    0,
    frames.findIndex(({ time }) => time >= from),
  );
  const last = frames.findLastIndex(({ time }) => time <= to);
  return { ...state, zoom: { from, to, frames: [first, Math.max(first, last)] } };
}

/** Play from the beginning to the end, for a video. */
export function beginFilm(state: ViewerState): ViewerState {
  const [first] = frameRange(state);
  return play({ ...state, isFilming: true, frame: first });
}

/** The video is complete. */
export function endFilm(state: ViewerState): ViewerState {
  return { ...state, isFilming: false, isPlaying: false };
}

/** Return the frame there is that is nearest to `frame`. */
export function nearestFrame(state: ViewerState, frame: number): number {
  return Math.max(0, Math.min(numFrames(state) - 1, Math.round(frame)));
}
