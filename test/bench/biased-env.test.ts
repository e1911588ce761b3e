import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { envs } from "../../envs/index.js";
import { biasedEnv } from "./biased-env.js";
import { resultsTable } from "./results-table.js";

const push = envs["Push-v1"];

test("a biased environment observes what is picked off by the same all episode long, signs by entry and episode", () => {
  const env = biasedEnv(push, 0.003, ({ unit }) => unit === "m").create();
  const truth = push.create();
  const patterns = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const seen = [[env.reset({ seed }).observation.state, truth.reset({ seed }).observation.state]];
    for (const action of [
      [0.5, 0, -1],
      [0, 1, 0.2],
    ]) {
      const [biased, real] = [env.step(action), truth.step(action)];
      expect(biased.reward).toBe(real.reward);
      seen.push([biased.observation.state, real.observation.state]);
    }
    const offsets = seen.map(([biased, real]) => [...biased!].map((value, k) => value - real![k]!));
    for (const { index, unit } of truth.spec.observation) {
      for (const off of offsets) {
        expect(Math.abs(off[index]!)).toBeCloseTo(unit === "m" ? 0.003 : 0, 6);
        expect(Math.sign(Math.round(1e4 * off[index]!))).toBe(
          Math.sign(Math.round(1e4 * offsets[0]![index]!)),
        );
      }
    }
    patterns.add(offsets[0]!.map((off) => (off > 1e-4 ? "+" : off < -1e-4 ? "-" : "0")).join(""));
  }
  expect(patterns.size).toBe(4);
});

test("the table of results tells success with biases: with all, and with the worst of what never varied", () => {
  const folder = mkdtempSync(join(tmpdir(), "armgym-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const rows = [1, 2].flatMap((seed) => {
    const row = (what: string, value: number, unit = "%") => ({
      ...{ what: `Push-v1, seed ${seed}: ${what}`, value, unit, against: null, ratio: null },
    });
    const off = (what: string, mm: number) =>
      `success with ${what} off by ${mm} mm, signs by entry and episode`;
    return [
      row("success of 200 held-out episodes", 96 + 2 * seed),
      row(off("every length", 1), 94 + seed),
      row(off("every length", 3), 80 + seed),
      row(off("goal_z, which never varied,", 1), 97),
      row(off("goal_z, which never varied,", 3), 90 + seed),
      row(off("table_z, which never varied,", 1), 99),
      row(off("table_z, which never varied,", 3), 98),
      row("environment steps", 122_880, "steps"),
      row("wall clock", 30, "s"),
    ];
  });
  const result = { name: "learning-push", date: "", commit: "", hardware: {}, rows };
  writeFileSync(join(folder, "learning-push.json"), JSON.stringify(result));
  expect(resultsTable(folder)).toContain(
    "| Push-v1: success of 200 held-out episodes, 2 seeds | 99 % (98 to 100); 95.5 and 81.5 % with every length off by 1 and 3 mm " +
      "(only goal_z, which never varied: 97 and 91.5 %); 123k steps, at most 30.0 s | `npm run bench -- learning-push` |",
  );
});
