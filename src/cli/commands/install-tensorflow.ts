// armgym install-tensorflow: what the engine "tensorflow" needs.
import type { Command } from "commander";
import { tensorFlowFolder } from "../../compile/engines/tensorflow-package.js";
import { ProgressLine } from "../../log/progress-line.js";
import { endingAtOnce } from "../end-signals.js";
import { jsonOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";
import { installTensorFlow } from "../tensorflow/install.js";

interface InstallFlags {
  readonly folder?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLE = `
The engine "tensorflow" runs every operation in TensorFlow itself, to compare with; "native", the default, is faster. This takes
@tensorflow/tfjs-node from the npm registry and TensorFlow's library from PyPI, compiles the binding and tries it: a minute,
230 MB to fetch, 800 MB on disk. Linux x64; needs g++, binutils and pip for python3. To be rid of it, remove the folder.

Example:
  armgym install-tensorflow
  armgym train Reach-v1 --engine tensorflow
`;

/** Define `armgym install-tensorflow`. */
export function define(command: Command): void {
  command
    .option(
      "--folder <path>",
      "where to put it; the engine finds it there where ARMGYM_TENSORFLOW names it (default: ~/.cache/armgym/tensorflow)",
    )
    .option("--force", "install again what is there")
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLE)
    .action(installCommand);
}

async function installCommand({ folder, force = false, json }: InstallFlags): Promise<void> {
  const target = tensorFlowFolder(folder);
  const progress = new ProgressLine(process.stderr);
  const { installation, isNew } = await endingAtOnce(
    progress,
    () => "nothing was changed.",
    () => installTensorFlow({ folder: target, force, say: (line) => progress.say(line) }),
  );
  const { tfjsNode, tensorflow } = installation;
  const versions = `TensorFlow ${tensorflow} with tfjs-node ${tfjsNode}`;
  const found =
    target === tensorFlowFolder() ? "" : ` Set ARMGYM_TENSORFLOW=${target} for the engine to find it.`;
  printAnswer(
    json,
    { folder: target, isNew, ...installation },
    `${isNew ? `Installed ${versions} in` : `${versions} is there already, in`} ${target}.${found}`,
  );
}
