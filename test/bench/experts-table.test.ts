import { expect, test } from "vitest";
import { expertsLines, expertsTables } from "./experts-table.js";

const row = (what: string, value: number, unit = "%") => ({ what, value, unit, against: null, ratio: null });
const ROWS = [
  row("Reach-v1: success of 200 episodes", 99.5),
  row("Reach-v1: mean return", 93.34, "1"),
  row("Push-v1, clearance 0.001: success of 200 episodes", 100),
  row("Reach-v1, panda, 240 Hz: success of 50 episodes", 100),
  row("Reach-v1, panda, 80 Hz: success of 50 episodes", 98),
  row("Push-v1, panda, 240 Hz: success of 50 episodes", 96),
  row("Push-v1, panda, 80 Hz: success of 50 episodes", 100),
  row("Reach-v1, so101, 240 Hz: success of 50 episodes", 80),
  row("Reach-v1, so101, 80 Hz: success of 50 episodes", 74),
];

test("the experts' lines name the pairs of task and robot below 95 %, and the range of all others", () => {
  expect(expertsLines(ROWS, "`c`")).toEqual([
    "| Scripted experts, 2 tasks: success of 200 episodes each | 99.5 to 100 % | `c` |",
    "| Scripted experts, 3 pairs of task and robot at 240, 80 Hz: success of 50 episodes each | 96 to 100 %; Reach-v1 on so101: 74 to 80 % | `c` |",
  ]);
  expect(expertsLines(ROWS.slice(2, 3), "`c`")).toEqual([
    "| Scripted experts, 1 tasks: success of 200 episodes each | 100 % | `c` |",
  ]);
});

test("the experts' table has a line per task and a column per robot, with the success at each rate, and says who is refused", () => {
  expect(expertsTables(ROWS)).toBe(`| | success | mean return |
|---|---|---|
| Reach-v1 | 99.5 % of 200 | 93.3 |
| Push-v1, clearance 0.001 | 100 % of 200 |  |

Success of 50 episodes, %, with the physics at 240 / 80 Hz; "not for it": the task refuses the robot.

| | panda | so101 |
|---|---|---|
| Reach-v1 | 100 / 98 | 80 / 74 |
| Push-v1 | 96 / 100 | not for it |
`);
});
