// armgym export
import type { Command } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import { describeUnvaried } from "../../rl/observation-floor.js";
import type { TfjsOutcome } from "../../runs/export-run.js";
import { runKind } from "../../runs/owned-folder.js";
import { openRun } from "../../runs/run.js";
import { endingAtOnce } from "../end-signals.js";
import { exportFitCommand, requireFitFlags } from "../fit-verbs.js";
import { envOption, jsonOption, pythonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface ExportFlags {
  readonly out: string;
  readonly tfjs?: boolean;
  readonly env: readonly string[];
  readonly json?: boolean;
}

/** Define `armgym export`. */
export function define(command: Command): void {
  command
    .argument("<run>", "folder of a run")
    .requiredOption("--out <folder>", "folder for policy.onnx or predictor.onnx, its JSON, and vectors.json")
    .option(
      "--tfjs",
      "write TensorFlow.js models as well: tfjs_graph_model, and tfjs_layers_model of a policy of dense layers",
    )
    .addOption(envOption())
    .addOption(pythonOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  armgym export runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --out policy\n",
    )
    .action(async (path: string, flags: ExportFlags) => {
      if (runKind(path) !== "fit") return exportCommand(path, flags);
      requireFitFlags(command, path, ["out", "env", "json"]);
      await exportFitCommand(path, flags);
    });
}

async function exportCommand(run: string, { out, tfjs, env, json }: ExportFlags): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const opened = await openRun(run, { modules: env, say: (line) => progress.say(line) });
  const write = () => opened.export(out, { tfjs: tfjs === true });
  const outcome = await endingAtOnce(progress, () => `nothing was written to ${out}.`, write);
  const { files, folder, vectors, difference, unvaried } = outcome;
  const lines = [
    `Wrote ${files.join(", ")} to ${folder}.`,
    `Checked ${vectors} observations: differs from the trained policy by at most ${difference.toExponential(1)}.`,
    ...(outcome.tfjs ? describeTfjs(outcome.tfjs) : []),
    ...(unvaried.length > 0 ? [describeUnvaried(unvaried)] : []),
  ];
  printAnswer(json, outcome, lines.join("\n"));
}

function describeTfjs(outcome: TfjsOutcome): string[] {
  const { graphModelDifference, layersModelDifference, noLayersModel, unchecked } = outcome;
  const written = (difference: number) => `by at most ${difference.toExponential(1)}`;
  const layers = layersModelDifference === null ? "" : `, its LayersModel ${written(layersModelDifference)}`;
  const checked =
    graphModelDifference === null
      ? `The TensorFlow.js models were not checked: ${unchecked}.`
      : `In TensorFlow.js its GraphModel differs ${written(graphModelDifference)}${layers}.`;
  return [checked, ...(noLayersModel === null ? [] : [`There is no LayersModel: ${noLayersModel}.`])];
}
