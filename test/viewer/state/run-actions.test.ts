// Runs, and what arrives of them while the page is open.
import { expect, test } from "vitest";
import { openEpisodes } from "../../../viewer/state/episode-actions.js";
import { chooseTab, setFollow } from "../../../viewer/state/panel-actions.js";
import {
  addEpisode,
  addMetrics,
  addOverlay,
  openRun,
  removeOverlay,
  selectRun,
  setEvaluation,
  setMetrics,
  setValidation,
} from "../../../viewer/state/run-actions.js";
import { currentRun, listed, neighbour } from "../../../viewer/state/selectors.js";
import { LISTED, runOf, showing } from "./states.js";

const C = { name: "c.mcap", seed: "9", return: 1, length: 4, success: true };
const EVALUATION = { successRate: 0.5, episodes: 20, steps: 4096 };

test("a run opens with its best episode, or says that it has none", () => {
  expect(openRun(LISTED, "old").episodes).toEqual([{ run: "old", name: "d.mcap:1" }]);
  const empty = openRun({ ...showing({ "a.mcap": 41 }), runs: [runOf("empty", [])] }, "empty");
  expect(empty).toMatchObject({ shown: [], episodes: [], loading: undefined });
  expect(empty.messages.stage).toBe("This run has no episodes yet. They appear here as they are recorded.");
});

test("a fit opens with its panel of curves unless the user chose another, and what another came to is gone", () => {
  const fit = { ...runOf("fit", []), fit: { predictor: "classifier-cnn", data: "digits" } };
  const listing = { ...showing({ "a.mcap": 41 }), runs: [fit] };
  const opened = openRun(listing, "fit");
  expect(opened).toMatchObject({ tab: "training", shown: [], episodes: [] });
  expect(opened.messages.stage).toBe(
    "A predictor that learned from data: its curves and worst examples are in the panel Training.",
  );
  expect(openRun(chooseTab(listing, "live"), "fit").tab).toBe("live");
  const validation = { epoch: 1, rows: 2, metrics: {}, worst: [] };
  expect(setValidation(opened, "other", validation).validation).toBeUndefined();
  const validated = setValidation(opened, "fit", validation);
  expect(validated.validation).toBe(validation);
  expect(selectRun(validated, "other").validation).toBeUndefined();
});

test("a recorded episode is listed, and opened where the user follows the run", () => {
  const followed = addEpisode(LISTED, "new", C);
  expect(currentRun(followed)!.episodes.map(({ name }) => name)).toEqual(["a.mcap", "b.mcap", "c.mcap"]);
  expect(followed.episodes).toEqual([{ run: "new", name: "c.mcap" }]);
  expect(addEpisode(setFollow(LISTED, false), "new", C).episodes).toEqual([]);
  expect(addEpisode(LISTED, "old", { ...C, name: "e.mcap" }).episodes).toEqual([]);
  // never over steps of a live episode that would be lost
  const unsaved = { ...LISTED, live: { ...LISTED.live, unsaved: 1 } };
  expect(addEpisode(unsaved, "new", C).episodes).toEqual([]);
});

test("an episode that is recorded anew takes the place of the one of its name", () => {
  const again = addEpisode(LISTED, "new", { ...C, name: "a.mcap" });
  expect(currentRun(again)!.episodes.map(({ name, seed }) => [name, seed])).toEqual([
    ["b.mcap", "1"],
    ["a.mcap", "9"],
  ]);
});

test("an evaluation opens the best episode, and suggests its tab until the user chose one", () => {
  const training = { ...openEpisodes(LISTED, [{ run: "new", name: "a.mcap" }]), tab: "training" as const };
  const evaluated = setEvaluation(training, "new", EVALUATION);
  expect(currentRun(evaluated)!.evaluation).toEqual(EVALUATION);
  expect(evaluated).toMatchObject({ tab: "episode", episodes: [{ run: "new", name: "b.mcap" }] });
  const chosen = setEvaluation(chooseTab(training, "compare"), "new", EVALUATION);
  expect(chosen.tab).toBe("compare");
  // the episode that is shown already is not read again
  const best = openEpisodes(LISTED, [{ run: "new", name: "b.mcap" }]);
  expect(setEvaluation(best, "new", EVALUATION).loading).toBe(best.loading);
  expect(setEvaluation(training, "old", EVALUATION)).toMatchObject({ tab: "training" });
});

test("metrics are added to the run and to those drawn over it, and suggest their tab", () => {
  const rows = [{ step: 1 }];
  const drawn = addOverlay(setMetrics(LISTED, "new", rows), "old", [{ step: 7 }]);
  const own = addMetrics(drawn, "new", { step: 2 });
  expect(own).toMatchObject({ metrics: [{ step: 1 }, { step: 2 }], tab: "training" });
  expect(rows).toEqual([{ step: 1 }]);
  const other = addMetrics(drawn, "old", { step: 8 });
  expect(other.overlays.get("old")).toEqual([{ step: 7 }, { step: 8 }]);
  expect(other.tab).toBe("episode");
  expect(addMetrics(LISTED, "old", { step: 8 })).toBe(LISTED);
  expect(setMetrics(LISTED, "old", rows)).toBe(LISTED);
  expect(removeOverlay(drawn, "old").overlays.size).toBe(0);
});

test("seven runs are drawn over one at most", () => {
  const names = ["1", "2", "3", "4", "5", "6", "7"];
  const full = names.reduce((state, name) => addOverlay(state, name, []), LISTED);
  const refused = addOverlay(full, "8", []);
  expect([...refused.overlays.keys()]).toEqual(names);
  expect(refused.messages.overlays).toBe(
    "At most 7 runs are drawn over this one. Take one of them off first.",
  );
  expect(removeOverlay(refused, "3").messages.overlays).toBe(undefined);
});

test("a run that is opened has its own metrics, and is no longer drawn over another", () => {
  const opened = selectRun(addOverlay(LISTED, "old", [{ step: 7 }]), "old");
  expect(opened).toMatchObject({ run: "old", metrics: undefined });
  expect(opened.overlays.size).toBe(0);
});

test("the neighbours of an episode are those of the list as it is filtered", () => {
  const shown = openEpisodes(LISTED, [{ run: "new", name: "a.mcap" }]);
  // newest first
  expect(listed(shown).map(({ name }) => name)).toEqual(["b.mcap", "a.mcap"]);
  expect([neighbour(shown, 1), neighbour(shown, -1)]).toEqual([undefined, "b.mcap"]);
  const filtered = { ...shown, list: { ...shown.list, seed: "1" } };
  expect(neighbour(filtered, 1)).toBe("b.mcap");
});
