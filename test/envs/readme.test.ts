// envs/README.md is written from the specs: `npx vitest run test/envs/readme.test.ts -u` writes it anew.
import { expect, test } from "vitest";
import { CELL_DEFAULTS, envs } from "../../envs/index.js";
import type { EnvFactory } from "../../src/env/env.js";
import {
  DEFAULT_RANDOMIZATION,
  QUANTITIES,
  RANDOMIZATION_NAMES,
} from "../../src/env/randomization/randomization.js";
import { settingLeaves } from "../../src/env/settings/layers.js";
import { describeRange, type NumberRange } from "../../src/env/settings/setting-range.js";

const INTRODUCTION = `# Environments

Written from the environments' own specs by \`npx vitest run test/envs/readme.test.ts -u\`; a test compares. All entries of
an observation are float32, all actions run from -1 to 1, all episodes end by the time limit (truncated, never terminated),
and the reward is the weighted sum of the terms, each of which lies in 0 to 1; \`rewardMode=sparse\` is 0 on success, else -1.
An episode lasts as many seconds at any \`controlRate\`. Areas where things start and goals lie are in each file and drawn by the viewer. Differences are in world axes.
Sizes, masses and thresholds are settings (\`--set cubeSize=0.05\`); what they mean stands beside their defaults in each file.
`;

const RANDOMIZATION = `## Randomisation and curriculum

\`randomization=default\` (or \`--randomize\`) draws all that has a range here anew in every episode, from seeded streams;
\`randomization.friction=[0.5,1.5]\` draws what is named, and nothing else. \`curriculum=true\` begins training with narrow
ranges and small areas and widens them as episodes succeed (\`curriculum.start\`, \`step\`, \`raiseAt\`, \`lowerAt\`, \`window\`);
evaluation always has the whole.

${table(
  ["name", "unit", "default", "meaning"],
  RANDOMIZATION_NAMES.map((name) => {
    const { unit, meaning } = QUANTITIES[name];
    const range = DEFAULT_RANDOMIZATION[name];
    return [`\`${name}\``, unit, range ? `${range.low} to ${range.high}` : "none", meaning];
  }),
)}
`;

/** What success is where it is neither a goal's distance nor a finished arrangement. */
const SUCCESS: Readonly<Record<string, string>> = {
  "Lift-v1": "the cube's centre is more than 0.04 m above the table",
  "HiddenMass-v1": "the box is held within 0.025 m of the goal, and not so tightly that it is crushed",
};

/** Columns are padded as Biome pads them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, k) => Math.max(3, title.length, ...rows.map((row) => row[k]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, k) => cell.padEnd(widths[k]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** Settings of the task itself: those of every robot cell are left out. */
function describeSettings({ defaults, ranges = {} }: EnvFactory): string {
  const own = settingLeaves(defaults as Readonly<Record<string, unknown>>).filter(
    ([path]) => !Object.hasOwn(CELL_DEFAULTS, path.split(".")[0]!) && !path.startsWith("rewardWeights"),
  );
  return table(
    ["setting", "unit", "default", "range"],
    own.map(([path, value]) => {
      if (typeof value === "string") return [`\`${path}\``, "", value, "any text"];
      const { unit = "1", ...range } = (ranges[path] ?? ranges[path.split(".")[0]!]) as NumberRange;
      const allowed = describeRange(range).replace(/^a (whole )?number (of )?/, "");
      return [`\`${path}\``, unit, String(value), allowed];
    }),
  );
}

function describeSpec(factory: EnvFactory): string {
  const { spec } = factory.create();
  const { id, description, observation, action, rewardWeights, goal, maxEpisodeSteps, controlRate } = spec;
  const number = (value: number) => String(Number(value.toPrecision(3)));
  const success = goal
    ? `the goal (${goal.size} numbers, ${goal.unit}) is within ${goal.threshold} ${goal.unit}`
    : (SUCCESS[id] ?? "all is in place, let go and at rest");
  return [
    `## ${id}`,
    `${description} ${maxEpisodeSteps / controlRate} s: ${maxEpisodeSteps} steps at ${controlRate} Hz. Success: ${success}.`,
    table(
      ["index", "group", "observation", "unit", "bounds"],
      observation.map(({ index, group, name, unit, low, high }) => [
        String(index),
        group,
        `\`${name}\``,
        unit,
        `${low} to ${high}`,
      ]),
    ),
    table(
      ["action", "meaning", "at 1"],
      action.map(({ name, meaning, scale, unit }) => [`\`${name}\``, meaning, `${scale} ${unit}`]),
    ),
    `Reward: ${Object.entries(rewardWeights)
      .map(([term, weight]) => `${number(weight)} × ${term}`)
      .join(" + ")}.`,
    `${describeSettings(factory)}\n`,
  ].join("\n\n");
}

test("envs/README.md says what the specs say", async () => {
  const sections = Object.values(envs).map((factory) => describeSpec(factory));
  await expect([INTRODUCTION, RANDOMIZATION, ...sections].join("\n")).toMatchFileSnapshot(
    "../../envs/README.md",
  );
});
