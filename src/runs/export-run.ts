// Export a run's best policy as a bundle that a controller can run.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { WEIGHTS_FILE } from "../compile/emit/tfjs/tfjs-model.js";
import type { GoldenVector, PolicyBundle } from "../deploy/bundle.js";
import type { PolicyManifest } from "../deploy/policy-manifest.js";
import { checkTfjsBundle, type TfjsBundle, tfjsBundle } from "../deploy/tfjs-bundle.js";
import type { UnvariedEntry } from "../rl/observation-floor.js";
import { atomicWrite } from "./atomic-write.js";
import { bundleOfRun } from "./run-bundle.js";
import type { RunFolder } from "./run-folder.js";

/** What is written besides policy.onnx, policy.json and vectors.json. */
export interface ExportOptions {
  /**
   * TensorFlow.js models: tfjs_graph_model/model.json for `tf.loadGraphModel`, and where the policy is dense layers alone
   * tfjs_layers_model/model.json for `tf.loadLayersModel`, with weights.bin beside each. Default false.
   */
  readonly tfjs?: boolean;
}

/** What was written for TensorFlow.js. Differences are those from the trained policy over the golden vectors; null: not checked, or no such model. */
export interface TfjsOutcome {
  readonly graphModelDifference: number | null;
  readonly layersModelDifference: number | null;
  /** Why there is no LayersModel; null where there is one. */
  readonly noLayersModel: string | null;
  /** Why nothing was checked; null where it was. */
  readonly unchecked: string | null;
}

/** What was written. */
export interface ExportOutcome {
  readonly folder: string;
  readonly files: readonly string[];
  /** Greatest difference between the exported and the trained policy over the golden vectors. */
  readonly difference: number;
  readonly vectors: number;
  /** Entries of the observation that never varied while training. */
  readonly unvaried: readonly UnvariedEntry[];
  /** Where TensorFlow.js models were asked for. */
  readonly tfjs?: TfjsOutcome;
}

/**
 * Write policy.onnx, policy.json and vectors.json of a run's best policy, and what `options` ask for, into `out` and check them.
 *
 * `say` gets a line where today's defaults are not the run's, where another engine is used, and of a model of an earlier export.
 */
export async function exportRun(
  run: RunFolder,
  out: string,
  say: (line: string) => void = () => {},
  { tfjs = false }: ExportOptions = {},
): Promise<ExportOutcome> {
  const { bundle, manifest, graph, examples, difference, unvaried } = await bundleOfRun(run, say);
  const models = tfjs ? tfjsBundle(graph, manifest) : undefined;
  const checked = models && (await checkedModels(models, manifest, examples));
  const earlier = join(out, "tfjs_layers_model");
  if (checked && checked.noLayersModel !== null && existsSync(earlier))
    say(`${earlier} is of an earlier export: this policy has no LayersModel.`);
  return {
    folder: resolve(out),
    files: [...writeBundle(out, bundle), ...(models ? writeModels(out, models) : [])],
    difference,
    vectors: examples.length,
    unvaried,
    ...(checked ? { tfjs: checked } : {}),
  };
}

async function checkedModels(
  models: TfjsBundle,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
): Promise<TfjsOutcome> {
  const checked = await checkTfjsBundle(models, manifest, examples);
  const differences = "none" in checked ? undefined : checked;
  return {
    graphModelDifference: differences?.graphModel ?? null,
    layersModelDifference: differences?.layersModel ?? null,
    noLayersModel: "none" in models.layersModel ? models.layersModel.none : null,
    unchecked: "none" in checked ? checked.none : null,
  };
}

/** Write a bundle's files into a folder and return their names. */
function writeBundle(folder: string, bundle: PolicyBundle): string[] {
  atomicWrite(join(folder, "policy.onnx"), bundle.policyOnnx);
  atomicWrite(join(folder, "policy.json"), bundle.policyJson);
  atomicWrite(join(folder, "vectors.json"), bundle.vectorsJson);
  return ["policy.onnx", "policy.json", "vectors.json"];
}

/** Write the TensorFlow.js models into folders of their own and return the files' names; weights first, so that a model.json finds its own. */
function writeModels(folder: string, { graphModel, layersModel }: TfjsBundle): string[] {
  const models = {
    tfjs_graph_model: graphModel,
    ...("none" in layersModel ? {} : { tfjs_layers_model: layersModel }),
  };
  return Object.entries(models).flatMap(([name, { modelJson, weights }]) => {
    atomicWrite(join(folder, name, WEIGHTS_FILE), weights);
    atomicWrite(join(folder, name, "model.json"), modelJson);
    return [join(name, "model.json"), join(name, WEIGHTS_FILE)];
  });
}
