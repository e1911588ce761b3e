// armgym serve-env: environments for a program in another language, over stdin and stdout.
import type { Command } from "commander";
import { envs } from "../../../envs/index.js";
import { UsageError } from "../../math/usage-error.js";
import { exactJson } from "../../recording/exact-json.js";
import { locateEnv } from "../../runs/packaged-modules.js";
import { EnvBatch } from "../../serve/env-batch.js";
import { pythonClient } from "../../serve/python-client.js";
import { describeBatch, errorFrame, type FrameSink, type Onlooker, serveEnv } from "../../serve/serve-env.js";
import {
  obsOption,
  overridesOf,
  randomizeOption,
  robotOption,
  type SettingFlags,
  setOption,
  wholeNumber,
} from "../flags.js";

interface ServeFlags extends SettingFlags {
  readonly numEnvs: number;
  readonly goal: boolean;
  readonly client?: string;
  readonly json?: boolean;
}

const EXAMPLE = `
Example:
  armgym serve-env --client python > armgym_gym.py     # once; then, in Python beside it:

  import armgym_gym, gymnasium
  env = gymnasium.make("armgym/PickPlace-v1")          # starts this command by itself and ends it
  envs = gymnasium.make_vec("armgym/PickPlace-v1", num_envs=32)

What is sent, for clients of your own: src/serve/frames.ts, batch-reply.ts and serve-env.ts of the repository. The server
ends when its stdin is closed.
`;

/** Define `armgym serve-env`. */
export function define(command: Command): void {
  command
    .argument("[env]", "id of an environment, or a module that exports one: ./my-env.ts")
    .option("--num-envs <n>", "environments stepped as one batch", wholeNumber("num-envs", 1, 4096), 1)
    .option(
      "--goal",
      "goal-conditioned, for goals relabelled in hindsight: sparse reward, achieved and desired goal",
      false,
    )
    .addOption(setOption("a setting of the environment"))
    .addOption(randomizeOption())
    .addOption(robotOption())
    .addOption(obsOption())
    .option("--client <language>", "write the client for this language to stdout, and end: python")
    .option("--json", "print what would be served as one JSON object, and end")
    .addHelpText("after", EXAMPLE)
    .action(serveCommand);
}

/** Serve until the client closes the connection, or write a client. */
async function serveCommand(name: string | undefined, flags: ServeFlags): Promise<void> {
  const { client, json = false, numEnvs, goal, ...settings } = flags;
  if (client !== undefined) {
    if (client !== "python")
      throw new UsageError(`--client is "${client}", expected python, the only one so far.`);
    process.stdout.write(pythonClient(Object.keys(envs)));
    return;
  }
  if (name === undefined)
    throw new UsageError(
      'Give an environment to serve, for example: armgym serve-env PickPlace-v1. The client: "armgym serve-env --client python".',
    );
  if (json) {
    const batch = await open(name, { numEnvs, goal }, settings);
    process.stdout.write(`${exactJson(describeBatch(batch))}\n`);
    return;
  }
  if (process.stdin.isTTY || process.stdout.isTTY)
    throw new UsageError(
      "serve-env speaks binary frames with a program at its stdin and stdout, and here is a terminal. Write the client, which " +
        "starts it: armgym serve-env --client python > armgym_gym.py. To see what would be served: --json.",
    );
  await serve(name, { numEnvs, goal }, settings);
}

type BatchOptions = ConstructorParameters<typeof EnvBatch>[2];

async function serve(name: string, options: BatchOptions, settings: SettingFlags): Promise<void> {
  const output = takeStdout();
  // Ctrl-C in the owner's terminal reaches this process, too; it ends with its owner, not before
  process.on("SIGINT", () => undefined);
  let batch: EnvBatch;
  try {
    batch = await open(name, options, settings);
  } catch (error) {
    output.write(errorFrame(error), () => undefined);
    throw error;
  }
  await serveEnv(batch, process.stdin, output, onlooker());
  // timers of an environment must not outlive the owner
  process.exit();
}

async function open(name: string, options: BatchOptions, settings: SettingFlags): Promise<EnvBatch> {
  const { thing } = await locateEnv(name);
  return new EnvBatch(thing, await overridesOf(settings), options);
}

/** What shows people the environments, loaded when it is first asked for. */
function onlooker(): Onlooker {
  let viewer: Promise<Onlooker> | undefined;
  const load = async () => new (await import("../view/stepped-viewer.js")).SteppedViewer();
  return {
    async show(state) {
      viewer ??= load();
      return (await viewer).show(state);
    },
  };
}

/** Keep stdout for frames: what an environment prints goes to stderr from now on. */
function takeStdout(): FrameSink {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return { write };
}
