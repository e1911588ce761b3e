// The tables of the scripted experts, from the rows of the benchmark "experts": every task by every robot at every rate.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { round, unique } from "./figures.js";

/** A row "task, robot, rate Hz: success of n episodes". */
const EVERYWHERE = /^(\S+), (\S+), (\d+) Hz: success of (\d+) episodes$/;
/** A row "task: success of n episodes" or "task, setting value: success of n episodes". */
const BY_DEFAULT = /^([^:]+): success of (\d+) episodes$/;

interface Cell {
  readonly task: string;
  readonly robot: string;
  readonly rate: number;
  readonly episodes: string;
  readonly value: number;
}

/** Write the two lines of the README: the tasks as they come, and every task by every robot at every rate. */
export function expertsLines(rows: readonly BenchRow[], command: string): string[] {
  const alone = byDefault(rows);
  const cells = everywhere(rows);
  const range = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map(round);
    return low === high ? `${low} %` : `${low} to ${high} %`;
  };
  const line = (what: string, figure: string) => `| Scripted experts, ${what} | ${figure} | ${command} |`;
  const lines = [
    line(
      `${alone.length} tasks: success of ${alone[0]!.episodes} episodes each`,
      range(alone.map(({ value }) => value)),
    ),
  ];
  if (cells.length === 0) return lines;
  const [pairs, rates] = [unique(cells.map(pairOf)), unique(cells.map(({ rate }) => rate))];
  const failing = pairs.filter((pair) => cells.some((cell) => pairOf(cell) === pair && cell.value < ENOUGH));
  const ofRest = cells.filter((cell) => !failing.includes(pairOf(cell))).map(({ value }) => value);
  const exceptions = failing.map((pair) => {
    const values = cells.filter((cell) => pairOf(cell) === pair).map(({ value }) => value);
    return `; ${pair}: ${range(values)}`;
  });
  const what = `${pairs.length} pairs of task and robot at ${rates.join(", ")} Hz: success of ${cells[0]!.episodes} episodes each`;
  return [...lines, line(what, `${range(ofRest)}${exceptions.join("")}`)];
}

/** Success below this is named, %. */
const ENOUGH = 95;

/** Write one table of the tasks as they come, and one of tasks by robots, whose cells hold the success at each rate. */
export function expertsTables(rows: readonly BenchRow[]): string {
  const alone = byDefault(rows).map(({ task, episodes, value }) => {
    const mean = rows.find(({ what }) => what === `${task}: mean return`);
    return `| ${task} | ${round(value)} % of ${episodes} | ${mean ? round(mean.value) : ""} |`;
  });
  const first = ["| | success | mean return |", "|---|---|---|", ...alone, ""].join("\n");
  const cells = everywhere(rows);
  if (cells.length === 0) return first;
  const robots = unique(cells.map(({ robot }) => robot));
  const rates = unique(cells.map(({ rate }) => rate));
  const cell = (task: string, robot: string) => {
    const values = rates.map(
      (rate) => cells.find((one) => one.task === task && one.robot === robot && one.rate === rate)?.value,
    );
    if (values.every((value) => value === undefined)) return "not for it";
    return values.map((value) => (value === undefined ? "" : round(value))).join(" / ");
  };
  const lines = unique(cells.map(({ task }) => task)).map(
    (task) => `| ${task} | ${robots.map((robot) => cell(task, robot)).join(" | ")} |`,
  );
  return [
    first,
    `Success of ${cells[0]!.episodes} episodes, %, with the physics at ${rates.join(" / ")} Hz; "not for it": the task refuses the robot.`,
    "",
    `| | ${robots.join(" | ")} |`,
    `|---|${"---|".repeat(robots.length)}`,
    ...lines,
    "",
  ].join("\n");
}

function everywhere(rows: readonly BenchRow[]): Cell[] {
  return rows.flatMap(({ what, value }) => {
    const [matched, task, robot, rate, episodes] = EVERYWHERE.exec(what) ?? [];
    if (matched === undefined) return [];
    return [{ task: task!, robot: robot!, rate: Number(rate), episodes: episodes!, value }];
  });
}

function byDefault(rows: readonly BenchRow[]): { task: string; episodes: string; value: number }[] {
  return rows.flatMap(({ what, value }) => {
    const [matched, task, episodes] = EVERYWHERE.test(what) ? [] : (BY_DEFAULT.exec(what) ?? []);
    return matched === undefined ? [] : [{ task: task!, episodes: episodes!, value }];
  });
}

function pairOf({ task, robot }: Cell): string {
  return `${task} on ${robot}`;
}
