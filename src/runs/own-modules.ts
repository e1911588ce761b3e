// Modules of the user's own that a run names: which of them may be loaded, and how a run's config names them.
import { existsSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { optionText, UsageError } from "../math/usage-error.js";

/** What the config of a run calls the modules that come with armgym. */
export const PACKAGED = "armgym";
/** What it calls those of Python's Gymnasium and of packages that are known; behind ":" it names a Python module of the user's own. */
export const GYMNASIUM = "gymnasium";

/** A run's folder, and what its config names as the module of its environment or agent. */
interface NamedModule {
  readonly module: string;
  readonly run: string;
}

const EXTENSION = /\.[cm]?[jt]s$/;
/** Separators of other systems, drives, URL schemes, percent-encoding, wildcards, control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a path in a config may not hold
const FOREIGN = /[\\:%*?"<>|#\u0000-\u001f]/;

/**
 * Return the file URL of the module that a run's config names, where it may be loaded without being named by the user.
 *
 * The content of a run's folder may come from anyone, so it is data. A module is taken only by a plain
 * relative path to a file inside the folder that armgym runs in (`project`), links resolved, that did not come along with the
 * run: not in the run's folder, nor below the folder of the project that the run lies in. Throws a UsageError otherwise.
 */
export function moduleInProject({ module, run }: NamedModule, project = process.cwd()): string {
  const reason = refusal(module, run, project);
  if (reason === undefined) return pathToFileURL(realpathSync(join(project, module))).href;
  throw new UsageError(
    `${run} names the module ${quoted(module)}, which ${reason}. A run is data: code is loaded from it only where you ` +
      `say so. If you know the module, name it: ${optionText("modules", "./my-env.ts")}`,
  );
}

/** Why `module` may not be loaded; undefined where it may. */
function refusal(module: string, run: string, project: string): string | undefined {
  if (FOREIGN.test(module) || isAbsolute(module)) return "is no plain path relative to this folder";
  const parts = module.replace(/^\.\//, "").split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "is no plain path inside this folder";
  if (!EXTENSION.test(module)) return "is no JavaScript or TypeScript file";
  if (parts.includes("node_modules")) return "lies in node_modules";
  const file = join(project, ...parts);
  if (!existsSync(file) || !statSync(file).isFile()) return `is not in this folder (${project})`;
  const [real, root, folder] = [realpathSync(file), realpathSync(project), realpathSync(run)];
  if (!isInside(real, root)) return `is a link that leads out of this folder (${project})`;
  if (isInside(real, folder)) return "lies in the run's own folder";
  if (!isInside(folder, root)) return undefined;
  const beside = join(root, relative(root, folder).split(sep)[0]!);
  return isInside(real, beside) ? `lies in ${quoted(relative(root, beside))}, as the run does` : undefined;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`));
}

/** A name out of a file, fit for a message of one line. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/** Split `./my-env.ts#MyEnv-v1` into the module's file URL and an id; throws a UsageError where there is no such file. */
export function moduleOnDisk(name: string, otherwise: string): { module: string; file: string; id?: string } {
  const mark = name.lastIndexOf("#");
  // a "#" may belong to the path
  const isWhole = mark < 0 || existsSync(resolve(name));
  const file = isWhole ? name : name.slice(0, mark);
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`There is no file ${file}. ${otherwise}`);
  if (!statSync(path).isFile()) throw new UsageError(`${file} is a folder, not a module. ${otherwise}`);
  return { module: pathToFileURL(path).href, file, ...(isWhole ? {} : { id: name.slice(mark + 1) }) };
}

/** Name a module of the user's own in a config: by its path from the folder that armgym runs in, so that both can be moved. */
export function portablePath(module: string, project = process.cwd()): string {
  const path = relative(project, fileURLToPath(module)).split(sep).join("/");
  return path.startsWith("../") || isAbsolute(path) ? path : `./${path}`;
}

/** Return whether the module is found by the config's name alone. */
export function isFoundAgain(named: NamedModule, project = process.cwd()): boolean {
  return (
    named.module === PACKAGED ||
    named.module === GYMNASIUM ||
    refusal(named.module, named.run, project) === undefined
  );
}
