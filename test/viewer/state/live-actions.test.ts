// An episode that goes on in the page.
import { expect, test } from "vitest";
import {
  addLiveStep,
  beginLive,
  chooseDriver,
  complainLive,
  endLive,
  failLive,
  forgetUnsaved,
  setLiveRunning,
  startLive,
} from "../../../viewer/state/live-actions.js";
import { seek } from "../../../viewer/state/playback-actions.js";
import { currentDriver, drivers, isLive, shownFrames } from "../../../viewer/state/selectors.js";
import { runOf, showing, still } from "./states.js";

const SHOWN = seek(showing({ "a.mcap": 41 }), 12);
const FRAMES = still(14).frames;

test("a live episode stops playing and following, and shows its panel, whatever tab was chosen", () => {
  const starting = startLive({ ...SHOWN, isPlaying: true });
  expect(starting).toMatchObject({ isPlaying: false, follow: false, tab: "live", isTabChosen: true });
  expect(isLive(starting)).toBe(false);
  expect(failLive(starting, "no policy").live).toMatchObject({
    phase: "off",
    notice: "no policy",
    isProblem: true,
  });
});

test("while it is on, its last frame is shown and cannot be moved", () => {
  const frames = FRAMES.slice(0, 13);
  const begun = beginLive(startLive(SHOWN), frames, 2.5, "begun");
  expect(isLive(begun)).toBe(true);
  expect(shownFrames(begun)).toMatchObject({ index: 12 });
  expect(seek(begun, 3)).toBe(begun);
  frames.push(FRAMES[13]!);
  const stepped = addLiveStep(begun, 0.5);
  expect(stepped.live).toMatchObject({ unsaved: 1, canSave: true, episode: { index: 13, total: 3 } });
  // what was the state before still says what it said
  expect(begun.live.episode).toMatchObject({ index: 12, total: 2.5 });
  expect(setLiveRunning(stepped, false).live.phase).toBe("paused");
  expect(complainLive(stepped, "it fell").live).toMatchObject({ phase: "running", notice: "it fell" });
});

test("at its end it is shown as a recording, and stays unsaved until it is downloaded", () => {
  const live = addLiveStep(beginLive(startLive(SHOWN), [...FRAMES], 0, ""), 1);
  const ended = endLive(live, still(14), "ended");
  expect(ended).toMatchObject({ frame: 13, isPlaying: false, episodes: [] });
  expect(ended.live).toMatchObject({ phase: "off", episode: undefined, unsaved: 1, canSave: true });
  expect(shownFrames(ended)).toMatchObject({ index: 13 });
  expect(forgetUnsaved(ended).live.unsaved).toBe(0);
  // another episode cannot be downloaded as this one
  expect(showing({ "b.mcap": 5 }, ended).live).toMatchObject({ canSave: false, unsaved: 1, notice: "" });
});

test("policies of the environment may act, that of the open run first, and whom the user chose where they may", () => {
  const runs = [runOf("other", []), runOf("new", []), runOf("far", [], "PickPlace-v1")];
  const state = { ...SHOWN, runs };
  expect(drivers(state)).toEqual([
    ["run:new", "Policy of this run"],
    ["run:other", expect.stringMatching(/^Policy of Reach-v1 · ppo-mlp/)],
    ["expert", "Scripted expert"],
    ["recorded", "Recorded actions"],
    ["manual", "By hand"],
  ]);
  expect(currentDriver(state)).toBe("run:new");
  expect(currentDriver(chooseDriver(state, "recorded"))).toBe("recorded");
  expect(currentDriver(chooseDriver(state, "run:far"))).toBe("run:new");
  // while no episode is shown nobody is chosen for good
  const chosen = chooseDriver(state, "run:other");
  expect(currentDriver({ ...chosen, shown: [] })).toBe("expert");
  expect(currentDriver(chosen)).toBe("run:other");
});

test("steps after the end of a live episode change nothing", () => {
  expect(addLiveStep(SHOWN, 1)).toBe(SHOWN);
  expect(setLiveRunning(SHOWN, true)).toBe(SHOWN);
});
