// armgym show
import type { Command } from "commander";
import { UsageError } from "../../math/usage-error.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { runKind } from "../../runs/owned-folder.js";
import { openRun } from "../../runs/run.js";
import { showFitCommand } from "../fit-verbs.js";
import { envOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface ShowFlags {
  readonly env: readonly string[];
  readonly settings?: string;
  readonly json?: boolean;
}

/** Define `armgym show`. */
export function define(command: Command): void {
  command
    .argument("<run>", "folder of a run")
    .option("--settings <file>", "write them to this file, .yaml or .json, for armgym train --settings")
    .addOption(envOption())
    .option("--json", "print one JSON object, with origins and units, and nothing else")
    .addHelpText(
      "after",
      "\nExample:\n  armgym show runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --settings mine.yaml\n" +
        "  armgym train --settings mine.yaml --set gamma=0.97\n",
    )
    .action(showCommand);
}

async function showCommand(path: string, { env: modules, settings: file, json }: ShowFlags): Promise<void> {
  if (file !== undefined && !/\.(ya?ml|json)$/i.test(file))
    throw new UsageError(
      `--settings ${file} ends neither in .yaml nor in .json. For example: --settings mine.yaml`,
    );
  if (runKind(path) === "fit")
    return showFitCommand(path, {
      env: modules,
      ...(file === undefined ? {} : { settings: file }),
      json: json === true,
    });
  const run = await openRun(path, { modules });
  const { yaml, data, rows } = await run.settings();
  if (file !== undefined) {
    const text = /\.json$/i.test(file) ? `${JSON.stringify(data, null, 2)}\n` : yaml;
    atomicWrite(file, text, { option: "settings" });
  }
  const answer = { run: run.path, ...data, ...rows, ...(file === undefined ? {} : { file }) };
  const text = file === undefined ? yaml : `Wrote ${file}. Train by it: armgym train --settings ${file}`;
  printAnswer(json, answer, text);
}
