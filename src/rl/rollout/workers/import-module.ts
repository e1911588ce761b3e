// Import a module of the user's own, JavaScript or TypeScript, that may import armgym.
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { UsageError } from "../../../math/usage-error.js";

/** What armgym exports, by the name that a module imports it by, from the folder of this file. */
const EXPORTS = {
  armgym: "../../../index.js",
  "armgym/nn": "../../../nn.js",
  "armgym/envs": "../../../../envs/index.js",
  "armgym/agents": "../../../../agents/index.js",
};

/**
 * Import the module at the file URL `module`.
 *
 * What it imports from "armgym" is the running package, also where its own folder has none: the command line may be installed
 * globally. Throws a UsageError where the module cannot be loaded.
 */
export async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    if (/\.[mc]?ts$/.test(module)) return await transformed(module);
    try {
      return (await import(module)) as Record<string, unknown>;
    } catch (error) {
      if (!/Cannot find (package|module) '(armgym)/.test(String(error))) throw error;
      return await transformed(module);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const cause = error instanceof Error ? error.message.split("\nRequire stack:")[0] : String(error);
    throw new UsageError(`The module ${module} cannot be loaded: ${cause}`);
  }
}

async function transformed(module: string): Promise<Record<string, unknown>> {
  const virtualModules: Record<string, Record<string, unknown>> = {};
  for (const [name, path] of Object.entries(EXPORTS)) {
    const url = new URL(path, import.meta.url);
    // there is none beside the sources, before they are compiled
    if (existsSync(url)) virtualModules[name] = (await import(url.href)) as Record<string, unknown>;
  }
  const jiti = createJiti(import.meta.url, { virtualModules, fsCache: privateFolder() });
  return jiti.import<Record<string, unknown>>(fileURLToPath(module));
}

/**
 * A folder for compiled modules that no other user can write into, false where there is none.
 *
 * By default they lie where every user of the machine may put code under the names that are looked for.
 */
function privateFolder(): string | false {
  const user = process.getuid?.();
  const folder = join(tmpdir(), `armgym-modules-${user ?? "own"}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    const isOurs = user === undefined || (status.uid === user && (status.mode & 0o077) === 0);
    return status.isDirectory() && isOurs ? folder : false;
  } catch {
    return false;
  }
}
