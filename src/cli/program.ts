// The commands of armgym: which there are, and how one is carried out. Only the module of the command that is asked for is
// loaded, so that help and mistakes are answered at once.
import { Command } from "commander";
import { UsageError } from "../math/usage-error.js";
import { reportForeignExits } from "../rl/rollout/workers/foreign-exit.js";
import { VERSION } from "../version.js";
import { hasBenchmarks } from "./commands/bench-folder.js";
import { withFlags } from "./flag-names.js";

/** The module of a command: adds its arguments, flags and what it does. */
interface CommandModule {
  define(command: Command): void;
}

/** A command as the list of commands shows it. */
interface CommandEntry {
  readonly name: string;
  /** Its arguments, as `armgym --help` writes them. */
  readonly usage: string;
  readonly description: string;
  readonly isHidden?: boolean;
  load(): Promise<CommandModule>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: "train",
    usage: "[options] [env]",
    description: "train a policy; Ctrl-C saves and says how to resume",
    load: () => import("./commands/train.js"),
  },
  {
    name: "fit",
    usage: "[options] [predictor]",
    description: "teach a predictor from data: classify, forecast; Ctrl-C saves and says how to resume",
    load: () => import("./commands/fit.js"),
  },
  {
    name: "demo",
    usage: "[options] <env>",
    description: "record demonstrations by an environment's scripted expert, to watch or to train from",
    load: () => import("./commands/demo.js"),
  },
  {
    name: "pretrain",
    usage: "[options] <env>",
    description: "teach an image encoder to see on scenes of an environment, for policies to start with",
    load: () => import("./commands/pretrain.js"),
  },
  {
    name: "eval",
    usage: "[options] <run>",
    description: "measure a run's best policy on seeds it never saw, or a fit on its test split, once",
    load: () => import("./commands/eval.js"),
  },
  {
    name: "explain",
    usage: "[options] <run>",
    description:
      "show which pixels, steps or entries a run's best model decides by, and how far to believe it",
    load: () => import("./commands/explain.js"),
  },
  {
    name: "attack",
    usage: "[options] <run>",
    description: "attack a run's best model by noise, gradients and corruptions, and draw what is left",
    load: () => import("./commands/attack.js"),
  },
  {
    name: "show",
    usage: "[options] <run>",
    description: "show a run's settings and where each comes from, or write them as a settings file",
    load: () => import("./commands/show.js"),
  },
  {
    name: "view",
    usage: "[options] [path]",
    description: "show runs, curves and episodes in the browser",
    load: () => import("./commands/view.js"),
  },
  {
    name: "video",
    usage: "[options] <path> [out]",
    description: "write episodes of a run or a recording as a GIF, an MP4 or a page",
    load: () => import("./commands/video.js"),
  },
  {
    name: "export",
    usage: "[options] <run>",
    description: "write a run's best policy or predictor as ONNX with all that a program must know",
    load: () => import("./commands/export.js"),
  },
  {
    name: "data",
    usage: "[options] [name]",
    description: "list public data sets, say what to download, verify and summarise them or your own",
    load: () => import("./commands/data.js"),
  },
  {
    name: "list",
    usage: "[options]",
    description: "list environments, agents and robots",
    load: () => import("./commands/list.js"),
  },
  {
    name: "check",
    usage: "[options] <env>",
    description: "check that an environment keeps its contract",
    load: () => import("./commands/check.js"),
  },
  {
    name: "check-robot",
    usage: "[options] <robot>",
    description: "check that a robot stands, reaches, grasps and solves tasks, and say what to change",
    load: () => import("./commands/check-robot.js"),
  },
  {
    name: "program",
    usage: "[options] <action> <file>",
    description: "check a robot program, run it in the simulator, or write one from a recording",
    load: () => import("./commands/program.js"),
  },
  {
    name: "serve",
    usage: "[options] [path]",
    description: "serve a run's best policy or a bundle to openpi's clients and others",
    load: () => import("./commands/serve.js"),
  },
  {
    name: "serve-env",
    usage: "[options] [env]",
    description: "serve an environment to Python's Gymnasium, and write the client for it",
    load: () => import("./commands/serve-env.js"),
  },
  {
    name: "import",
    usage: "[options] <file>",
    description: "turn a URDF into robot data, listing every assumption",
    load: () => import("./commands/import.js"),
  },
  {
    name: "install-tensorflow",
    usage: "[options]",
    description: "set up what --engine tensorflow needs (Linux x64)",
    load: () => import("./commands/install-tensorflow.js"),
  },
  {
    name: "bench",
    usage: "[options] [name]",
    description: "measure a speed against what one would otherwise pick",
    isHidden: !hasBenchmarks,
    load: () => import("./commands/bench.js"),
  },
  {
    name: "start",
    usage: "[options]",
    description: "the tour: train Reach-v1 and PickPlace-v1, watch them, export them",
    load: () => import("./commands/start.js"),
  },
];

/** Carry out the command line `words`, as a user types it after "armgym"; sets the process's exit code. Throws where a command's module cannot be loaded. */
export async function runProgram(words: readonly string[]): Promise<void> {
  answerClosedStreams();
  reportForeignExits();
  const program = await createProgram(words);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

async function createProgram(words: readonly string[]): Promise<Command> {
  const usages = new Map(COMMANDS.map(({ name, usage }) => [name, `${name} ${usage}`]));
  const program = new Command("armgym")
    .description("Robot-arm reinforcement learning: train a policy, watch it, take it away.")
    .version(VERSION)
    .addHelpText("after", "\nExample:\n  armgym train PickPlace-v1 --view\n")
    .configureHelp({
      showGlobalOptions: false,
      subcommandTerm: (command) => usages.get(command.name()) ?? `${command.name()} [command]`,
    });
  const asked = words.filter((word) => word !== "help").find((word) => !word.startsWith("-"));
  for (const { name, description, isHidden = false, load } of COMMANDS) {
    const command = program.command(name, { hidden: isHidden }).description(description);
    if (name === asked) (await load()).define(command);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    const help = command === program ? "armgym --help" : `armgym ${command.name()} --help`;
    // a whole page of help would push the reason off the screen
    command.configureOutput({
      outputError: (text, write) =>
        write(
          `${text.replace(/^error: ./, (start) => start.slice(7).toUpperCase()).trimEnd()}\nRun "${help}" to see what there is.\n`,
        ),
    });
  }
  return program;
}

/** Where the reader is gone ("armgym list | head -1", a closed terminal), or progress finds no space, a training must not die. */
function answerClosedStreams(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || code === "EIO") return;
    const cause = code === "ENOSPC" ? "no space left. Free some, or send the output elsewhere" : message;
    process.stderr.write(`Cannot write: ${cause}.\n`);
    process.exitCode = 1;
  });
}

/** Commander has printed its own errors already; a UsageError is printed in one line, anything else with its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${withFlags(error.message)}\n`);
    return 2;
  }
  if (error instanceof Error && "exitCode" in error) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
