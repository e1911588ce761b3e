// A policy as models of plain TensorFlow.js: make them and check them.
import { emitGraphModel } from "../compile/emit/tfjs/emit-graph-model.js";
import { emitLayersModel, type NoLayersModel } from "../compile/emit/tfjs/emit-layers-model.js";
import type { TfjsModel } from "../compile/emit/tfjs/tfjs-model.js";
import type { CompiledFunction } from "../compile/engines/engine.js";
import { type NoRuntime, tfjsRuntime } from "../compile/engines/tfjs-runtime.js";
import type { Graph } from "../compile/graph/graph.js";
import { checkedDifference, type GoldenVector, runningPolicy } from "./bundle.js";
import { policyInputs } from "./policy-graph.js";
import type { PolicyManifest } from "./policy-manifest.js";

/** A policy's models; each has the manifest in its model.json, as `userDefinedMetadata.armgym_policy`. */
export interface TfjsBundle {
  /**
   * For `tf.loadGraphModel`: inputs and outputs of the names and shapes of policy.onnx, those of memory as well; an image's
   * bytes are int32.
   */
  readonly graphModel: TfjsModel;
  /** For `tf.loadLayersModel`: `obs` [N, O] to actions [N, A]; of a policy that is more than dense layers, why there is none. */
  readonly layersModel: TfjsModel | NoLayersModel;
}

/** Greatest differences from the trained policy, relative to the action entries' scales. */
export interface TfjsDifferences {
  readonly graphModel: number;
  /** Absent where there is no LayersModel. */
  readonly layersModel?: number;
}

/** Greatest difference that is let through: TensorFlow.js sums in another order than the engine that trained. */
const TOLERANCE = 1e-5;

/** Make the models of what `policyGraph` gave. */
export function tfjsBundle(graph: Graph, manifest: PolicyManifest): TfjsBundle {
  const metadata = { armgym_policy: manifest };
  return { graphModel: emitGraphModel(graph, metadata), layersModel: emitLayersModel(graph, metadata) };
}

/**
 * Run the models by TensorFlow.js's own packages over the golden vectors; or return why they cannot be, where those are not installed.
 *
 * Throws an Error where a model differs by more than 1e-5.
 */
export async function checkTfjsBundle(
  { graphModel, layersModel }: TfjsBundle,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
): Promise<TfjsDifferences | NoRuntime> {
  const runtime = await tfjsRuntime();
  if ("none" in runtime) return runtime;
  const inputs = policyInputs(manifest);
  const check = (model: CompiledFunction, name: string) => {
    const policy = runningPolicy(model, manifest, JSON.stringify(examples), `the ${name}`);
    return checkedDifference(policy, `the exported ${name}`, TOLERANCE);
  };
  const graph = await check(await runtime.loadGraphModel(graphModel, inputs), "GraphModel");
  if ("none" in layersModel) return { graphModel: graph };
  const layers = await runtime.loadLayersModel(layersModel, inputs, "actions");
  return { graphModel: graph, layersModel: await check(layers, "LayersModel") };
}
