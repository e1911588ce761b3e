// The link to what is shown: written, read, and what becomes of one that names what is not there.
import { expect, test } from "vitest";
import { openEpisodes } from "../../../viewer/state/episode-actions.js";
import { linkTo, openLink, parseLink } from "../../../viewer/state/link.js";
import { chooseTab, suggestTab } from "../../../viewer/state/panel-actions.js";
import { play, seek } from "../../../viewer/state/playback-actions.js";
import { INITIAL_STATE, type ViewerState } from "../../../viewer/state/viewer-state.js";
import { LISTED, runOf, showing } from "./states.js";

/** The page when its runs have come and none is open yet. */
const FRESH: ViewerState = { ...LISTED, run: undefined, metrics: undefined };
const SHOWN = seek(showing({ "a.mcap": 41 }), 12);
const open = (hash: string, state = FRESH) => openLink(state, parseLink(hash));

test("the link names run, episode, frame and tab", () => {
  expect(linkTo(chooseTab(SHOWN, "policy"))).toBe("#run=new&episode=a.mcap&frame=12&tab=policy");
});

test("an episode that plays has no frame, and the first tab is named only where it was chosen", () => {
  expect(linkTo(play(SHOWN))).toBe("#run=new&episode=a.mcap");
  expect(linkTo(chooseTab(play(SHOWN), "episode"))).toBe("#run=new&episode=a.mcap&tab=episode");
  expect(linkTo(suggestTab(play(SHOWN), "training"))).toBe("#run=new&episode=a.mcap&tab=training");
  expect(linkTo(LISTED)).toBe("#run=new");
  expect(linkTo(INITIAL_STATE)).toBe("");
});

test("a comparison is named with its episodes, those of other runs with their run", () => {
  const compared = openEpisodes(LISTED, [
    { run: "new", name: "a.mcap" },
    { run: "new", name: "b.mcap" },
    { run: "old", name: "d.mcap:1" },
  ]);
  const link = linkTo(compared);
  expect(link).toBe("#run=new&episode=a.mcap&compare=b.mcap&compare=old%2Fd.mcap%3A1");
  expect(open(link).episodes).toEqual(compared.episodes);
});

test("a link opens what it names, standing still at its frame", () => {
  const opened = open("#run=old&episode=c.mcap&frame=7&tab=training");
  expect(opened).toMatchObject({
    run: "old",
    episodes: [{ run: "old", name: "c.mcap" }],
    loading: { frame: 7 },
    tab: "training",
    isTabChosen: true,
    messages: {},
  });
  // while it is read, too, the link is this one
  expect(linkTo(opened)).toBe("#run=old&episode=c.mcap&frame=7&tab=training");
});

test("any name of a run or an episode is read as it was written", () => {
  const run = "a b&c=d#e%2F";
  const state = { ...LISTED, runs: [runOf(run, ["1+1.mcap"])], run };
  const asked = openEpisodes(state, [{ run, name: "1+1.mcap" }]);
  expect(open(linkTo(asked), { ...FRESH, runs: state.runs })).toMatchObject({
    run,
    episodes: asked.episodes,
  });
});

test("without names the newest run opens with its best episode; a file of several with its first", () => {
  expect(open("")).toMatchObject({ run: "new", episodes: [{ run: "new", name: "b.mcap" }], messages: {} });
  expect(open("#frame=3")).toMatchObject({ run: "new", loading: { frame: 3 } });
  expect(open("#run=old&episode=d.mcap").episodes).toEqual([{ run: "old", name: "d.mcap:0" }]);
});

test("a run that is not here is said, and the newest is shown", () => {
  const opened = open("#run=gone&episode=a.mcap&frame=7");
  expect(opened).toMatchObject({ run: "new", episodes: [{ name: "b.mcap" }] });
  expect(opened.loading?.frame).toBe(undefined);
  expect(opened.messages.link).toBe('The link names the run "gone", which is not here. The newest is shown.');
});

test("an episode that its run does not have is said, and the best is shown", () => {
  const opened = open("#run=old&episode=a.mcap&frame=7");
  expect(opened).toMatchObject({ run: "old", episodes: [{ name: "d.mcap:1" }] });
  expect(opened.loading?.frame).toBe(undefined);
  expect(opened.messages.link).toBe("The link names the episode a.mcap, which old does not have.");
});

test.each(["abc", "-1", "1.5", "1e3", "", "99999999999"])("the frame %j is said, and left out", (frame) => {
  const opened = open(`#run=new&episode=a.mcap&frame=${frame}`);
  expect(opened.loading).toMatchObject({ frame: undefined });
  expect(opened.messages.link).toBe(`The link names the frame "${frame}"; frames are 0, 1, 2 and so on.`);
});

test("a tab that there is not is said with those there are, beside what else is wrong", () => {
  const opened = open("#run=gone&tab=insight");
  expect(opened).toMatchObject({ tab: "episode", isTabChosen: false });
  expect(opened.messages.link).toBe(
    'The link names the tab "insight"; there are episode, policy, live, training, compare. The link names the run "gone", which is not here. The newest is shown.',
  );
});

test("of five episodes the first four are compared, and those that are not there left out", () => {
  const five = "compare=b.mcap&compare=old/c.mcap&compare=old/d.mcap:0&compare=old/d.mcap:1";
  const many = open(`#run=new&episode=a.mcap&${five}`);
  expect(many.episodes).toHaveLength(4);
  expect(many.messages.link).toBe("The link names 5 episodes; the first 4 are compared.");
  const some = open("#run=new&episode=a.mcap&compare=gone/c.mcap&compare=b.mcap");
  expect(some.episodes.map(({ name }) => name)).toEqual(["a.mcap", "b.mcap"]);
  expect(some.messages.link).toBe("The link names the episode c.mcap, which gone does not have.");
});

test("a link to what is shown already moves the time and reads nothing anew", () => {
  const moved = open("#run=new&episode=a.mcap&frame=30", SHOWN);
  expect(moved).toMatchObject({ frame: 30, isPlaying: false, loading: undefined });
  expect(moved.shown).toBe(SHOWN.shown);
  const far = open("#run=new&episode=a.mcap&frame=41", SHOWN);
  expect(far.frame).toBe(40);
  expect(far.messages.link).toBe(
    "The link names frame 41, but the episode ends at frame 40, which is shown.",
  );
  // a good link takes away what was said of a bad one
  expect(open("#run=new&episode=a.mcap", far).messages).toEqual({});
});

test("a bad link leaves what is shown", () => {
  const opened = open("#run=gone&episode=c.mcap", SHOWN);
  expect(opened.shown).toBe(SHOWN.shown);
  expect(opened.episodes).toBe(SHOWN.episodes);
  expect(opened.messages.link).toBe('The link names the run "gone", which is not here.');
});

test("where there are no runs a link opens nothing", () => {
  expect(open("#run=gone&episode=a.mcap", { ...FRESH, runs: [] })).toMatchObject({
    run: undefined,
    episodes: [],
  });
});
