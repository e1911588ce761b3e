// A policy that is to be exported as a graph: what acts, and nothing that never changes.
import type { Engine } from "../compile/engines/engine.js";
import { evaluateBy } from "../compile/engines/evaluate-graph.js";
import type { Graph } from "../compile/graph/graph.js";
import { checkGraph } from "../compile/passes/check-graph.js";
import { foldConstants } from "../compile/passes/fold-constants.js";
import { keepOutputs } from "../compile/passes/keep-outputs.js";
import { mergeEqualNodes } from "../compile/passes/merge-equal-nodes.js";
import { type TensorFunction, type TensorSpecs, traceGraph } from "../compile/trace/trace.js";
import type { PolicyManifest } from "./policy-manifest.js";

/** Return the inputs that a policy of this manifest has: `obs`, what it sees, what it remembers. */
export function policyInputs({ observation, image, memory }: PolicyManifest): TensorSpecs {
  return {
    obs: { shape: [1, observation.length] },
    ...(image
      ? { image: { shape: [1, image.height, image.width, image.channels], dtype: "uint8" as const } }
      : {}),
    ...Object.fromEntries((memory?.parts ?? []).map(({ input, size }) => [input, { shape: [1, size] }])),
  };
}

/** Return the graph of `policy` from these inputs to its actions and what it remembers; `engine`, which loads ONNX, folds its constants. */
export async function policyGraph(
  policy: TensorFunction,
  manifest: PolicyManifest,
  engine: Engine,
): Promise<Graph> {
  const parts = manifest.memory?.parts ?? [];
  const traced = traceGraph(policy, policyInputs(manifest));
  const acting = keepOutputs(traced, ["actions", ...parts.map(({ output }) => output)]);
  return checkGraph(mergeEqualNodes(await foldConstants(acting, evaluateBy(engine))));
}
