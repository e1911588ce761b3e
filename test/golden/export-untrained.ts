// Everything that the golden tests of bundles call of the library; a change of its API touches this file alone.
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { loadBundle } from "../../src/deploy/bundle.js";
import { createRandom } from "../../src/math/random.js";
import { compileModel } from "../../src/model/compile-model.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { imageSize } from "../../src/rl/policy.js";
import { policyModel } from "../../src/rl/policy-model.js";
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
  const order = new Map<string, string>();
  // what the compiler calls tensors inside is no result: they are numbered as the nodes name them
  const numbered = (name: string) => {
    if (name.startsWith("~") && !order.has(name)) order.set(name, `#${order.size}`);
    return order.get(name) ?? name;
  };
  const nodes = list(graph, 1).map((node) => {
    const fields = message(node);
    const [inputs, outputs] = [list(fields, 1), list(fields, 2)].map((names) =>
      names.map(text).map(numbered),
    );
    return [text(fields[4]![0]), inputs!, outputs!, list(fields, 5)];
  });
  const initializers = list(graph, 5).map((tensor) => {
    const fields = message(tensor);
    return [numbered(text(fields[8]![0])), list(fields, 1)] as const;
  });
  return {
    nodes,
    initializers: Object.fromEntries(initializers),
    outputs: list(graph, 12),
  };
}

/** Say of an untrained policy how its first action and its value change with what it observes. */
export async function explain(kind: string, { seed, engine }: Choice): Promise<Parts> {
  const { policy } = await untrainedBundle({ ...POLICY_KINDS[kind]!, steps: 1, seed, engine });
  const model = policyModel(policy);
  const compiler = await loadEngine(engine, () => {});
  const runner = await compileModel(model, compiler, { normalized: ["observation"], gradients: true });
  const random = createRandom(`golden/${seed}`);
  const draw = (length: number) => Float32Array.from({ length }, () => random.uniform(-1, 1));
  draw(policy.layout.total);
  const [mean, scale, observation] = [0, 1, 2].map(() => draw(policy.observationSize));
  if (runner.memory) runner.remember(draw(runner.memory.length));
  const given = { observation: observation!, ...(policy.image ? { image: draw(imageSize(policy)) } : {}) };
  const weights = { mean: draw(policy.actionSize), value: draw(1) };
  const parameters = initializeParameters(policy.layout, random);
  runner.load({ parameters, normalizers: { observation: { mean: mean!, scale: scale! } } });
  const said = await runner.gradients(given, weights);
  await runner.dispose();
  const inUnits = (value: number, k: number) => {
    const entry = policy.predicts![k]!;
    return Math.fround(value / scale![entry]!) + mean![entry]!;
  };
  const { output, "observation.gradient": gradient, "image.gradient": imageGradient, predicted } = said;
  return {
    output,
    gradient,
    ...(imageGradient ? { imageGradient } : {}),
    ...(predicted ? { predicted: (predicted as Float32Array).map(inUnits) } : {}),
  };
}
