// The commands of armgym and their options, read from the command line and carried out.
import { Command, Option } from "commander";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { ENGINE_NAMES } from "../compile/engines/engine.js";
import { OBSERVATION_MODES } from "../env/camera-observation.js";
import { parseSettings } from "../env/settings/merge-config.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { describeUnvaried } from "../rl/observation-floor.js";
import { robots } from "../robots/models/robots.js";
import { exportRun } from "../runs/export-run.js";
import { locateRobot } from "../runs/locate-robot.js";
import { DEFAULT_WORKERS } from "../runs/training-session.js";
import { VERSION } from "../version.js";
import { benchCommand, hasBenchmarks } from "./commands/bench.js";
import { checkCommand } from "./commands/check.js";
import { demoCommand } from "./commands/demo.js";
import { evalCommand } from "./commands/eval.js";
import { importCommand } from "./commands/import.js";
import { pretrainCommand } from "./commands/pretrain.js";
import { startCommand } from "./commands/start.js";
import { trainCommand } from "./commands/train.js";
import { viewCommand } from "./commands/view.js";

const program = new Command("armgym")
  .description("Robot-arm reinforcement learning: train a policy, watch it, take it away.")
  .version(VERSION)
  .addHelpText("after", "\nExample:\n  armgym train PickPlace-v1 --view\n")
  .configureHelp({ showGlobalOptions: false });

const wholeNumber =
  (option: string, least = 0, most = Number.MAX_SAFE_INTEGER) =>
  (text: string) => {
    const value = Number(text);
    const isWhole = /^\d+$/.test(text);
    if (isWhole && value >= least && value <= most) return value;
    const isOpen = most === Number.MAX_SAFE_INTEGER && !(isWhole && value > most);
    const range = isOpen ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${option} is "${text}", expected a whole number ${range}.`);
  };
const port = wholeNumber("port", 0, 65_535);
const MOST_EPISODES = 1_000_000;
/** Of episodes that are counted up from it, so that each still has a seed of its own. */
const firstSeed = wholeNumber("seed", 0, Number.MAX_SAFE_INTEGER - MOST_EPISODES);
const engine = (name: string) => {
  if ((ENGINE_NAMES as readonly string[]).includes(name)) return name;
  const known = ENGINE_NAMES.join(", ");
  throw new UsageError(`Unknown engine "${name}". ${didYouMean(name, ENGINE_NAMES)}Engines are: ${known}.`);
};
const share = (text: string) => {
  const value = Number(text);
  if (!(value >= 0 && value <= 1))
    throw new UsageError(`--noise is "${text}", expected a number from 0 to 1.`);
  return value;
};
const collect = (value: string, all: string[]) => [...all, value];
const observationMode = (name: string) => {
  if ((OBSERVATION_MODES as readonly string[]).includes(name)) return name;
  const known = OBSERVATION_MODES.join(", ");
  throw new UsageError(
    `--obs is "${name}", expected one of: ${known}. ${didYouMean(name, OBSERVATION_MODES)}`.trimEnd(),
  );
};
const obsOption = () =>
  new Option("--obs <mode>", `what is observed: ${OBSERVATION_MODES.join(", ")}`).argParser(observationMode);
const robotOption = () =>
  new Option("--robot <name>", "robot that does the task: ur5e, or a module that exports one: ./mine.ts");

const envOption = () =>
  new Option(
    "--env <file>",
    "module of your own that a run's environment is in: ./my-env.ts; may be given several times",
  )
    .argParser(collect)
    .default([], "those inside this folder are found by themselves");

const randomizeOption = () =>
  new Option("--randomize", "randomise episodes by the preset; short for --set randomization=default");

program
  .command("train")
  .description("train a policy; Ctrl-C saves and says how to resume")
  .argument("[env]", "id of an environment, or a module that exports one: ./my-env.ts")
  .option("--agent <id>", "agent to train", "ppo-mlp")
  .option("--seed <n>", "seed of everything random", wholeNumber("seed"), 1)
  .option(
    "--steps <n>",
    "environment steps; default: the agent's for this environment",
    wholeNumber("steps", 1),
  )
  .option(
    "--workers <n>",
    "worker threads; the result does not depend on it",
    wholeNumber("workers", 1, 256),
    DEFAULT_WORKERS,
  )
  .option("--engine <name>", `what runs the networks: ${ENGINE_NAMES.join(", ")}`, engine, "native")
  .option("--out <folder>", "folder that runs are made in", "runs")
  .option("--resume <run>", "go on with an interrupted run")
  .addOption(envOption())
  .option("--demos <file>", "start as a clone of these demonstrations, made by armgym demo")
  .option("--from <run>", "start from the best policy of an earlier run of the same agent, and go on by PPO")
  .option("--encoder <file>", "start with this image encoder, made by armgym pretrain")
  .option(
    "--teacher <who>",
    "imitate instead of learning from rewards: expert (the scripted one), or a run trained on the state",
  )
  .option(
    "--set <path=value>",
    "set an agent's or environment's setting; may be given several times",
    collect,
    [],
  )
  .addOption(robotOption())
  .addOption(randomizeOption())
  .addOption(obsOption())
  .option("--view", "show curves and episodes live in the browser")
  .option("--port <n>", "port of the viewer; default: any free one", port)
  .option("--json", "print one JSON object at the end and nothing else")
  .addHelpText(
    "after",
    "\nExample:\n  armgym train PickPlace-v1 --seed 3 --set gamma=0.97 --set solver.iterations=20 --view\n" +
      "  armgym train PickPlace-v1 --randomize --set curriculum=true\n" +
      "  armgym train PickPlace-v1 --agent ppo-cnn-lstm --obs camera --teacher expert\n" +
      "  armgym train PickPlace-v1 --from runs/PickPlace-v1__ppo-mlp__1__20260102-030405\n" +
      "  armgym train PickPlace-v1 --set randomization.friction=[0.5,1.5] --set randomization.controlLatency=0.02\n",
  )
  .action(async (env, { robot, randomize, obs, env: modules, ...options }, command: Command) => {
    const given = [...Object.keys(options), "robot", "randomize", "obs", "env"].filter(
      (name) => command.getOptionValueSource(name) === "cli",
    );
    await trainCommand(env, {
      ...options,
      overrides: {
        ...settingsOf(options.set, randomize),
        ...(await robotSetting(robot)),
        ...obsSetting(obs),
      },
      given,
      modules,
    });
  });

program
  .command("demo")
  .description("record demonstrations by an environment's scripted expert, to watch or to train from")
  .argument("<env>", "id of an environment")
  .option("--episodes <n>", "solved episodes to record", wholeNumber("episodes", 1, MOST_EPISODES), 200)
  .requiredOption("--out <file>", "file to write, .mcap; episodes stand in it one after another")
  .option("--seed <n>", "seed of the first episode; default: none that evaluates", firstSeed)
  .option("--lerobot <folder>", "also write the episodes as a LeRobot v3 data set into this folder")
  .option("--robomimic <file>", "also write the episodes as robomimic's HDF5, file .hdf5; needs h5wasm")
  .option(
    "--noise <n>",
    "noise on what is executed, 0 to 1; learned from are the actions without it, and both are recorded; default: the expert's, mostly 0.2",
    share,
  )
  .addOption(robotOption())
  .addOption(randomizeOption())
  .option("--set <path=value>", "set an environment's setting; may be given several times", collect, [])
  .addOption(obsOption())
  .option("--json", "print one JSON object and nothing else")
  .addHelpText("after", "\nExample:\n  armgym demo PickPlace-v1 --episodes 200 --out demos.mcap\n")
  .action(async (env, { robot, obs, ...options }) =>
    demoCommand(env, {
      ...options,
      overrides: {
        ...settingsOf(options.set, options.randomize),
        ...(await robotSetting(robot)),
        ...obsSetting(obs),
      },
    }),
  );

program
  .command("pretrain")
  .description("teach an image encoder to see on scenes of an environment, for policies to start with")
  .argument("<env>", "id of an environment, or a module that exports one: ./my-env.ts")
  .option(
    "--scenes <n>",
    "scenes to learn from; none is lived through",
    wholeNumber("scenes", 1, 10_000_000),
    40_000,
  )
  .requiredOption("--out <file>", "file to write, for example eyes.encoder")
  .option("--agent <id>", "agent whose encoder it is", "ppo-cnn-lstm")
  .option("--seed <n>", "seed of everything random", wholeNumber("seed"), 1)
  .option("--engine <name>", `what runs the networks: ${ENGINE_NAMES.join(", ")}`, engine, "native")
  .option(
    "--set <path=value>",
    "set an environment's setting, or encoder; may be given several times",
    collect,
    [],
  )
  .addOption(robotOption())
  .option("--json", "print one JSON object and nothing else")
  .addHelpText(
    "after",
    "\nExample:\n  armgym pretrain PickPlace-v1 --out eyes.encoder\n" +
      "  armgym train PickPlace-v1 --agent ppo-cnn-lstm --obs camera --encoder eyes.encoder\n",
  )
  .action(async (env: string, { robot, set, ...options }) =>
    pretrainCommand(env, {
      ...options,
      overrides: { ...parseSettings(set), ...(await robotSetting(robot)) },
    }),
  );

program
  .command("eval")
  .description("measure a run's best policy on seeds it never saw")
  .argument("<run>", "folder of a run")
  .option("--episodes <n>", "number of episodes", wholeNumber("episodes", 1, MOST_EPISODES), 200)
  .option("--seed <n>", "seed of the first episode; default: the held-out seeds", firstSeed)
  .addOption(envOption())
  .addOption(randomizeOption())
  .option(
    "--set <path=value>",
    "set an environment's setting other than it was trained with; may be given several times",
    collect,
    [],
  )
  .option("--current-defaults", "take the environment's defaults of today where they differ from the run's")
  .option("--json", "print one JSON object and nothing else")
  .addHelpText(
    "after",
    "\nExample:\n  armgym eval runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --episodes 500\n" +
      "  armgym eval runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --randomize\n",
  )
  .action((run, { env: modules, ...options }) =>
    evalCommand(run, { ...options, modules, overrides: settingsOf(options.set, options.randomize) }),
  );

program
  .command("view")
  .description("show runs, curves and episodes in the browser")
  .argument("[path]", "folder of runs, a run, or a recording", "runs")
  .option("--port <n>", "port; default: any free one", port)
  .option("--host <name>", "address to listen on; the default is this machine only", "127.0.0.1")
  .option("--html <file>", "write one page that holds everything and opens from disk, and end")
  .option("--folder <folder>", "write a folder that any web host serves, and end")
  .addOption(envOption())
  .addHelpText(
    "after",
    "\nExample:\n  armgym view runs\n  armgym view runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --html out.html\n",
  )
  .action(viewCommand);

program
  .command("export")
  .description("write a run's best policy as ONNX with all that a controller must know")
  .argument("<run>", "folder of a run")
  .requiredOption("--out <folder>", "folder for policy.onnx, policy.json, vectors.json")
  .addOption(envOption())
  .option("--json", "print one JSON object and nothing else")
  .addHelpText(
    "after",
    "\nExample:\n  armgym export runs/PickPlace-v1__ppo-mlp__1__20260102-030405 --out policy\n",
  )
  .action(async (run: string, { out, env, json }: { out: string; env: string[]; json?: boolean }) => {
    const outcome = await exportRun(run, out, env, (line) => process.stderr.write(`${line}\n`));
    if (json) {
      print(JSON.stringify(outcome));
      return;
    }
    print(`Wrote ${outcome.files.join(", ")} to ${outcome.folder}.`);
    print(
      `Checked ${outcome.vectors} observations: differs from the trained policy by at most ${outcome.difference.toExponential(1)}.`,
    );
    if (outcome.unvaried.length > 0) print(describeUnvaried(outcome.unvaried));
  });

program
  .command("list")
  .description("list environments, agents and robots")
  .option("--json", "print one JSON object and nothing else")
  .addHelpText("after", "\nExample:\n  armgym list\n")
  .action(({ json }: { json?: boolean }) => {
    const row = ({ id, description }: { id: string; description: string }) => ({ id, description });
    const all = {
      envs: Object.values(envs).map(row),
      agents: Object.values(agents).map(row),
      robots: Object.values(robots).map(({ id, title }) => ({ id, description: title })),
    };
    if (json) {
      print(JSON.stringify(all));
      return;
    }
    const lines = (rows: typeof all.envs) =>
      rows.map(({ id, description }) => `  ${id.padEnd(14)} ${description}`);
    print(
      [
        "Environments:",
        ...lines(all.envs),
        "Agents:",
        ...lines(all.agents),
        "Robots:",
        ...lines(all.robots),
      ].join("\n"),
    );
  });

program
  .command("check")
  .description("check that an environment keeps its contract")
  .argument("<env>", "id of an environment, or a module that exports one: ./my-env.ts")
  .addOption(robotOption())
  .addOption(obsOption())
  .option("--patience <s>", "seconds that a single check may take", wholeNumber("patience", 1, 86_400), 120)
  .option("--json", "print one JSON object and nothing else")
  .addHelpText("after", "\nExample:\n  armgym check ./my-env.ts\n")
  .action(async (env: string, { robot, obs, ...options }) =>
    checkCommand({ env, setting: { ...(await robotSetting(robot)), ...obsSetting(obs) } }, options),
  );

program
  .command("import")
  .description("turn a URDF into robot data, telling every assumption")
  .argument("<file>", "the URDF; xacro must be expanded")
  .requiredOption("--out <file>", "TypeScript module to write, for example robots/mine.ts")
  .option("--id <name>", "name of the robot; default: the URDF's")
  .option("--tip <link>", "link that is the tool's frame, z axis out of the hand")
  .option("--gripper <joint>", "joint that moves the fingers")
  .option("--no-meshes", "leave collision meshes out")
  .option("--force", "overwrite the module")
  .option("--json", "print one JSON object and nothing else")
  .addHelpText("after", "\nExample:\n  armgym import robot.urdf --out robots/mine.ts\n")
  .action(importCommand);

program
  .command("bench", { hidden: !hasBenchmarks })
  .description("measure a speed against what one would otherwise pick")
  .argument("[name]", "name of a benchmark; without it they are listed")
  .option("--json", "print one JSON object and nothing else")
  .addHelpText("after", "\nExample:\n  npm run bench -- update\n")
  .action(benchCommand);

program
  .command("start")
  .description("the tour: train Reach-v1 and PickPlace-v1, watch them, export them")
  .option("--no-view", "end instead of showing the episodes")
  .option("--out <folder>", "folder that runs are made in", "runs")
  .option("--port <n>", "port of the viewer; default: any free one", port)
  .addOption(new Option("--steps <n>").argParser(wholeNumber("steps", 1)).hideHelp())
  .addHelpText("after", "\nExample:\n  npm start\n")
  .action(startCommand);

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
// where nobody reads on ("armgym list | head -1", a closed terminal), or progress finds no space, a training must not die
process.stderr.on("error", () => undefined);
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code === "EPIPE" || code === "EIO") return;
  const cause = code === "ENOSPC" ? "no space left. Free some, or send the output elsewhere" : message;
  process.stderr.write(`Cannot write: ${cause}.\n`);
  process.exitCode = 1;
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Commander has told its own mistakes already; ours are told in one line, anything else with its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof Error && "exitCode" in error) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

/** The environment's setting that `--robot` stands for. */
async function robotSetting(robot: string | undefined): Promise<{ robot?: string }> {
  return robot === undefined ? {} : { robot: await locateRobot(robot) };
}

/** Overrides of `--set` and `--randomize`. */
function settingsOf(set: readonly string[], randomize: boolean | undefined): Record<string, unknown> {
  const settings = parseSettings(set);
  if (!randomize) return settings;
  if (settings.randomization === undefined) return { ...settings, randomization: "default" };
  throw new UsageError(
    "--randomize stands for --set randomization=default and does not go with another --set randomization. Leave one out.",
  );
}

/** The environment's setting that `--obs` stands for. */
function obsSetting(obs: string | undefined): { observationMode?: string } {
  return obs === undefined ? {} : { observationMode: obs };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
