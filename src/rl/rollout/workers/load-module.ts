// Load environments and agents from a module, in the main thread and in workers alike.
import { didYouMean } from "../../../math/nearest.js";
import { UsageError } from "../../../math/usage-error.js";
import { importModule } from "./import-module.js";

/** Where an environment or agent comes from, so that every thread can load the same. */
export interface ModuleSource {
  /** File URL of a module: JavaScript, or TypeScript, which is compiled on the fly. */
  readonly module: string;
  readonly id: string;
}

/** Load what `source` names: an export with that `id`, or an entry of an exported record. */
export async function loadFromModule<Thing extends { readonly id: string }>(
  source: ModuleSource,
  isThing: (value: unknown) => value is Thing,
  kind: string,
): Promise<Thing> {
  const found = await listModule(source.module, isThing);
  const thing = found.find(({ id }) => id === source.id);
  if (thing) return thing;
  const ids = found.map(({ id }) => id);
  const offered = ids.length > 0 ? `It has: ${ids.join(", ")}.` : `It exports no ${kind} at all.`;
  throw new UsageError(
    `Unknown ${kind} "${source.id}" in ${source.module}. ${didYouMean(source.id, ids)}${offered}`,
  );
}

/** List everything of a kind that a module exports, directly or inside an exported record. */
export async function listModule<Thing extends { readonly id: string }>(
  module: string,
  isThing: (value: unknown) => value is Thing,
): Promise<Thing[]> {
  const exported = await importModule(module);
  const things = Object.values(exported).flatMap((value): Thing[] => {
    if (isThing(value)) return [value];
    return typeof value === "object" && value !== null ? Object.values(value).filter(isThing) : [];
  });
  // the same thing may be exported by name and as the default
  const found = [...new Set(things)];
  const ids = found.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice === undefined) return found;
  throw new UsageError(`${module} exports two different things with the id "${twice}". Give each its own.`);
}

/** Return whether an export is an environment factory. */
export function isEnvFactory(value: unknown): value is import("../../../env/env.js").EnvFactory {
  return (
    typeof value === "object" && value !== null && "id" in value && "create" in value && "defaults" in value
  );
}

/** Return whether an export is an agent. */
export function isAgent(value: unknown): value is import("../../policy.js").AgentDefinition {
  return typeof value === "object" && value !== null && "id" in value && "createPolicy" in value;
}
