// Files that a robot's file names, meshes and includes: looked for where robots have them, and nowhere else.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readWholeFile } from "./read-file.js";

/** Most bytes of one file that are read. */
const MOST_BYTES = 200_000_000;
/** Folders above a file that still belong to its robot where no package.xml says so, and that packages are looked for in. */
const FOLDERS_ABOVE = 2;
const PACKAGES_ABOVE = 8;
const MOST_MANIFEST_BYTES = 1_000_000;
/** What packages of robots hold, where they have lost their package.xml. */
const PACKAGE_FOLDERS = ["urdf", "xacro", "robots", "meshes"];

/** Where a name may lead, and where it is looked for first. */
interface Place {
  /** Nothing outside of this folder is read. */
  readonly root: string;
  /** What names are relative to. */
  readonly folder: string;
}

/**
 * Return what reads the files that the robot in `file` names: their bytes, or undefined where there is none.
 *
 * Names are relative to the folder of `file`, then to `paths`, then to the folders above. `package://NAME/...` (also `model://`) is looked
 * for in the ROS package NAME: a folder of that name among `paths`, beside or above the file, or the package that the file lies in. Upper and
 * lower case may differ. Names never lead out of the robot's folder, the nearest with a package.xml or else the second above the file,
 * nor out of the package found, be it by "..", by an absolute path or by a symbolic link; `http://` is not read.
 */
export function robotFiles(
  file: string,
  paths: readonly string[] = [],
): (name: string) => Uint8Array | undefined {
  const folder = dirname(realpathSync(resolve(file)));
  const above = ancestors(folder);
  const packaged = above.findIndex((candidate) => existsSync(join(candidate, "package.xml")));
  const top = packaged >= 0 ? packaged : Math.min(FOLDERS_ABOVE, above.length - 1);
  const root = above[top]!;
  const own = above.slice(0, top + 1).map((base): Place => ({ root, folder: base }));
  const given = paths.map((path): Place => ({ root: resolve(path), folder: resolve(path) }));
  const plain = [own[0]!, ...given, ...own.slice(1)];
  const packages = new Map<string, readonly Place[]>();
  const placesOf = (name: string) => {
    const known = packages.get(name) ?? packagePlaces(name, [...given, ...own], above);
    packages.set(name, known);
    return [...known, ...plain];
  };
  return (name) => {
    const { packageName, path } = parseName(name);
    // hidden files are a user's own, never a robot's
    if (path === undefined || path.split(/[\\/]/).some((part) => /^\.[^.]/.test(part))) return undefined;
    for (const place of packageName === undefined ? plain : placesOf(packageName)) {
      const found = find(place, path);
      if (found) return readWholeFile(found, MOST_BYTES);
    }
    return undefined;
  };
}

/** The package that a name speaks of, and the path in it; no path where the name leads into the net. */
function parseName(name: string): { packageName?: string; path?: string } {
  const stripped = name.replace(/^(?:file:\/\/)+/, "");
  const inPackage = /^(?:package|model):\/\/([^/]*)\/?(.*)$/.exec(stripped);
  if (!inPackage) return /^[a-z][a-z0-9+.-]+:\/\//i.test(stripped) ? {} : { path: stripped };
  const [, packageName, path] = inPackage;
  return path ? { packageName: packageName!, path } : { path: packageName! };
}

/** Folders that may be the package called `name`. */
function packagePlaces(name: string, near: readonly Place[], above: readonly string[]): Place[] {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) return [];
  const far = above.slice(0, PACKAGES_ABOVE);
  const folders = [
    ...near.flatMap(({ folder }) => [...(basename(folder) === name ? [folder] : []), join(folder, name)]),
    ...far.flatMap((folder) =>
      [folder, join(folder, name), ...namesakes(folder, name)].filter(isPackage(name)),
    ),
  ];
  return [...new Set(folders)].filter(existsSync).map((folder) => ({ root: folder, folder }));
}

/** Folders called `name` one folder deeper: repositories of several packages lie side by side. */
function namesakes(folder: string, name: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name, name));
  } catch {
    return [];
  }
}

/** Whether a folder is the package called `name`: by its package.xml, or by its name and what packages of robots hold. */
function isPackage(name: string): (folder: string) => boolean {
  return (folder) => {
    const manifest = join(folder, "package.xml");
    if (!existsSync(manifest))
      return basename(folder) === name && PACKAGE_FOLDERS.some((part) => existsSync(join(folder, part)));
    try {
      const text = readWholeFile(manifest, MOST_MANIFEST_BYTES).toString("utf8");
      return /<name>\s*([^<\s]+)\s*<\/name>/.exec(text)?.[1] === name;
    } catch {
      return false;
    }
  };
}

/** The file called `path` in a place, upper and lower case apart if need be; undefined where it is not there or leads out. */
function find({ root, folder }: Place, path: string): string | undefined {
  const wanted = resolve(folder, path);
  if (!isInside(wanted, root)) return undefined;
  const found = existsSync(wanted) ? wanted : sameButCase(root, relative(root, wanted));
  if (found === undefined) return undefined;
  const real = realpathSync(found);
  return isInside(real, realpathSync(root)) && statSync(real).isFile() ? real : undefined;
}

function sameButCase(root: string, path: string): string | undefined {
  let at = root;
  for (const part of path.split(sep)) {
    let names: readonly string[];
    try {
      names = existsSync(join(at, part)) ? [part] : readdirSync(at).toSorted();
    } catch {
      return undefined;
    }
    const name = names.find((candidate) => candidate.toLowerCase() === part.toLowerCase());
    if (name === undefined) return undefined;
    at = join(at, name);
  }
  return at;
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A folder and those above it, without the root of the file system, where there are others. */
function ancestors(folder: string): string[] {
  const list = [folder];
  for (let next = dirname(folder); next !== dirname(next); next = dirname(next)) list.push(next);
  return list;
}
