// What is to be trained, as the folder of a new run.
import { resolve } from "node:path";
import { envs } from "../../envs/index.js";
import { type EngineName, requireEngineName } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import type { EnvInfo } from "../env/env.js";
import { overlay } from "../env/settings/layers.js";
import { isGymnasiumName, ownPythonModule } from "../gymnasium/gymnasium-id.js";
import { didYouMean } from "../math/nearest.js";
import { optionText, UsageError } from "../math/usage-error.js";
import { requireCloneable } from "../rl/imitation/cloning.js";
import { policyFor } from "../rl/policy.js";
import type { PpoSettings } from "../rl/ppo/ppo-settings.js";
import { resolveTraining } from "../rl/resolve-settings.js";
import { loadTeacher } from "../rl/rollout/workers/load-teacher.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { VERSION } from "../version.js";
import { demoCommand, trainCommand } from "./command-names.js";
import { DEFAULT_WORKERS, requireWorkers } from "./compute-options.js";
import { loadEncoder } from "./initialization.js";
import { loadDemonstrations } from "./load-demonstrations.js";
import { loadStart, networkOfRun, type TrainingTarget } from "./load-start.js";
import { EXPERT, locateTeacher } from "./locate-teacher.js";
import { locateAgent, locateEnv, namesOwnCode, packagedAgent, portableModule } from "./packaged-modules.js";
import { pythonVersions } from "./python-versions.js";
import { robotWarning } from "./robot-warning.js";
import type { OpenRunOptions } from "./run.js";
import { type RunConfig, RunFolder } from "./run-folder.js";
import { keptSpec } from "./settings/run-settings.js";
import {
  lineOfMistake,
  readSettingsFile,
  requireKnownSettings,
  type SettingsFile,
} from "./settings/settings-file.js";
import { sortOverrides } from "./settings/sort-overrides.js";

/** What is to be trained, and how; what is left out, a settings file may say. */
export interface CreateRunOptions extends OpenRunOptions {
  /**
   * Id of an environment ("Reach-v1"), a module of your own that exports one ("./my-env.ts", "./envs.ts#Mine-v1"), or an environment of
   * Python's Gymnasium ("gym:Reacher-v5", "gym:panda_gym:PandaReachDense-v3"), run by the Python that the variable PYTHON names.
   */
  readonly env?: string;
  /** Id of an agent, or a module of your own that exports one: "./my-agent.ts". Default "ppo-mlp". */
  readonly agent?: string;
  /** Seed of everything random. Default 1. */
  readonly seed?: number | string;
  /** Robot that does the task: an id ("ur5e"), a module of your own that exports one, or its data. Default: the environment's. */
  readonly robot?: string | RobotModel;
  /** Overrides by name alone, below `settings` and `envConfig`: keys of the agent's settings, or of the environment's config. */
  readonly overrides?: Readonly<Record<string, unknown>>;
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
  /**
   * Demonstrations to start as a clone of: a recording of `armgym demo` (.mcap), the folder of a LeRobot v3 data set, or a file
   * of robomimic (.hdf5). At most one of `demos`, `teacher` and `from` may be given.
   */
  readonly demos?: string;
  /** Who is to be imitated: "expert" (the environment's scripted one), or the folder of a run trained on the state. */
  readonly teacher?: string;
  /** Folder of an earlier run of the same agent, whose best policy is started from. */
  readonly from?: string;
  /** File of a pre-trained image encoder to start with. */
  readonly encoder?: string;
}

/** What is to be trained; a robot is among the environment's settings. */
export type TrainingRequest = Omit<CreateRunOptions, "robot" | "say">;

/** Hints for training by PPO alone where only another way is known to work. */
const KNOWN_WAYS = {
  teacher: (env: string) =>
    `${env} is not known to be learned from rewards alone. What works: ${trainCommand(env, "teacher", "expert")}`,
  demonstrations: (env: string) =>
    `${env} is not known to be learned from rewards alone. What works: ${demoCommand(env, "demos.mcap", 200)}, then ${trainCommand(env, "demos", "demos.mcap")}`,
};

type Initialization = Pick<TrainingRequest, "demos" | "from" | "teacher" | "encoder">;

/** Options that initialize the policy; at most one may be given. */
const INITIALIZATIONS = ["teacher", "demos", "from"] as const;

/** Check everything that was asked for, then make the run's folder; nothing is written where something is wrong. */
export async function createRunFolder(
  request: TrainingRequest,
  say: (line: string) => void = () => {},
): Promise<RunFolder> {
  const { workers = DEFAULT_WORKERS, out = "runs" } = request;
  requirePossibleSeed(request.seed);
  requireWorkers(workers);
  const file = request.settingsFile === undefined ? undefined : readSettingsFile(request.settingsFile);
  const { demos, from, teacher, encoder } = initializationOf(request, file);
  const initializations = INITIALIZATIONS.filter((name) => ({ demos, from, teacher })[name] !== undefined);
  if (initializations.length > 1)
    throw new UsageError(
      `There are two ways to initialize the policy, ${optionText(initializations[0]!)} and ${optionText(initializations[1]!)}. Leave one out.`,
    );
  const env = await locateEnv(request.env ?? packagedEnvOf(file));
  const own = [request.env, request.agent].filter((name) => name !== undefined && namesOwnCode(name));
  const modules = [...(own as string[]), ...(request.modules ?? [])];
  // a settings file is data: it may name an agent that comes with armgym, and no module
  const agent =
    request.agent === undefined ? packagedAgent(file?.agent ?? "ppo-mlp") : await locateAgent(request.agent);
  if (file) requireKnownSettings(file, env.thing, agent.thing);
  const [sorted, sortedConfig] = sortOverrides(
    request.overrides ?? {},
    { name: agent.thing.id, keys: Object.keys(agent.thing.settings) },
    { name: env.thing.id, keys: Object.keys(env.thing.defaults) },
  );
  const settings = overlay(sorted, { ...request.settings });
  const envConfig = overlay(sortedConfig, request.envConfig);
  const trained = await locatingMistakes(file, () =>
    resolveTraining({
      env: env.thing,
      agent: agent.thing,
      ...(file ? { file } : {}),
      user: { settings, envConfig, ...(request.trainEnv ? { trainEnv: request.trainEnv } : {}) },
      async route(spec) {
        if (teacher !== undefined) await requireTeacher(teacher, spec, modules);
        return {
          ...(demos === undefined ? {} : { demonstrations: await loadDemonstrations(demos, spec) }),
          ...(from === undefined ? {} : { start: networkOfRun(from, agent.thing) }),
          teacher: teacher !== undefined,
        };
      },
    }),
  );
  const { spec } = trained;
  // reports now what network and environment cannot do together
  const policy = policyFor(agent.thing, spec, trained.settings);
  if (demos !== undefined) requireCloneable(policy, agent.thing.id);
  const target: TrainingTarget = { agent: agent.thing, spec, settings: trained.settings };
  if (from !== undefined) await loadStart(from, target, modules);
  if (encoder !== undefined) {
    if (from !== undefined)
      throw new UsageError(
        `There are two image encoders, of ${optionText("encoder")} and of ${optionText("from")}. Leave one out.`,
      );
    await loadEncoder(encoder, target);
  }
  const engine = request.engine ?? requireEngineName(file?.engine ?? "native");
  await loadEngine(engine, say);
  if (trained.raised !== undefined) say(trained.raised);
  const warning = robotWarning(spec.config);
  if (warning !== undefined) say(warning);
  if (initializations.length === 0) {
    const { learnedFrom } = agent.thing.tuned[env.thing.id] ?? {};
    if (learnedFrom) say(KNOWN_WAYS[learnedFrom](env.thing.id));
  }
  const versions = pythonVersions(env.thing, spec.config);
  const config: RunConfig = {
    version: VERSION,
    env: env.thing.id,
    agent: agent.thing.id,
    envModule: portableModule(env.source),
    agentModule: portableModule(agent.source),
    seed: request.seed ?? file?.seed ?? 1,
    engine,
    workers,
    envConfig: trained.overrides.envConfig,
    settings: trained.overrides.settings,
    resolved: {
      settings: { ...trained.settings },
      envConfig: spec.config,
      trainEnv: trained.trainEnv,
      spec: keptSpec(spec),
      origins: trained.origins,
    },
    ...(demos === undefined ? {} : { demos: resolve(demos) }),
    ...(encoder === undefined ? {} : { encoder: resolve(encoder) }),
    ...(from === undefined ? {} : { from: resolve(from) }),
    ...(teacher === undefined ? {} : { teacher: teacher === EXPERT ? EXPERT : resolve(teacher) }),
    ...(versions ? { versions } : {}),
  };
  return RunFolder.create(out, config, new Date(), modules);
}

/** Throw a UsageError for a seed that cannot be: a program may give any. */
export function requirePossibleSeed(seed: number | string | undefined): void {
  const isSeed = typeof seed === "number" ? Number.isSafeInteger(seed) && seed >= 0 : seed !== "";
  if (!isSeed)
    throw new UsageError(
      `The seed is ${JSON.stringify(seed)}, expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or a text.`,
    );
}

/** Options that initialize the policy: those of the request, else those of the settings file. */
function initializationOf(request: Initialization, file: Initialization = {}): Initialization {
  const { demos, from, teacher } = INITIALIZATIONS.some((name) => request[name] !== undefined)
    ? request
    : file;
  return definedOf({ demos, from, teacher, encoder: request.encoder ?? file.encoder });
}

function definedOf(record: { readonly [Name in keyof Initialization]?: string | undefined }): Initialization {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The environment that a settings file names: only one that comes with armgym, for a file is data and names no code. */
function packagedEnvOf(file: SettingsFile | undefined): string {
  if (file?.env === undefined) {
    const where = file ? `${file.file} names no environment` : "No environment is named";
    throw new UsageError(`${where}. Name one, for example Reach-v1.`);
  }
  const isGymnasiums = isGymnasiumName(file.env);
  const isKnown = isGymnasiums && ownPythonModule(file.env) === undefined;
  if (Object.hasOwn(envs, file.env) || isKnown) return file.env;
  const line = `${file.file}:${file.lines.get("env")}`;
  throw new UsageError(
    `${line}: the environment "${file.env}" does not come with armgym, and a settings file is data that names no code. ` +
      `${didYouMean(file.env, Object.keys(envs))}Name the module of an environment of your own: ${trainCommand(isGymnasiums ? file.env : "./my-env.ts", "settings", file.file)}`,
  );
}

/** Say where in the settings file a setting stands that does not fit with others. */
async function locatingMistakes<Result>(
  file: SettingsFile | undefined,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!file || !(error instanceof UsageError)) throw error;
    const line = lineOfMistake(file, error.message);
    throw line === undefined ? error : new UsageError(`${file.file}:${line}: ${error.message}`);
  }
}

/** Throw a UsageError where `teacher` cannot teach in environments of this spec. */
async function requireTeacher(teacher: string, spec: EnvInfo, modules: readonly string[]): Promise<void> {
  const definition = await loadTeacher(await locateTeacher(teacher, spec, modules));
  await definition.createTeacher(spec, 1, "native");
}
