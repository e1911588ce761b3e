import { expect, test } from "vitest";
import { robotsLine, robotsTable } from "./robots-table.js";

const row = (what: string, value: number, unit: string) => ({
  what,
  value,
  unit,
  against: null,
  ratio: null,
});
const ROWS = [
  row("panda: checks passed", 9, "of 9"),
  row("panda: drift in 5 s", 0.01, "mm"),
  row("panda: off a square of 10 cm", 3.61, "mm"),
  row("panda: lift of a block", 8, "cm"),
  row("panda: expert of Reach-v1, 20 episodes", 100, "%"),
  row("panda: expert of PickPlace-v1, 20 episodes", 95, "%"),
  row("PickPlace-v1 on-panda, seed 1: success of 200 held-out episodes", 99, "%"),
  row(
    "PickPlace-v1 on-panda, seed 1: success with every length off by 1 mm, signs by entry and episode",
    7,
    "%",
  ),
  row("PickPlace-v1 on-panda, seed 2: success of 200 held-out episodes", 96, "%"),
  row("PickPlace-v1 on-panda: mean success", 97.5, "%"),
  row("bare: checks passed, all but: follows a square", 6, "of 9"),
  row("bare: drift in 5 s", 0.2, "mm"),
];

test("the table has a line a robot, with a gap where nothing was measured", () => {
  expect(robotsTable(ROWS).split("\n").slice(2)).toEqual([
    "| panda | 9 of 9 | 0 mm | 3.6 mm | 8 cm | 100 % | 95 % | 97.5 % (99, 96) |",
    "| bare | 6 of 9; not: follows a square | 0.2 mm |  |  |  |  |  |",
    "",
  ]);
});

test("the README's line names the robot that is learned with worst", () => {
  const other = row("PickPlace-v1 on-bare, seed 1: success of 200 held-out episodes", 90.5, "%");
  expect(robotsLine([...ROWS, other], "`c`")).toBe(
    "| 2 robots, PickPlace-v1 by PPO alone with one recipe: success of 200 held-out episodes | 1 pass check-robot; 94 % on average, least 90.5 % (bare) | `c` |",
  );
});
