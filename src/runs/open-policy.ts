// Open what acts, ready to be served: a run's best policy as it would be exported, or an exported bundle.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "../compile/engines/load-engine.js";
import { type ExportedPolicy, loadBundle } from "../deploy/bundle.js";
import { UsageError } from "../math/usage-error.js";
import { openBundle } from "./open-bundle.js";
import { isRunFolder } from "./owned-folder.js";
import { bundleOfRun } from "./run-bundle.js";
import { RunFolder } from "./run-folder.js";

/** How a policy is opened. */
export interface OpenPolicyOptions {
  /** What runs it; default: the run's engine, "native" for a bundle. */
  readonly engine?: string;
  /** Modules of your own that the run's environment or agent is in, for one outside of the folder that the program runs in. */
  readonly modules?: readonly string[];
  /** Called with each line for the user: changed defaults, another engine. Default: lines are dropped. */
  readonly say?: (line: string) => void;
}

/** Greatest difference from the golden vectors, relative to each action entry's scale: engines and processors differ in the last bits only. */
const TOLERANCE = 1e-4;

/**
 * Open the best policy of the run, or the bundle that `armgym export` wrote, in the folder `path`, and run its golden vectors.
 *
 * Nothing but numbers is read: no pickle, no module out of the folder.
 *
 * @throws UsageError where there is neither, where a file is damaged, and where the answers are not those of the golden vectors.
 * @example
 * const policy = await openPolicy("runs/PickPlace-v1__ppo-mlp__1__20260102-030405");
 */
export async function openPolicy(path: string, options: OpenPolicyOptions = {}): Promise<ExportedPolicy> {
  const { engine, modules, say = () => {} } = options;
  refuseFile(path);
  if (existsSync(join(path, "policy.onnx"))) return requireVectors(await openBundle(path, engine), path);
  if (existsSync(path) && !isRunFolder(path))
    throw new UsageError(
      `${path} is neither a run nor a bundle: it has no config.json and no policy.onnx. Give a folder that "armgym train" or "armgym export" made.`,
    );
  const made = await bundleOfRun(RunFolder.open(path, modules), say);
  const loaded = engine === undefined ? made.engine : await loadEngine(engine, say);
  return requireVectors(await loadBundle(made.bundle, loaded), path);
}

function refuseFile(path: string): void {
  if (!existsSync(path) || statSync(path).isDirectory()) return;
  throw new UsageError(
    `${path} is a file, expected the folder of a run or of a bundle that "armgym export" made. ` +
      "Pickles and checkpoints of other programs are never loaded: they can hold code.",
  );
}

async function requireVectors(policy: ExportedPolicy, path: string): Promise<ExportedPolicy> {
  const difference = await policy.verify();
  if (difference <= TOLERANCE) return policy;
  await policy.dispose();
  throw new UsageError(
    `The policy of ${path} answers its golden vectors with a difference of ${difference.toPrecision(2)}, allowed is ${TOLERANCE}. The files do not belong together; export again.`,
  );
}
