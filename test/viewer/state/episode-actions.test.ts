// Episodes are asked for, read, shown and refused.
import { expect, test } from "vitest";
import {
  chooseEpisodes,
  closeEpisodes,
  openEpisodes,
  refuseEpisodes,
  showEpisodes,
  showLoading,
  showProgress,
} from "../../../viewer/state/episode-actions.js";
import { say } from "../../../viewer/state/panel-actions.js";
import { seek } from "../../../viewer/state/playback-actions.js";
import { comparisonWith, marked, numFrames } from "../../../viewer/state/selectors.js";
import { LISTED, showing, still } from "./states.js";

const A = { run: "new", name: "a.mcap" };
const B = { run: "new", name: "b.mcap" };
const C = { run: "old", name: "c.mcap" };

test("an episode that was chosen is marked at once, and no new one takes its place", () => {
  const asked = chooseEpisodes(LISTED, [B]);
  expect(asked.follow).toBe(false);
  expect(marked(asked)).toEqual({ current: "b.mcap", compared: [] });
  expect(asked.shown).toEqual([]);
});

test("of a comparison over runs only the episodes of the run are marked", () => {
  expect(marked(openEpisodes(LISTED, [A, C]))).toEqual({ current: "a.mcap", compared: ["a.mcap"] });
  expect(marked(openEpisodes(LISTED, [C, A]))).toEqual({ current: undefined, compared: ["a.mcap"] });
});

test("a comparison goes on at the frame it is at, and ends at its longest episode", () => {
  const one = seek(showing({ "a.mcap": 41 }), 30);
  const two = showing({ "a.mcap": 41, "b.mcap": 61 }, one);
  expect(two).toMatchObject({ frame: 30, isPlaying: false });
  expect(numFrames(two)).toBe(61);
  // back to one, which is shorter
  expect(showing({ "a.mcap": 41 }, seek(two, 55))).toMatchObject({ frame: 40, isPlaying: false });
});

test("what is read slowly takes the place of what was shown, unless it goes on being shown", () => {
  const before = say(showing({ "a.mcap": 41 }), "stage", "old");
  const other = showLoading(openEpisodes(before, [B]));
  expect(other).toMatchObject({ shown: [], isPlaying: false, frame: 0, messages: {} });
  expect(other.loading?.isSlow).toBe(true);
  expect(showLoading(openEpisodes(before, [A, B])).shown).toBe(before.shown);
  expect(showProgress(other, 70, 300).loading).toMatchObject({ read: 70, expected: 300, isSlow: true });
});

test("a word about how far it is that comes too late changes nothing", () => {
  const shown = showing({ "a.mcap": 41 });
  expect(showLoading(shown)).toBe(shown);
  expect(showProgress(shown, 1, 2)).toBe(shown);
});

test("an episode that cannot be read closes what was shown, but not what it was to stand beside", () => {
  const shown = showing({ "a.mcap": 41 });
  const refused = refuseEpisodes(openEpisodes(shown, [B]), "b.mcap is not whole");
  expect(refused).toMatchObject({
    shown: [],
    loading: undefined,
    episodes: [B],
    messages: { stage: "b.mcap is not whole" },
  });
  const beside = refuseEpisodes(openEpisodes(shown, [A, B]), "b.mcap is not whole");
  expect(beside).toMatchObject({ shown: shown.shown, loading: undefined, episodes: [A] });
});

test("a frame that was asked for is shown, standing still; one behind the end becomes the last, and is said", () => {
  const read = (frame: number) =>
    showEpisodes(openEpisodes(LISTED, [A], frame), [{ ...A, recording: still(41) }]);
  expect(read(40)).toMatchObject({ frame: 40, isPlaying: false, messages: {} });
  const far = read(900);
  expect(far).toMatchObject({ frame: 40, isPlaying: false });
  expect(far.messages.link).toBe(
    "The link names frame 900, but the episode ends at frame 40, which is shown.",
  );
});

test("an episode is taken into a comparison and out of it, but never the last", () => {
  const one = showing({ "a.mcap": 41 });
  expect(comparisonWith(one, B)).toEqual([A, B]);
  expect(comparisonWith(one, A)).toEqual([A]);
  expect(comparisonWith(showing({ "a.mcap": 41, "b.mcap": 30 }), A)).toEqual([B]);
  const unnamed = { ...one, shown: [{ ...A, name: "", recording: still(3) }] };
  expect(comparisonWith(unnamed, B)).toEqual([B]);
});

test("closing shows nothing and asks for nothing", () => {
  expect(closeEpisodes(openEpisodes(showing({ "a.mcap": 41 }), [B]))).toMatchObject({
    shown: [],
    episodes: [],
    loading: undefined,
    isPlaying: false,
    frame: 0,
  });
});
