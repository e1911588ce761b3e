// Open an exported policy from a folder on disk.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "../compile/engines/load-engine.js";
import { type ExportedPolicy, loadBundle } from "../deploy/bundle.js";
import { UsageError } from "../math/usage-error.js";
import { LARGEST, readWholeFile } from "./read-file.js";

/**
 * Open a bundle that `armgym export` wrote; `engine` defaults to "native".
 *
 * Throws a UsageError that names the file where one is missing, damaged, or does not belong to the others.
 */
export async function openBundle(folder: string, engine = "native"): Promise<ExportedPolicy> {
  const read = (name: string, most: number) => {
    const file = join(folder, name);
    if (existsSync(file)) return readWholeFile(file, most);
    throw new UsageError(`${folder} has no ${name}. Give a folder that "armgym export" wrote.`);
  };
  const bundle = {
    policyOnnx: read("policy.onnx", LARGEST.model),
    policyJson: read("policy.json", LARGEST.json).toString("utf8"),
    vectorsJson: read("vectors.json", LARGEST.vectors).toString("utf8"),
  };
  return loadBundle(bundle, await loadEngine(engine));
}
