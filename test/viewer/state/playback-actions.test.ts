// Time in the viewer: frames, loops, zoom and speed.
import { expect, test } from "vitest";
import {
  advancePosition,
  beginFilm,
  changeSpeed,
  endFilm,
  play,
  seek,
  setLoop,
  setSpeed,
  showPosition,
  step,
  zoomTo,
} from "../../../viewer/state/playback-actions.js";
import { INITIAL_STATE } from "../../../viewer/state/viewer-state.js";
import { LISTED, showing } from "./states.js";

const STATE = showing({ "a.mcap": 41 });

test("an opened episode plays from its first frame, one of a single frame stands still", () => {
  expect(STATE).toMatchObject({ frame: 0, isPlaying: true });
  expect(showing({ "a.mcap": 1 }, STATE)).toMatchObject({ frame: 0, isPlaying: false });
});

test("seeking stops playing, and stays within the episode", () => {
  expect(seek(STATE, 12.4)).toMatchObject({ frame: 12, isPlaying: false });
  expect(seek(STATE, Number.POSITIVE_INFINITY).frame).toBe(40);
  expect(step(seek(STATE, 3), -10).frame).toBe(0);
  expect(seek(INITIAL_STATE, 5).frame).toBe(0);
});

test("time goes on at the control rate times the speed", () => {
  // 20 frames a second, twice as fast, for a quarter of a second
  expect(advancePosition(setSpeed(STATE, 2), 3.5, 0.25)).toBe(13.5);
  expect(showPosition(STATE, 13.5)).toMatchObject({ frame: 13, isPlaying: true });
});

test("a loop rests at the last frame for 0.8 s and starts over; without it the end stands still", () => {
  expect(advancePosition(STATE, 40, 0.75)).toBe(55);
  expect(showPosition(STATE, 55)).toMatchObject({ frame: 40, isPlaying: true });
  expect(advancePosition(STATE, 55, 0.1)).toBe(0);
  const once = setLoop(STATE, false);
  expect(advancePosition(once, 40, 1)).toBe(60);
  expect(showPosition(once, 60)).toMatchObject({ frame: 40, isPlaying: false });
});

test("play at the end begins anew, elsewhere it goes on", () => {
  expect(play(seek(STATE, 40))).toMatchObject({ frame: 0, isPlaying: true });
  expect(play(seek(STATE, 39))).toMatchObject({ frame: 39, isPlaying: true });
});

test("a zoom keeps playing between the frames that lie in it, and another episode ends it", () => {
  const zoomed = zoomTo(STATE, 0.51, 1.02);
  expect(zoomed.zoom).toEqual({ from: 0.51, to: 1.02, frames: [11, 20] });
  expect(play(seek(zoomed, 5)).frame).toBe(11);
  expect(showPosition(zoomed, 25).frame).toBe(20);
  expect(advancePosition(zoomed, 20, 0.85)).toBe(11);
  expect(zoomTo(zoomed).zoom).toBe(undefined);
  expect(showing({ "b.mcap": 30 }, zoomed).zoom).toBe(undefined);
});

test("the speed goes up and down the list and stays at its ends", () => {
  expect(changeSpeed(STATE, 1).speed).toBe(2);
  expect(changeSpeed(STATE, -1).speed).toBe(0.5);
  expect(changeSpeed(setSpeed(STATE, 8), 1).speed).toBe(8);
});

test("a film plays once from the beginning of what is shown, and leaves loop as it was", () => {
  const filming = beginFilm(seek(zoomTo(STATE, 0.5, 1), 15));
  expect(filming).toMatchObject({ frame: 10, isPlaying: true, isFilming: true });
  const last = showPosition(filming, advancePosition(filming, 20, 2));
  expect(last).toMatchObject({ frame: 20, isPlaying: false, isFilming: true });
  expect(endFilm(last)).toMatchObject({ isFilming: false, isPlaying: false, loop: true });
});

test("without an episode there is nothing to play", () => {
  expect(play(LISTED).isPlaying).toBe(false);
  expect(zoomTo(LISTED, 1, 2).zoom).toBe(undefined);
});
