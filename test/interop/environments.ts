// The programs that checks need, installed once: a virtual environment for each file of requirements, or `npm run tfjs-node`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tensorFlowFolder } from "../../src/compile/engines/tensorflow-package.js";
import { ENVIRONMENTS } from "./checks.js";

/** Programs that are there. */
export interface ReadyEnvironment {
  /** The Python that has them; absent where none is needed. */
  readonly python?: string;
  /** Read the version of a distribution of PyPI, or of "npm:" and a package. */
  versionOf(name: string): string;
}

/** Programs that cannot be had here, and why, in one line. */
export interface MissingEnvironment {
  readonly missing: string;
}

/** Where the packages of node_modules are. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Install what the environment `name` needs, unless that was done before; gives up after `seconds`. */
export function makeEnvironment(
  name: keyof typeof ENVIRONMENTS,
  seconds: number,
): ReadyEnvironment | MissingEnvironment {
  const { by } = ENVIRONMENTS[name];
  if (by === "npm") return { versionOf: (version) => versionInFolder(ROOT, version) };
  if (by === "requirements") return virtualEnvironment(name, seconds);
  const missing = install("npm", ["run", "--silent", "tfjs-node"], seconds);
  return missing ?? { versionOf: (version) => versionInFolder(tensorFlowFolder(), version) };
}

function virtualEnvironment(name: string, seconds: number): ReadyEnvironment | MissingEnvironment {
  const given = process.env.ARMGYM_INTEROP_PYTHON;
  if (given !== undefined)
    return { python: given, versionOf: (distribution) => versionInPython(given, distribution) };
  const requirements = fileURLToPath(new URL(`requirements/${name}.txt`, import.meta.url));
  // other versions are other environments
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(tmpdir(), `armgym-interop-${name}-${digest}`);
  const python = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    process.stderr.write(`Installing test/interop/requirements/${name}.txt into ${folder}.\n`);
    rmSync(folder, { recursive: true, force: true });
    const pip = ["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20"];
    const missing =
      install("python3", ["-m", "venv", folder], seconds) ??
      install(python, [...pip, "--requirement", requirements], seconds);
    if (missing) return missing;
    writeFileSync(complete, "");
  }
  return { python, versionOf: (distribution) => versionInPython(python, distribution) };
}

/** Run a command that installs something; the reason where it fails. */
function install(command: string, args: readonly string[], seconds: number): MissingEnvironment | undefined {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 1000 * seconds,
  });
  if (status === 0) return undefined;
  if (/connection broken by/i.test(stderr ?? "")) return { missing: "PyPI cannot be reached." };
  const said = stderr?.trim().split("\n").at(-1);
  return { missing: `${command} ${args.slice(0, 3).join(" ")}: ${error?.message ?? said}` };
}

function versionInPython(python: string, distribution: string): string {
  const read = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
  const { status, stdout } = spawnSync(python, ["-c", read, distribution], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : "not installed";
}

function versionInFolder(folder: string, name: string): string {
  const manifest = join(folder, "node_modules", name.replace(/^npm:/, ""), "package.json");
  if (!existsSync(manifest)) return "not installed";
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
