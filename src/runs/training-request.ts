// What `armgym train` was told, as the folder of a new run.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadEngine } from "../compile/engines/load-engine.js";
import type { EnvSpec } from "../env/env.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import { readRecording } from "../recording/mcap-read.js";
import { requireCloneable } from "../rl/imitation/cloning.js";
import {
  type Demonstrations,
  demonstrationsFrom,
  settingsFromDemonstrations,
} from "../rl/imitation/demonstrations.js";
import { type AgentDefinition, policyFor } from "../rl/policy.js";
import type { PpoSettings } from "../rl/ppo/ppo-settings.js";
import { type PretrainedEncoder, requireFit } from "../rl/pretraining/pretrained-encoder.js";
import {
  raisedSpread,
  resolveSettings,
  resolveTrainEnv,
  settingsFromRandomization,
  settingsFromTeacher,
} from "../rl/resolve-settings.js";
import { loadTeacher } from "../rl/rollout/workers/load-teacher.js";
import { settingsFromPolicy } from "../rl/start-policy.js";
import { VERSION } from "../version.js";
import { readEncoder } from "./encoder-file.js";
import { loadStart, networkOfRun } from "./load-start.js";
import { EXPERT, locateTeacher } from "./locate-teacher.js";
import { isModulePath, locateAgent, locateEnv, portableModule } from "./packaged-modules.js";
import { LARGEST, readWholeFile } from "./read-file.js";
import { type RunConfig, RunFolder } from "./run-folder.js";
import { keptSpec } from "./run-settings.js";

/** What `armgym train` was told. */
export interface TrainingRequest {
  readonly env: string;
  /** Modules of the user's own, besides that of `env`, to find the environments of other runs in. */
  readonly modules?: readonly string[];
  readonly agent: string;
  readonly seed: number;
  readonly steps?: number;
  readonly workers: number;
  readonly engine: string;
  /** Folder that runs are made in. */
  readonly out: string;
  /** Overrides: keys of the agent's settings, or of the environment's config. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** File of demonstrations to start from. */
  readonly demos?: string;
  /** Who is to be imitated: "expert", or the folder of a run. */
  readonly teacher?: string;
  /** Folder of a run whose policy is started from. */
  readonly from?: string;
  /** File of a pre-trained image encoder to start from. */
  readonly encoder?: string;
}

/** What to say to somebody who lets PPO alone try what is known to be learned in another way. */
const KNOWN_WAYS = {
  teacher: (env: string) =>
    `${env} is not known to be learned from rewards alone. What works: armgym train ${env} --teacher expert`,
  demonstrations: (env: string) =>
    `${env} is not known to be learned from rewards alone. What works: armgym demo ${env} --episodes 200 --out demos.mcap, then armgym train ${env} --demos demos.mcap`,
};

/** Options that say how training begins; at most one may be given. */
const BEGINNINGS = ["teacher", "demos", "from"] as const;

/** Check everything that was asked for, then make the run's folder; nothing is written where something is wrong. */
export async function createRun(request: TrainingRequest, say: (line: string) => void): Promise<RunFolder> {
  const beginnings = BEGINNINGS.filter((name) => request[name] !== undefined);
  if (beginnings.length > 1)
    throw new UsageError(`--${beginnings[0]} and --${beginnings[1]} are two ways to begin. Leave one out.`);
  const env = await locateEnv(request.env);
  const modules = [...(isModulePath(request.env) ? [request.env] : []), ...(request.modules ?? [])];
  const agent = locateAgent(request.agent);
  const [settings, envConfig] = sortOverrides(
    request.overrides,
    { name: agent.thing.id, keys: Object.keys(agent.thing.settings) },
    { name: env.thing.id, keys: Object.keys(env.thing.defaults) },
  );
  if (request.steps !== undefined) settings.totalSteps = request.steps;
  const { spec } = env.thing.create(envConfig);
  // kept in the run's settings, so that resuming goes on by the same
  let suited = settingsFromRandomization(agent.thing, spec);
  if (request.demos !== undefined) {
    const demonstrations = loadDemonstrations(request.demos, spec);
    suited = { ...suited, ...settingsFromDemonstrations(agent.thing, env.thing.id, demonstrations) };
  }
  const { teacher, from } = request;
  if (from !== undefined) {
    const taken = networkOfRun(from, agent.thing);
    suited = { ...suited, ...settingsFromPolicy(agent.thing, env.thing.id), ...taken };
  }
  if (teacher !== undefined) {
    await requireTeacher(teacher, spec, modules);
    suited = { ...suited, ...settingsFromTeacher(agent.thing, env.thing.id) };
  }
  Object.assign(settings, { ...suited, ...settings });
  const trained = resolveSettings(agent.thing, env.thing.id, settings);
  // told now what network and environment cannot do together
  const policy = policyFor(agent.thing, spec, trained);
  if (request.demos !== undefined) requireCloneable(policy, agent.thing.id);
  if (from !== undefined) await loadStart(from, { agent: agent.thing, spec, settings: trained }, modules);
  if (request.encoder !== undefined) {
    if (from !== undefined)
      throw new UsageError("--encoder and --from both bring an image encoder. Leave one out.");
    await loadEncoder(request.encoder, agent.thing, spec, trained);
  }
  const resolved = {
    settings: { ...trained },
    envConfig: spec.config,
    trainEnv: resolveTrainEnv(agent.thing, env.thing, envConfig),
    spec: keptSpec(spec),
  };
  await loadEngine(request.engine, say);
  const raised = raisedSpread(agent.thing, env.thing.id, settings);
  if (raised !== undefined) say(raised);
  if (beginnings.length === 0) {
    const { learnedFrom } = agent.thing.tuned[env.thing.id] ?? {};
    if (learnedFrom) say(KNOWN_WAYS[learnedFrom](env.thing.id));
  }
  const config: RunConfig = {
    version: VERSION,
    env: env.thing.id,
    agent: agent.thing.id,
    envModule: portableModule(env.source),
    agentModule: portableModule(agent.source),
    seed: request.seed,
    engine: request.engine,
    workers: request.workers,
    envConfig,
    settings,
    resolved,
    ...(request.demos === undefined ? {} : { demos: resolve(request.demos) }),
    ...(request.encoder === undefined ? {} : { encoder: resolve(request.encoder) }),
    ...(from === undefined ? {} : { from: resolve(from) }),
    ...(teacher === undefined ? {} : { teacher: teacher === EXPERT ? EXPERT : resolve(teacher) }),
  };
  return RunFolder.create(request.out, config, new Date(), modules);
}

/** Throw a UsageError where `teacher` cannot teach in environments of this spec. */
async function requireTeacher(teacher: string, spec: EnvSpec, modules: readonly string[]): Promise<void> {
  const definition = await loadTeacher(await locateTeacher(teacher, spec, modules));
  await definition.createTeacher(spec, 1, "native");
}

/** Load a pre-trained encoder; throws a UsageError where what is to be trained cannot start from it. */
export async function loadEncoder(
  file: string,
  agent: AgentDefinition,
  spec: EnvSpec,
  settings: PpoSettings,
): Promise<PretrainedEncoder> {
  const encoder = await readEncoder(file);
  const { encoder: kind = "patch" } = settings;
  requireFit(encoder, file, policyFor(agent, spec, settings), {
    image: spec.image,
    encoder: kind,
    agent: agent.id,
  });
  return encoder;
}

/** Load demonstrations of the environment with this spec; throws a UsageError where the file is missing or of another. */
export function loadDemonstrations(file: string, spec: EnvSpec): Demonstrations {
  if (!existsSync(file)) {
    throw new UsageError(`There is no file ${file}. Record one: armgym demo ${spec.id} --out ${file}`);
  }
  return demonstrationsFrom(readRecording(readWholeFile(file, LARGEST.recording), file), file, spec);
}

interface KnownKeys {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Send each override where its key is known: to the agent, or to the environment. Throws a UsageError for any other. */
export function sortOverrides(
  overrides: Readonly<Record<string, unknown>>,
  agent: KnownKeys,
  env: KnownKeys,
): [Record<string, unknown>, Record<string, unknown>] {
  const settings: Record<string, unknown> = {};
  const envConfig: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(overrides)) {
    if (agent.keys.includes(key)) settings[key] = value;
    else if (env.keys.includes(key)) envConfig[key] = value;
    else {
      const hint = didYouMean(key, [...agent.keys, ...env.keys]);
      const has = ({ name, keys }: KnownKeys) => `${name} has: ${keys.join(", ")}.`;
      throw new UsageError(`Unknown setting "${key}". ${hint}${has(env)} ${has(agent)}`);
    }
  }
  return [settings, envConfig];
}
