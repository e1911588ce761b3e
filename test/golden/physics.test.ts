// The bits of the simulation: every task on every robot, and every control mode.
import { describe, expect, test } from "vitest";
import { openGolden } from "./golden.js";
import { ENV_IDS, MODES, playRandomly, ROBOT_IDS, refuses } from "./play.js";

const STEPS = 100;
const golden = openGolden(new URL("physics.json", import.meta.url));

describe.each(ROBOT_IDS)("%s by random actions", (robot) => {
  test.each(ENV_IDS.filter((id) => !refuses(id, { robot })))("in %s", (id) => {
    for (const seed of [1, 2])
      golden.check(`${id} on ${robot}`, seed, playRandomly(id, { robot }, seed, STEPS));
  });
});

describe.each(["panda", "so101"])("%s by random actions", (robot) => {
  const possible = MODES.filter((controlMode) => !refuses("PickPlace-v1", { robot, controlMode }));
  test.each(possible)("in control mode %s", (controlMode) => {
    const config = { robot, controlMode };
    for (const seed of [1, 2]) {
      const parts = playRandomly("PickPlace-v1", config, seed, STEPS);
      golden.check(`control mode ${controlMode} on ${robot}`, seed, parts);
    }
  });
});

test("so101 lacks the reach or the grip for some tasks, and takes every control mode", () => {
  const robot = "so101";
  expect(ENV_IDS.filter((id) => refuses(id, { robot }))).toEqual([
    "StackTower-v1",
    "Sort-v1",
    "BinPick-v1",
    "HiddenMass-v1",
    "Handover-v1",
  ]);
  expect(MODES.filter((controlMode) => refuses("PickPlace-v1", { robot, controlMode }))).toEqual([]);
});
