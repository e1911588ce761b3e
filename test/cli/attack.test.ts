import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onlyRun, runCommand, temporaryFolder } from "./command.js";

test("a fit is attacked: curves with intervals, checks, a picture; the test split only where that is reported", async () => {
  const folder = temporaryFolder();
  const plan = ["fit", "classifier-cnn", "--epochs", "2", "--set", "rows=320", "--set", "batchSize=32"];
  expect((await runCommand([...plan, "--out", `${folder}/runs`])).code).toBe(0);
  const run = onlyRun(`${folder}/runs`);
  const attack = [
    "attack",
    run,
    "--attack",
    "fgsm,pgd,patch,blur",
    "--strength",
    "0,0.3",
    "--steps",
    "5",
    "--rows",
    "30",
  ];

  const first = await runCommand([...attack, "--json"]);
  expect(first.code).toBe(0);
  const report = JSON.parse(first.stdout);
  expect(report.curves.map(({ name }: { name: string }) => name)).toEqual([
    "fgsm",
    "pgd-5",
    "patch-5",
    "blur",
  ]);
  const [fgsm, pgd, patch, blur] = report.curves.map(
    ({ points }: { points: { share: number; count: number }[] }) => points,
  );
  for (const points of [fgsm, pgd, patch, blur]) {
    expect(points.map(({ count }: { count: number }) => count)).toEqual([30, 30]);
    expect(points[0].share).toBe(fgsm[0].share);
  }
  expect(fgsm[0].share).toBeGreaterThan(0.2);
  expect(fgsm[1].share).toBeLessThan(fgsm[0].share);
  expect(pgd[1].share).toBeLessThanOrEqual(0.1);
  expect(report.checks).toHaveLength(4);
  expect(JSON.parse(readFileSync(join(run, "attack", "attack.json"), "utf8"))).toEqual(report);
  expect(readFileSync(join(run, "attack", "curves.svg"), "utf8")).toMatch(/<polyline[\s\S]*>blur<\/text>/);
  expect(readdirSync(join(run, "attack")).sort()).toEqual(["attack.json", "curves.svg"]);
  expect(existsSync(join(run, "evaluation.json"))).toBe(false);

  const told = await runCommand(attack);
  expect(told.stdout).toMatch(
    /^classifier-cnn on digits under attack, 30 validation rows\n {2}fgsm\n {4}0 {6} {1,2}\d+\.\d %/,
  );
  expect(JSON.parse(readFileSync(join(run, "attack", "attack.json"), "utf8"))).toEqual(report);

  const refused = await runCommand([...attack, "--split", "test"]);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    "Attacks are chosen by the validation split. Where these are the figures to report, say so by --report: the test split is opened then, which the run records.\n",
  ]);
  expect(existsSync(join(run, "evaluation.json"))).toBe(false);
  const reported = await runCommand([
    "attack",
    run,
    "--attack",
    "fgsm",
    "--strength",
    "0,0.3",
    "--rows",
    "10",
    "--split",
    "test",
    "--report",
  ]);
  expect(reported.code).toBe(0);
  const { openings } = JSON.parse(readFileSync(join(run, "evaluation.json"), "utf8"));
  expect(openings).toEqual([
    { date: expect.any(String), version: expect.any(String), epoch: expect.any(Number) },
  ]);

  for (const [words, message] of [
    [
      ["--attack", "pgt"],
      'There is no attack "pgt" of a fit. Did you mean "pgd"? Expected: noise, fgsm, pgd, patch, brightness, darkness, contrast, light, blur, dirt, calibration.',
    ],
    [["--attack", "fgsm,fgsm"], 'The attack "fgsm" is asked for twice. Leave one out.'],
    [
      ["--strength", "0.3,0.1"],
      'The strengths of --strength are "0.3, 0.1", expected rising numbers of at least 0.',
    ],
    [
      ["--strength", "a"],
      '--strength is "a", expected numbers with commas between them, for example 0,0.1,0.3.',
    ],
    [
      ["--attack", "blur", "--strength", "0,2"],
      'The strengths of --strength are "0, 2", but that of "blur" is from 0 to 1. Attack by the others in a run of their own.',
    ],
  ] as const) {
    const { code, stderr } = await runCommand(["attack", run, ...words]);
    expect([code, stderr]).toEqual([2, `${message}\n`]);
  }
});
