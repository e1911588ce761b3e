// TensorFlow for the engine "tensorflow", out of the npm registry and PyPI alone. @tensorflow/tfjs-node's own install script fetches
// its library from another host; the same library is in the wheel of tensorflow-cpu, and the rest is one call of the compiler.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { optionText, UsageError } from "../../math/usage-error.js";
import { explainWriteError } from "../../runs/atomic-write.js";
import { makeFolders } from "../../runs/make-folders.js";
import { requirePlatform, requireTools, runTool } from "./tools.js";

/** What is in the folder, and in the file installed.json there. */
export interface Installation {
  readonly tfjsNode: string;
  readonly tensorflow: string;
  readonly nodeApi: number;
}

/** How to install. */
export interface InstallOptions {
  /** Where to; replaced as a whole when all is done. */
  readonly folder: string;
  /** Whether to install again what is there. */
  readonly force: boolean;
  /** Gets a line before each part of the work. */
  readonly say: (line: string) => void;
}

/** A package of the npm registry with the digest that the registry gives for it. */
interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

const TFJS_NODE: NpmPackage = {
  name: "@tensorflow/tfjs-node",
  version: "4.22.0",
  integrity:
    "sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==",
};
const HEADERS: NpmPackage = {
  name: "node-api-headers",
  version: "1.9.0",
  integrity:
    "sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==",
};
/** From 2.12 on the wheel has the C interface in a library of its own; 2.18.1 is the newest that was tried with this binding. */
const TENSORFLOW = {
  name: "tensorflow-cpu",
  version: "2.18.1",
  python: "3.11",
  platforms: ["manylinux_2_17_x86_64", "manylinux2014_x86_64"],
  sha256: "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
};

/** The version of Node-API that the binding is built for: each Node from 20 on has it. */
const NODE_API = 8;
const INSTALLED = "installed.json";
const INSTALLATION = z.object({ tfjsNode: z.string(), tensorflow: z.string(), nodeApi: z.number() });

/** Takes the library and the headers of its C interface out of the wheel. */
const EXTRACT = `
import sys, zipfile
wheel, out = sys.argv[1:]
HEADERS = ("tensorflow/c/", "tensorflow/core/platform/ctstring", "tensorflow/tsl/", "tsl/", "xla/tsl/c/")
with zipfile.ZipFile(wheel) as file:
    for name in file.namelist():
        header = name.removeprefix("tensorflow/include/")
        if name.startswith("tensorflow/libtensorflow") or (header.startswith(HEADERS) and header.endswith(".h")):
            file.extract(name, out)
`;

/**
 * Set TensorFlow up in `folder`, in about a minute; returns what is there, and whether it was there before.
 *
 * All is made and tried beside it and renamed at the end. Throws a UsageError for another platform, for programs that are missing, for
 * registries that cannot be reached or give something else than was tested, and for a folder that holds something else.
 */
export async function installTensorFlow(
  options: InstallOptions,
): Promise<{ readonly installation: Installation; readonly isNew: boolean }> {
  const { folder, force, say } = options;
  requirePlatform(process.platform, process.arch);
  const present = installationIn(folder);
  if (present && !force && isCurrent(present)) return { installation: present, isNew: false };
  requireTools();
  const draft = `${folder}.${process.pid}.tmp`;
  const discard = () => rmSync(draft, { recursive: true, force: true });
  process.once("exit", discard);
  try {
    discard();
    makeDraft(draft);
    const installation = await fillDraft(draft, say);
    writeFileSync(join(draft, INSTALLED), `${JSON.stringify(installation)}\n`);
    replace(folder, draft);
    return { installation, isNew: true };
  } finally {
    process.off("exit", discard);
    discard();
  }
}

/** Whether it is what this version of armgym installs. */
function isCurrent({ tfjsNode, tensorflow, nodeApi }: Installation): boolean {
  return tfjsNode === TFJS_NODE.version && tensorflow === TENSORFLOW.version && nodeApi === NODE_API;
}

/** Read what an earlier installation left; undefined where there is nothing. Throws a UsageError for a folder with something else. */
function installationIn(folder: string): Installation | undefined {
  if (!existsSync(folder)) return undefined;
  try {
    return INSTALLATION.parse(JSON.parse(readFileSync(join(folder, INSTALLED), "utf8")));
  } catch {
    throw new UsageError(
      `${folder} is there, and is no installation of TensorFlow by armgym. Remove it, or choose another place by ${optionText("folder")}.`,
    );
  }
}

function makeDraft(draft: string): void {
  try {
    makeFolders(dirname(draft));
    mkdirSync(draft);
  } catch (error) {
    throw explainWriteError(draft, error, "folder");
  }
}

async function fillDraft(draft: string, say: (line: string) => void): Promise<Installation> {
  say(`1 of 4: ${TFJS_NODE.name} ${TFJS_NODE.version} from the npm registry`);
  await fetchPackages(draft, [TFJS_NODE, HEADERS]);
  say(`2 of 4: ${TENSORFLOW.name} ${TENSORFLOW.version} from PyPI, 230 MB`);
  const wheel = await fetchWheel(draft);
  const modules = join(draft, "node_modules");
  const home = join(modules, TFJS_NODE.name);
  const libraries = join(home, "deps");
  await runTool("python3", ["-c", EXTRACT, wheel, libraries], { cwd: draft, what: "unpacking" });
  rmSync(dirname(wheel), { recursive: true });
  say("3 of 4: compiling the binding");
  await compile(home, join(modules, HEADERS.name, "include"), join(libraries, "tensorflow"));
  say("4 of 4: trying it");
  const engines = new URL("../../compile/engines/load-engine.js", import.meta.url).href;
  const tryOut = `import(process.argv[1]).then(({ loadEngine }) => loadEngine("tensorflow")).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });`;
  await runTool(process.execPath, ["-e", tryOut, engines], {
    cwd: draft,
    what: "the first operation",
    env: { ARMGYM_TENSORFLOW: draft },
  });
  return { tfjsNode: TFJS_NODE.version, tensorflow: TENSORFLOW.version, nodeApi: NODE_API };
}

/** Install packages by npm, without their install scripts, and hold what came against the digests. */
async function fetchPackages(draft: string, packages: readonly NpmPackage[]): Promise<void> {
  writeFileSync(join(draft, "package.json"), '{ "private": true }\n');
  const named = packages.map(({ name, version }) => `${name}@${version}`);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"];
  await runTool("npm", ["install", "--prefix", draft, "--ignore-scripts", ...quiet, ...named], {
    cwd: draft,
    what: "npm",
  });
  const lock = z
    .object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) })
    .parse(JSON.parse(readFileSync(join(draft, "node_modules", ".package-lock.json"), "utf8")));
  for (const { name, version, integrity } of packages) {
    const got = lock.packages[`node_modules/${name}`]?.integrity;
    if (got !== integrity)
      throw new UsageError(
        `Setting up TensorFlow failed: the npm registry gives ${name} ${version} with the digest ${got}, expected ` +
          `${integrity}. It is not what was tested. Nothing was changed.`,
      );
  }
}

/** Fetch the wheel by pip, which compares it with the digest; returns its path. */
async function fetchWheel(draft: string): Promise<string> {
  const { name, version, python, platforms, sha256 } = TENSORFLOW;
  const folder = join(draft, "wheel");
  const requirements = join(draft, "requirements.txt");
  writeFileSync(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  await runTool(
    "python3",
    [
      ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1"],
      ...["--no-deps", "--no-cache-dir", "--only-binary=:all:", "--python-version", python],
      ...platforms.flatMap((platform) => ["--platform", platform]),
      ...["--require-hashes", "--dest", folder, "--requirement", requirements],
    ],
    { cwd: draft, what: "pip" },
  );
  rmSync(requirements);
  return join(folder, readdirSync(folder)[0]!);
}

/** Compile the binding of `home` against `library`, the folder of libtensorflow, and leave only what runs. */
async function compile(home: string, headers: string, library: string): Promise<void> {
  const folder = join(home, "lib", `napi-v${NODE_API}`);
  mkdirSync(folder, { recursive: true });
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(home, "binding", file));
  await runTool(
    "g++",
    [
      ...["-shared", "-fPIC", "-std=c++17", "-O2", `-DNAPI_VERSION=${NODE_API}`],
      ...[`-I${headers}`, `-I${join(library, "include")}`, ...sources],
      ...[`-L${library}`, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
      ...["-Wl,-rpath,$ORIGIN/../../deps/tensorflow", "-o", join(folder, "tfjs_binding.node")],
    ],
    { cwd: home, what: "the compiler" },
  );
  // 633 MB become 457
  await runTool("strip", ["--strip-unneeded", join(library, "libtensorflow_cc.so.2")], {
    cwd: home,
    what: "strip",
  });
  rmSync(join(library, "include"), { recursive: true });
  rmSync(headers, { recursive: true });
}

/** Put `draft` in the place of `folder`, whatever is there. */
function replace(folder: string, draft: string): void {
  const old = `${draft}.old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(draft, folder);
  rmSync(old, { recursive: true, force: true });
}
