// The page of all results and the figures that the README quotes, written from the committed files: `npm run results`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { curvesPicture } from "./curves-picture.js";
import { expertsLines, expertsTables } from "./experts-table.js";
import { fidelityTables } from "./fidelity-table.js";
import {
  type BenchResult,
  commandOf,
  duration,
  FIGURES_HEAD,
  firstValue,
  readResult,
  round,
  seedValues,
  trainingFigures,
  unique,
} from "./figures.js";
import { interopLine, interopTable } from "./interop-table.js";
import { readmeFigures } from "./readme-figures.js";
import { robotsLine, robotsTable } from "./robots-table.js";

const FIDELITY =
  "The same robots, bodies and joint targets in both; ours at 240 Hz with 20 sweeps, MuJoCo's WebAssembly build at 2 ms with " +
  'its own contact settings, "rigid MuJoCo" at 1 ms with contacts of 2 ms and without creep. Test: test/physics/fidelity.test.ts.';
const START = "<!-- results: npm run results writes what follows -->\n";
const END = "<!-- end of results -->\n";

/** Return the summary's lines from the JSON files in `folder`; benchmarks without a result are left out. */
export function resultsTable(folder: string): string {
  const read = (name: string) => readResult(folder, name);
  const lines = [...FIGURES_HEAD];
  for (const name of [
    "learning",
    "learning-lift",
    "learning-push",
    "learning-drawer",
    "learning-robots",
    "learning-randomized",
    "learning-randomized-without",
    "learning-demos",
    "learning-stack",
    "learning-sort",
    "learning-stack-tower",
    "learning-bin-pick",
    "learning-slide",
    "learning-peg-insert",
    "learning-remember-goal",
    "learning-remember-goal-camera",
    "learning-occluded",
    "learning-hidden-mass",
    "learning-handover",
    "learning-vision",
    "learning-vision-randomized",
    "learning-vision-stack",
    "learning-vision-sort",
    "learning-vision-ppo",
    "learning-vision-pick-place",
    "sb3-ppo",
    "sb3-her",
  ]) {
    const result = read(name);
    if (result) lines.push(...learningLines(result, commandOf(name)));
  }
  const robots = read("robots");
  if (robots) lines.push(robotsLine(robots.rows, commandOf("robots")));
  const faults = read("faults");
  if (faults) lines.push(...faultLines(faults, commandOf("faults")));
  const experts = read("experts");
  if (experts) lines.push(...expertsLines(experts.rows, commandOf("experts")));
  for (const name of ["digits", "characters", "remaining-life", "robot-failures"]) {
    for (const { what, value, unit, against, ratio } of read(name)?.rows ?? []) {
      if (unit === "s") continue;
      const compared = ratio === null ? "" : `, ${ratio.toFixed(2)} times ${against}`;
      const figure = unit === "1" ? round(value) : `${value.toFixed(2)} ${unit}`;
      lines.push(`| ${what} | ${figure}${compared} | ${commandOf(name)} |`);
    }
  }
  for (const name of [
    "physics",
    "training",
    "recurrent-training",
    "update",
    "recurrent-update",
    "sequence-step",
    "camera",
  ]) {
    const result = read(name);
    if (!result) continue;
    for (const { what, value, unit, against, ratio } of result.rows) {
      // a ratio to what another machine did says nothing
      if (against?.includes("on another machine")) continue;
      // other networks and amounts: on the page of all results, but nothing to quote
      if (name === "recurrent-training" && what.endsWith("defaults")) continue;
      if (name === "camera" && (!what.startsWith("64 x 64") || what.includes("three.js"))) continue;
      const isRate = unit === "steps/s" || unit === "frames/s";
      if (ratio === null && !isRate) continue;
      const figure = isRate ? `${round(value)} ${unit}` : "";
      const compared = ratio === null ? "" : `${ratio.toFixed(2)} times ${against}`;
      const title = name === "camera" ? `Camera, ${what}` : what;
      lines.push(`| ${title} | ${[figure, compared].filter(Boolean).join(", ")} | ${commandOf(name)} |`);
    }
  }
  const interop = read("interop")?.checks;
  if (interop) lines.push(interopLine(interop));
  return `${lines.join("\n")}\n`;
}

/** Return the page that lists every figure in `folder` with its date, commit and machine, below the picture of all curves. */
export function resultsPage(folder: string): string {
  const results = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => readResult(folder, file.slice(0, -".json".length))!);
  const sections = results.map(
    ({ name, date, commit, hardware: { cpu, cores, node }, elsewhere, rows, checks }) => {
      if (checks)
        return `## ${name}: what other programs read\n\n\`npm run interop\`\n\n${interopTable(checks)}`;
      if (name === "fidelity") {
        const origin = `${commandOf(name)}, ${date}, commit ${commit}; the same on every machine.`;
        return `## ${name}: our physics beside MuJoCo's\n\n${origin} ${FIDELITY}\n\n${fidelityTables(rows)}`;
      }
      const machine = `${cores} cores of ${cpu}, Node ${node}`;
      const besides = elsewhere === undefined ? "" : ` ${elsewhere}`;
      const origin = `${commandOf(name)}, ${date}, commit ${commit}, ${machine}.${besides}`;
      if (name === "experts") return `## ${name}\n\n${origin}\n\n${expertsTables(rows)}`;
      if (name === "robots") return `## ${name}\n\n${origin}\n\n${robotsTable(rows)}`;
      const lines = rows.map(({ what, value, unit, against, ratio }) => {
        const compared = ratio === null ? "" : `${ratio.toFixed(2)} times ${against}`;
        return `| ${what} | ${round(value)} ${unit} | ${compared} |`;
      });
      return `## ${name}\n\n${origin}\n\n| what | figure | compared |\n|---|---|---|\n${lines.join("\n")}\n`;
    },
  );
  return `# Results

Written by \`npm run results\` from the JSON and CSV files beside it; a test compares. The machines are shared and their speed
changes during a day: read ratios, and times only as an order of size. Curves are success of validation episodes, played by
the policy's mean; the figures are success of other, held-out episodes at their last step. "Off by 1 and 3 mm" is the same policy
with every observed length off by that much, signs drawn per entry and episode.

![Success of validation episodes over environment steps, one panel per training, one line per seed](curves.svg)

## Summary

${resultsTable(folder)}
${sections.join("\n")}`;
}

/** Put the table into the README's place for it. */
export function withResults(readme: string, table: string): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) throw new Error("the README has no place for results");
  return `${readme.slice(0, start + START.length)}\n${table}\n${readme.slice(end)}`;
}

/** One line per task: mean and range of success, steps, and the longest time of a seed. */
function learningLines({ rows }: BenchResult, command: string): string[] {
  const titles = unique(rows.map(({ what }) => what.replace(/(, seed \d+|): .*/, "")));
  return titles.map((title) => {
    const { successes, success, kilosteps, seconds } = trainingFigures(rows, title);
    const [low, high] = [Math.min(...successes), Math.max(...successes)];
    const spread = low === high ? "" : ` (${round(low)} to ${round(high)})`;
    const included =
      seedValues(rows, title, "pre-training").length > 0 ? ", the encoder's pre-training included" : "";
    const what = `${title}: success of 200 held-out episodes, ${successes.length} seeds`;
    const off = biasFigures(rows.filter(({ what }) => what.startsWith(`${title}, seed `)));
    return `| ${what} | ${round(success)} %${spread}${off}; ${kilosteps}k steps, at most ${duration(seconds, 1)}${included} | ${command} |`;
  });
}

const BIASED = /: success with (?:every length|(\S+), which never varied,) off by (1|3) mm/;

/** Mean success with every length off, and the least of what is off alone among the entries that never varied; empty without any. */
function biasFigures(rows: readonly BenchRow[]): string {
  const biased = rows.flatMap(({ what, value }) => {
    const [matched, entry, size] = BIASED.exec(what) ?? [];
    return matched === undefined ? [] : [{ entry, size: size!, value }];
  });
  const means = (entry: string | undefined) =>
    ["1", "3"].map((size) => {
      const values = biased
        .filter((row) => row.entry === entry && row.size === size)
        .map(({ value }) => value);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
  if (biased.length === 0) return "";
  const told = (entry: string | undefined) => means(entry).map(round).join(" and ");
  const alone = unique(biased.flatMap(({ entry }) => entry ?? []));
  const [worst] = alone.sort((a, b) => means(a)[1]! - means(b)[1]!);
  const least = worst === undefined ? "" : ` (only ${worst}, which never varied: ${told(worst)} %)`;
  return `; ${told(undefined)} % with every length off by 1 and 3 mm${least}`;
}

/** What is tried to break, and what broke. */
function faultLines({ rows }: BenchResult, command: string): string[] {
  const value = (begin: string) => firstValue(rows, begin);
  const count = (begin: string) => value(begin).toLocaleString("en-US");
  const kills = `${count("kills survived")} survived; ${count("of these, bit-identical")} of ${count("killed trainings")} trainings resumed to their end are bit-identical`;
  const steps =
    `not finite: ${count("steps that were not finite")}; deepest penetration ${round(value("deepest penetration"))} mm, ` +
    `objects lost: ${count("objects lost")}`;
  return [
    `| ${count("kills of a training")} kills of trainings, three agents | ${kills} | ${command} |`,
    `| ${count("damaged files read")} damaged files of every format | crashes, hangs and more than 1 GB: ${count("crashes")} | ${command} |`,
    `| ${count("random steps")} random steps, every environment, robot and control mode | ${steps} | ${command} |`,
    `| ${count("requests of the attack list")} hostile requests to the viewer of a training | through: ${count("requests that got through")} | ${command} |`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = "test/bench/results";
  writeFileSync("README.md", withResults(readFileSync("README.md", "utf8"), readmeFigures(folder)));
  writeFileSync(join(folder, "README.md"), resultsPage(folder));
  writeFileSync(join(folder, "curves.svg"), curvesPicture(join(folder, "curves")));
}
