// An episode that another program steps.
import { expect, test } from "vitest";
import { addLiveStep, beginLive, startLive } from "../../../viewer/state/live-actions.js";
import { seek } from "../../../viewer/state/playback-actions.js";
import { isLive, numFrames } from "../../../viewer/state/selectors.js";
import { beginStepped, followStepped } from "../../../viewer/state/stepped-actions.js";
import { INITIAL_STATE } from "../../../viewer/state/viewer-state.js";
import { showing, still } from "./states.js";

/** An episode with its start, and a function that appends a frame to it. */
function growing() {
  const recording = { ...still(1), frames: [...still(1).frames] };
  return { recording, grow: () => recording.frames.push(still(1).frames[0]!) };
}

test("it takes the place of what is shown, and each frame that is appended is shown", () => {
  const { recording, grow } = growing();
  const said = { ...showing({ "a.mcap": 41 }), messages: { stage: "There are no runs here yet." } };
  const begun = beginStepped(seek(said, 12), recording);
  expect(begun).toMatchObject({ frame: 0, isPlaying: false, episodes: [], messages: {} });
  expect(numFrames(begun)).toBe(1);
  grow();
  const next = followStepped(begun, recording);
  expect([next.frame, numFrames(next)]).toEqual([1, 2]);
});

test("who has gone back stays at the frame, until the end is chosen again", () => {
  const { recording, grow } = growing();
  for (let count = 0; count < 5; count++) grow();
  const back = seek(beginStepped(INITIAL_STATE, recording), 2);
  grow();
  const still = followStepped(back, recording);
  expect([still.frame, numFrames(still)]).toEqual([2, 7]);
  const end = seek(still, 6);
  grow();
  expect(followStepped(end, recording).frame).toBe(7);
});

test("another episode and one that the user goes on with in the page are left alone", () => {
  const { recording } = growing();
  const other = showing({ "a.mcap": 41 });
  expect(followStepped(other, recording)).toBe(other);
  const live = beginLive(startLive(other), still(14).frames, 0, "begun");
  expect(isLive(live)).toBe(true);
  expect(beginStepped(live, recording)).toBe(live);
  const unsaved = { ...other, live: addLiveStep(live, 1).live };
  expect(beginStepped({ ...unsaved, live: { ...unsaved.live, phase: "off" } }, recording).shown).toBe(
    other.shown,
  );
});
