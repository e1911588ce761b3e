// What the user asks for waits until a live episode may be left.
import { expect, test } from "vitest";
import { createCommands } from "../../../viewer/state/commands.js";
import { createStore } from "../../../viewer/state/store.js";
import { LISTED, runOf, showing } from "./states.js";

const A = { run: "new", name: "a.mcap" };
const B = { run: "new", name: "b.mcap" };

test("an episode, a run, the neighbour in the list and a link are opened where the user may leave", async () => {
  const store = createStore(LISTED);
  const commands = createCommands(store, async () => true);
  await commands.openEpisode("a.mcap");
  expect(store.get()).toMatchObject({ episodes: [A], follow: false });
  await commands.openNeighbour(-1);
  expect(store.get().episodes).toEqual([B]);
  await commands.openRun("old");
  expect(store.get()).toMatchObject({ run: "old", episodes: [{ run: "old", name: "d.mcap:1" }] });
  await commands.openLink({ run: "new", episode: "a.mcap", compare: [] });
  expect(store.get()).toMatchObject({ run: "new", episodes: [A] });
});

test("nothing changes where the user stays", async () => {
  const store = createStore(showing({ "a.mcap": 41 }));
  const before = store.get();
  const commands = createCommands(store, async () => false);
  await commands.openEpisode("b.mcap");
  await commands.openNeighbour(-1);
  await commands.openRun("old");
  await commands.toggleCompared("b.mcap");
  await commands.openLink({ run: "old", compare: [] });
  expect(store.get()).toBe(before);
});

test("a fifth episode is not compared, and that is said", async () => {
  const four = { "a.mcap": 3, "b.mcap": 3, "c.mcap": 3, "d.mcap": 3 };
  const runs = [runOf("new", [...Object.keys(four), "e.mcap"])];
  const store = createStore(showing(four, { ...LISTED, runs }));
  const commands = createCommands(store, async () => true);
  await commands.toggleCompared("e.mcap");
  expect(store.get().loading).toBe(undefined);
  expect(store.get().messages.compare).toBe("4 episodes are compared at most: leave one out first.");
  await commands.toggleCompared("d.mcap");
  expect(store.get().episodes.map(({ name }) => name)).toEqual(["a.mcap", "b.mcap", "c.mcap"]);
});
