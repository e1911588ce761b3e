// TensorFlow's library for Node, @tensorflow/tfjs-node: where it is looked for, and how it runs on every Node, quietly, on one thread.
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../../math/usage-error.js";
import { causeOf, isNotInstalled } from "./not-installed.js";

/** A name that the type checker cannot follow: the package is an optional peer. */
const PACKAGE: string = "@tensorflow/tfjs-node";
const INSTEAD = 'or use the default engine "native", which is faster.';

/**
 * Return the folder that `armgym install-tensorflow` puts TensorFlow into and the engine takes it from: `given`, else what the
 * environment variable ARMGYM_TENSORFLOW says, else armgym/tensorflow in the folder of the user's caches.
 */
export function tensorFlowFolder(given = process.env.ARMGYM_TENSORFLOW): string {
  const { join, resolve } = process.getBuiltinModule("node:path");
  if (given) return resolve(given);
  const { homedir } = process.getBuiltinModule("node:os");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "armgym", "tensorflow");
}

/**
 * Load the package and run a first operation, from `tensorFlowFolder()` where it is there, else from beside armgym.
 *
 * Throws a UsageError where it is not installed, is broken or does not run.
 */
export async function loadTensorFlow(): Promise<void> {
  prepareNode();
  const folder = tensorFlowFolder();
  const { existsSync } = process.getBuiltinModule("node:fs");
  const { join } = process.getBuiltinModule("node:path");
  if (existsSync(folder)) {
    const require = process.getBuiltinModule("node:module").createRequire(join(folder, "package.json"));
    const way = `Remove that folder and run "armgym install-tensorflow"`;
    await load(async () => require(PACKAGE), `${PACKAGE} in ${folder}`, way);
  } else await load(() => import(PACKAGE), PACKAGE, "Install it again");
}

/**
 * Give Node what the package expects of it: its last release, 4.22, calls two functions of node:util that Node 22 warns of and Node 23
 * has no more; the library reads the rest from the environment when it is loaded.
 */
function prepareNode(): void {
  Object.assign(process.getBuiltinModule("node:util"), {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
  // 2: errors only, and not what the processor could do
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  process.env.TF_NUM_INTRAOP_THREADS = "1";
  process.env.TF_NUM_INTEROP_THREADS = "1";
}

async function load(importPackage: () => Promise<unknown>, where: string, way: string): Promise<void> {
  try {
    await importPackage();
  } catch (error) {
    if (isNotInstalled(error, PACKAGE))
      throw new UsageError(
        `The engine "tensorflow" needs ${PACKAGE}, which is not installed. Run "armgym install-tensorflow", ${INSTEAD}`,
      );
    throw new UsageError(
      `The engine "tensorflow" cannot be loaded: ${where} is installed, but broken (${causeOf(error)}). ${way}, ${INSTEAD}`,
    );
  }
  const before = tf.engine().backendName;
  try {
    if (!(await tf.setBackend("tensorflow"))) throw new Error("its backend does not start");
    tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).dataSync());
  } catch (error) {
    throw new UsageError(
      `The engine "tensorflow" does not run: ${where} fails on Node ${process.versions.node} (${causeOf(error)}). ${way}, ${INSTEAD}`,
    );
  } finally {
    if (before) await tf.setBackend(before);
  }
}
