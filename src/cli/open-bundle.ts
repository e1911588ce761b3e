// Open an exported policy from a folder on disk.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "../compile/engine.js";
import { type ExportedPolicy, loadBundle } from "../deploy/bundle.js";
import { UsageError } from "../math/usage-error.js";

/**
 * Open a bundle that `armgym export` wrote; `engine` defaults to "native".
 *
 * Throws a UsageError that names the file where one is missing, damaged, or does not belong to the others.
 */
export async function openBundle(folder: string, engine = "native"): Promise<ExportedPolicy> {
  const read = (name: string) => {
    try {
      return readFileSync(join(folder, name));
    } catch {
      throw new UsageError(`${folder} has no ${name}. Give a folder that "armgym export" wrote.`);
    }
  };
  const bundle = {
    policyOnnx: read("policy.onnx"),
    policyJson: read("policy.json").toString("utf8"),
    vectorsJson: read("vectors.json").toString("utf8"),
  };
  return loadBundle(bundle, await loadEngine(engine));
}
