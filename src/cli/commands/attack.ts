// armgym attack
import type { Command } from "commander";
import type { EngineName } from "../../compile/engines/engine.js";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import type { AttackCurve, AttackPoint, AttackReport } from "../../runs/attack-report.js";
import { attackRun } from "../../runs/attack-run.js";
import { interruptSignal } from "../end-signals.js";
import {
  dataFolderOption,
  engineOption,
  envOption,
  jsonOption,
  MOST_EPISODES,
  pythonOption,
  wholeNumber,
} from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface AttackFlags {
  readonly attack?: readonly string[];
  readonly strength?: readonly number[];
  readonly steps?: number;
  readonly restarts?: number;
  readonly rows?: number;
  readonly split?: "validation" | "test";
  readonly report?: boolean;
  readonly seed: string;
  readonly out?: string;
  readonly engine?: EngineName;
  readonly env: readonly string[];
  readonly dataFolder?: string;
  readonly json?: boolean;
}

/** Define `armgym attack`. */
export function define(command: Command): void {
  const engine = engineOption();
  engine.defaultValue = undefined;
  command
    .argument("<run>", "folder of a run: a fit's or a policy's")
    .option(
      "--attack <names>",
      "noise, fgsm, pgd, patch, brightness, darkness, contrast, light, blur, dirt, calibration; of a policy noise, pgd, action",
      (text) => text.split(",").map((name) => name.trim()),
    )
    .option(
      "--strength <numbers>",
      "rising, for example 0,0.1,0.3; default: what suits each attack",
      strengths,
    )
    .option(
      "--steps <n>",
      "steps of pgd and patch; default: 40, of a policy 10",
      wholeNumber("steps", 1, 10_000),
    )
    .option(
      "--restarts <n>",
      "starts, of which the worst counts; default: 1",
      wholeNumber("restarts", 1, 1000),
    )
    .option(
      "--rows <n>",
      "rows that are attacked, of a policy episodes; default: 200, of a policy 50",
      wholeNumber("rows", 1, MOST_EPISODES),
    )
    .option(
      "--split <name>",
      "of a fit: validation or test, which needs --report; default: validation",
      split,
    )
    .option(
      "--report",
      "these figures are to be reported: the test split may be opened, which the run records",
    )
    .option("--seed <text>", "of all that is drawn", "0")
    .option("--out <folder>", "folder of attack.json and curves.svg; default: attack in the run")
    .addOption(engine)
    .addOption(envOption())
    .addOption(pythonOption())
    .addOption(dataFolderOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym attack runs/digits__classifier-cnn__1__20260102-030405 --attack pgd,blur --strength 0,0.1,0.3\n" +
        "  armgym attack runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --rows 100\n",
    )
    .action(attackCommand);
}

async function attackCommand(path: string, { env: modules, json, ...options }: AttackFlags): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const say = (line: string) => progress.say(line);
  const { signal, release, exitCode } = interruptSignal(progress, "Ending");
  try {
    const report = await attackRun(path, { ...options, modules, signal, say });
    printAnswer(json, report, describeReport(report));
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    say("Interrupted: nothing was written.");
    process.exitCode = exitCode();
  } finally {
    release();
  }
}

function strengths(text: string): number[] {
  const words = text.split(",").map((word) => word.trim());
  const numbers = words.map(Number);
  if (words.every((word, k) => word !== "" && Number.isFinite(numbers[k]))) return numbers;
  throw new UsageError(
    `--strength is "${text}", expected numbers with commas between them, for example 0,0.1,0.3.`,
  );
}

function split(text: string): "validation" | "test" {
  if (text === "validation" || text === "test") return text;
  throw new UsageError(`--split is "${text}", expected validation or test.`);
}

function describeReport({ kind, of, split: rows, run, curves, checks, files }: AttackReport): string {
  const what = kind === "fit" ? `${rows} rows` : "episodes of the seeds that choose checkpoints";
  return [
    `${of} under attack, ${curves[0]!.points[0]!.count} ${what}`,
    ...curves.flatMap((curve) => linesOf(curve)),
    ...checks.map(({ name, passed, detail }) => `  ${passed ? "pass" : "FAIL"}  ${name}: ${detail}`),
    `  ${run}`,
    `Wrote ${files.join(", ")}.`,
  ].join("\n");
}

function linesOf({ name, points }: AttackCurve): string[] {
  return [
    `  ${name}`,
    ...points.map((point) => `    ${String(point.strength).padEnd(6)} ${valueText(point)}`),
  ];
}

function valueText({ share, interval, loss, meanReturn }: AttackPoint): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const other =
    loss === undefined ? `, mean return ${(meanReturn ?? 0).toFixed(2)}` : `, loss ${loss.toPrecision(4)}`;
  if (share === undefined) return other.slice(2);
  return `${percent(share).padStart(7)} (95 % interval ${interval!.map(percent).join(" to ")})${other}`;
}
