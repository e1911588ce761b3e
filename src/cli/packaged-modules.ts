// The environments and agents that come with armgym, and those of the user's own modules.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { agents } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { EnvFactory } from "../env/env.js";
import { findEnv } from "../env/registry.js";
import { didYouMean } from "../math/nearest.js";
import { UsageError } from "../math/usage-error.js";
import type { AgentDefinition } from "../rl/policy.js";
import {
  isAgent,
  isEnvFactory,
  listModule,
  loadFromModule,
  type ModuleSource,
} from "../rl/workers/load-module.js";

/** Module of the packaged environments. */
const ENVS_MODULE = new URL("../../envs/index.js", import.meta.url).href;
/** Module of the packaged agents, experts and teachers. */
export const AGENTS_MODULE = new URL("../../agents/index.js", import.meta.url).href;

/** A definition and where every thread finds it. */
export interface Located<Thing> {
  readonly thing: Thing;
  readonly source: ModuleSource;
}

/** Find an environment by its id, or in a file: `./my-env.ts`, or `./my-env.ts#MyEnv-v1` where it has several. */
export async function locateEnv(name: string): Promise<Located<EnvFactory>> {
  if (!/[./\\]/.test(name)) return { thing: findEnv(envs, name), source: { module: ENVS_MODULE, id: name } };
  const [file, id] = name.split("#") as [string, string | undefined];
  const path = resolve(file);
  if (!existsSync(path))
    throw new UsageError(`There is no file ${file}. Give an env's id or a module that exports one.`);
  const module = pathToFileURL(path).href;
  const found = await listModule(module, isEnvFactory);
  const chosen = id === undefined ? found[0] : found.find((factory) => factory.id === id);
  if (chosen && (id !== undefined || found.length === 1))
    return { thing: chosen, source: { module, id: chosen.id } };
  const ids = found.map((factory) => factory.id);
  if (ids.length === 0) throw new UsageError(`${file} exports no env. Export what defineEnv() returns.`);
  throw new UsageError(`${file} exports ${ids.join(", ")}. Choose one, for example ${file}#${ids[0]}.`);
}

/** Find an agent by its id. */
export function locateAgent(id: string): Located<AgentDefinition> {
  const known: Readonly<Record<string, AgentDefinition>> = agents;
  if (Object.hasOwn(known, id)) return { thing: known[id]!, source: { module: AGENTS_MODULE, id } };
  throw new UsageError(`Unknown agent "${id}". ${didYouMean(id, Object.keys(known))}Run "armgym list".`);
}

/** Load again what a run's config names. */
export async function relocate(source: {
  readonly env: string;
  readonly envModule: string;
  readonly agent: string;
  readonly agentModule: string;
}): Promise<{ env: Located<EnvFactory>; agent: Located<AgentDefinition> }> {
  const packaged = source.envModule === "armgym";
  const envSource = { module: packaged ? ENVS_MODULE : source.envModule, id: source.env };
  const env = packaged ? findEnv(envs, source.env) : await loadFromModule(envSource, isEnvFactory, "env");
  const agentSource = {
    module: source.agentModule === "armgym" ? AGENTS_MODULE : source.agentModule,
    id: source.agent,
  };
  const agent = await loadFromModule(agentSource, isAgent, "agent");
  return { env: { thing: env, source: envSource }, agent: { thing: agent, source: agentSource } };
}

/** Name a module in a config so that it is found again wherever armgym is installed. */
export function portableModule(source: ModuleSource): string {
  return source.module === ENVS_MODULE || source.module === AGENTS_MODULE ? "armgym" : source.module;
}
