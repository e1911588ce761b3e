// Everything that the golden tests of bundles call of the library; a change of its API touches this file alone.
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../src/deploy/bundle.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { explainedInference, explainedInputs } from "../../src/rl/explained-inference.js";
import { POLICY_KINDS, untrainedBundle } from "../deploy/untrained-bundle.js";
import { message, type ProtobufFields, text } from "../math/protobuf-fields.js";
import type { Hashable, Parts } from "./golden.js";

const STEPS = 6;

interface Choice {
  readonly seed: number;
  readonly engine: string;
}

/** Export an untrained policy and run it on the observations that go with it. */
export async function exportUntrained(kind: string, { seed, engine }: Choice) {
  const { bundle } = await untrainedBundle({ ...POLICY_KINDS[kind]!, steps: STEPS, seed, engine });
  const exported = await loadBundle(bundle, await loadEngine(engine, () => {}));
  const vectors = JSON.parse(bundle.vectorsJson) as { readonly obs: number[]; readonly image?: string }[];
  const commands: Float32Array[] = [];
  for (const { obs, image } of vectors) {
    const seen = image === undefined ? undefined : new Uint8Array(Buffer.from(image, "base64"));
    commands.push(await exported.command(obs, seen));
  }
  await exported.dispose();
  return { graph: graphOf(bundle.policyOnnx), manifest: bundle.policyJson, commands };
}

/** Nodes and initializers of an ONNX file without their values, by the field numbers of onnx.proto3. */
function graphOf(onnx: Uint8Array): Hashable {
  const graph = message(message(onnx)[7]![0]);
  const list = (fields: ProtobufFields, number: number) => fields[number] ?? [];
  const nodes = list(graph, 1).map((node) => {
    const fields = message(node);
    return [text(fields[4]![0]), list(fields, 1).map(text), list(fields, 2).map(text), list(fields, 5)];
  });
  const initializers = list(graph, 5).map((tensor) => {
    const fields = message(tensor);
    return [text(fields[8]![0]), list(fields, 1)];
  });
  return { nodes, initializers, outputs: list(graph, 12) };
}

/** Say of an untrained policy how its first action and its value change with what it observes. */
export async function explain(kind: string, { seed, engine }: Choice): Promise<Parts> {
  const { policy } = await untrainedBundle({ ...POLICY_KINDS[kind]!, steps: 1, seed, engine });
  const inputs = explainedInputs(policy);
  const compiled = await (await loadEngine(engine, () => {})).compile(explainedInference(policy), inputs);
  const random = createRandom(`golden/${seed}`);
  const given = Object.entries(inputs).map(([name, { shape }]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return [name, Float32Array.from({ length }, () => random.uniform(-1, 1))] as const;
  });
  const parameters = initializeParameters(policy.layout, random);
  const outputs = await compiled.run({ ...Object.fromEntries(given), parameters });
  await compiled.dispose();
  return outputs;
}
