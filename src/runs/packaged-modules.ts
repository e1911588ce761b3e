// The environments and agents that come with armgym, and those of the user's own modules.
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { EnvFactory } from "../env/env.js";
import { findEnv } from "../env/registry.js";
import { gymnasiumEnv } from "../gymnasium/gymnasium-factory.js";
import { isGymnasiumName, ownPythonModule } from "../gymnasium/gymnasium-id.js";
import { addressOf } from "../gymnasium/named-by-address.js";
import { didYouMean } from "../math/nearest.js";
import { optionText, UsageError } from "../math/usage-error.js";
import type { AgentDefinition } from "../rl/policy.js";
import {
  isAgent,
  isEnvFactory,
  listModule,
  loadFromModule,
  type ModuleSource,
} from "../rl/rollout/workers/load-module.js";
import {
  GYMNASIUM,
  isFoundAgain,
  moduleInProject,
  moduleOnDisk,
  PACKAGED,
  portablePath,
} from "./own-modules.js";

/** Module of the packaged environments. */
const ENVS_MODULE = new URL("../../envs/index.js", import.meta.url).href;
/** Module of the packaged agents, experts and teachers. */
export const AGENTS_MODULE = new URL("../../agents/index.js", import.meta.url).href;

/** A definition and where every thread finds it. */
export interface Located<Thing> {
  readonly thing: Thing;
  readonly source: ModuleSource;
}

/**
 * Find an environment by its id, in a file (`./my-env.ts`, or `./my-env.ts#MyEnv-v1` where it has several), or in Python's Gymnasium
 * (`gym:Reacher-v5`).
 */
export async function locateEnv(name: string): Promise<Located<EnvFactory>> {
  if (isGymnasiumName(name)) return gymnasiumOf(name);
  if (!isModulePath(name)) return { thing: findEnv(envs, name), source: { module: ENVS_MODULE, id: name } };
  return locateOwn(name, isEnvFactory, "env", "Export what defineEnv() returns.");
}

/** Find an agent by its id, or in a file: `./my-agent.ts`, or `./my-agents.ts#mine` where it has several. */
export async function locateAgent(name: string): Promise<Located<AgentDefinition>> {
  if (!isModulePath(name)) return packagedAgent(name);
  return locateOwn(name, isAgent, "agent", "Export an AgentDefinition.");
}

function gymnasiumOf(name: string): Located<EnvFactory> {
  const thing = gymnasiumEnv(name) as EnvFactory;
  return { thing, source: { module: addressOf(name), id: name } };
}

/** Find what a module of the user's own exports; the only one, or the one with the id behind "#". */
export async function locateOwn<Thing extends { readonly id: string }>(
  name: string,
  isThing: (value: unknown) => value is Thing,
  kind: string,
  way: string,
): Promise<Located<Thing>> {
  const { module, file, id } = moduleOnDisk(
    name,
    `Give ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}'s id or a module that exports one.`,
  );
  const found = await listModule(module, isThing);
  const chosen = id === undefined ? found[0] : found.find((thing) => thing.id === id);
  if (chosen && (id !== undefined || found.length === 1))
    return { thing: chosen, source: { module, id: chosen.id } };
  const ids = found.map((thing) => thing.id);
  if (ids.length === 0) throw new UsageError(`${file} exports no ${kind}. ${way}`);
  throw new UsageError(`${file} exports ${ids.join(", ")}. Choose one, for example ${file}#${ids[0]}.`);
}

/** Return whether `name` is a module's path, which holds a dot or a slash, and no id. */
export function isModulePath(name: string): boolean {
  return !isGymnasiumName(name) && /[./\\]/.test(name);
}

/** Return whether `name` names code that does not come with armgym: a module's path, or an environment of Python's Gymnasium. */
export function namesOwnCode(name: string): boolean {
  return isGymnasiumName(name) || isModulePath(name);
}

/** Find an agent that comes with armgym by its id. */
export function packagedAgent(id: string): Located<AgentDefinition> {
  const known: Readonly<Record<string, AgentDefinition>> = agents;
  if (Object.hasOwn(known, id)) return { thing: known[id]!, source: { module: AGENTS_MODULE, id } };
  throw new UsageError(`Unknown agent "${id}". ${didYouMean(id, Object.keys(known))}Run "armgym list".`);
}

/** A run as far as its modules go. */
export interface RunModules {
  /** Its folder. */
  readonly path: string;
  readonly config: {
    readonly env: string;
    readonly envModule: string;
    readonly agent: string;
    readonly agentModule: string;
  };
  /** Modules that the user named on the command line; only those, and those of the project, are loaded. */
  readonly modules: readonly string[];
}

/** Load the environment and the agent of a run; throws a UsageError where its config names a module that may not be loaded. */
export async function relocate(
  run: RunModules,
): Promise<{ env: Located<EnvFactory>; agent: Located<AgentDefinition> }> {
  const { env, envModule, agent, agentModule } = run.config;
  return {
    env:
      envModule === PACKAGED
        ? { thing: findEnv(envs, env), source: { module: ENVS_MODULE, id: env } }
        : isGymnasiumName(env)
          ? trustedGymnasium(run)
          : await ownThing(run, { module: envModule, id: env }, isEnvFactory, "env"),
    agent:
      agentModule === PACKAGED
        ? packagedAgent(agent)
        : await ownThing(run, { module: agentModule, id: agent }, isAgent, "agent"),
  };
}

/** The environment of Gymnasium that a run names; a Python module of the user's own is imported only where the user names it, too. */
function trustedGymnasium({ path, config, modules }: RunModules): Located<EnvFactory> {
  const module = ownPythonModule(config.env);
  if (module === undefined || modules.includes(config.env)) return gymnasiumOf(config.env);
  throw new UsageError(
    `${path} names the Python module "${module}" by its environment. A run is data: code is loaded from it only where you say so. ` +
      `If you know the module, name the environment: ${optionText("modules", config.env)}`,
  );
}

/** Find what a run names in the modules of the command line, else in the project. */
export async function ownThing<Thing extends { readonly id: string }>(
  { path, modules }: Pick<RunModules, "path" | "modules">,
  { module, id }: ModuleSource,
  isThing: (value: unknown) => value is Thing,
  kind: string,
): Promise<Located<Thing>> {
  const others: string[] = [];
  for (const name of modules.filter((own) => !isGymnasiumName(own))) {
    const { module: own, file } = moduleOnDisk(
      name,
      `Give ${optionText("modules")} the module that exports the run's ${kind}.`,
    );
    const found = await listModule(own, isThing);
    const thing = found.find((candidate) => candidate.id === id);
    if (thing) return { thing, source: { module: own, id } };
    others.push(`${file} exports ${found.map((candidate) => candidate.id).join(", ") || `no ${kind}`}`);
  }
  if (others.length > 0 && !isFoundAgain({ module, run: path }))
    throw new UsageError(`${path} was trained with the ${kind} "${id}"; ${others.join("; ")}.`);
  const source = { module: moduleInProject({ module, run: path }), id };
  return { thing: await loadFromModule(source, isThing, kind), source };
}

/** Name a module in a config so that it is found again wherever armgym, or the project, is. */
export function portableModule(source: ModuleSource): string {
  if (isGymnasiumName(source.id)) {
    const own = ownPythonModule(source.id);
    return own === undefined ? GYMNASIUM : `${GYMNASIUM}:${own}`;
  }
  const isPackaged = source.module === ENVS_MODULE || source.module === AGENTS_MODULE;
  return isPackaged ? PACKAGED : portablePath(source.module);
}
