// Make a run from code.
import type { EngineName } from "../compile/engines/engine.js";
import type { PpoSettings } from "../rl/ppo/ppo-settings.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { locateRobot, robotSetting } from "./locate-robot.js";
import { type OpenRunOptions, Run } from "./run.js";
import { DEFAULT_WORKERS } from "./training-means.js";
import { createRunFolder } from "./training-request.js";

/** What is to be trained, and how; what is left out, a settings file may say. */
export interface CreateRunOptions extends OpenRunOptions {
  /** Id of an environment ("Reach-v1"), or a module of your own that exports one: "./my-env.ts", "./envs.ts#Mine-v1". */
  readonly env?: string;
  /** Id of an agent, or a module of your own that exports one: "./my-agent.ts". Default "ppo-mlp". */
  readonly agent?: string;
  /** Seed of everything random. Default 1. */
  readonly seed?: number | string;
  /** Robot that does the task: an id ("ur5e"), a module of your own that exports one, or its data. Default: the environment's. */
  readonly robot?: string | RobotModel;
  /** Overrides of the agent's settings, above its tuning and the settings file. */
  readonly settings?: Readonly<Partial<PpoSettings>>;
  /** Overrides of the environment's config, trained and evaluated on. */
  readonly envConfig?: Readonly<Record<string, unknown>>;
  /** Overrides of the environment's config while training, above `envConfig` and the agent's tuning. */
  readonly trainEnv?: Readonly<Record<string, unknown>>;
  /** Settings file, YAML or JSON, as `armgym show` writes it; all else here goes above it. */
  readonly settingsFile?: string;
  /** Folder that runs are made in. Default "runs". */
  readonly out?: string;
  /** Worker threads; the result does not depend on it. Default: one per core. */
  readonly workers?: number;
  /** What runs the networks. Default "native". */
  readonly engine?: EngineName;
  /** File of demonstrations to start as a clone of; at most one of `demos`, `teacher` and `from` may be given. */
  readonly demos?: string;
  /** Who is to be imitated: "expert" (the environment's scripted one), or the folder of a run trained on the state. */
  readonly teacher?: string;
  /** Folder of an earlier run of the same agent, whose best policy is started from. */
  readonly from?: string;
  /** File of a pre-trained image encoder to start with. */
  readonly encoder?: string;
}

/**
 * Check everything that is asked for, make the run's folder and return the run; `train()` trains it.
 *
 * @throws UsageError that names what cannot be: an unknown environment, agent or setting, a value out of its range, what does not
 * fit together; nothing is written then.
 * @example
 * const run = await createRun({ env: "Reach-v1", settings: { totalSteps: 25_000 } });
 * const outcome = await run.train();
 * console.log(outcome?.successRate, run.path);
 */
export async function createRun({ robot, say, ...options }: CreateRunOptions): Promise<Run> {
  const own =
    robot === undefined
      ? undefined
      : typeof robot === "string"
        ? await locateRobot(robot)
        : robotSetting(robot);
  const folder = await createRunFolder(
    {
      ...options,
      envConfig: { ...options.envConfig, ...(own === undefined ? {} : { robot: own }) },
      workers: options.workers ?? DEFAULT_WORKERS,
      out: options.out ?? "runs",
    },
    say,
  );
  return new Run(folder, say);
}
