// What a user of plain TensorFlow.js does with an exported policy, in Node and in a page alike.
import type * as core from "@tensorflow/tfjs-core";

/** `tf` as @tensorflow/tfjs gives it: parts of it that are used here. */
export type PlainTfjs = typeof core & {
  loadGraphModel(url: string): Promise<{
    readonly metadata: Metadata;
    predict(inputs: core.NamedTensorMap): core.Tensor | core.NamedTensorMap;
  }>;
  loadLayersModel(url: string): Promise<{
    getUserDefinedMetadata(): Metadata;
    predict(input: core.Tensor): core.Tensor;
  }>;
};

interface Metadata {
  readonly armgym_policy: unknown;
}

/** How far models are from the golden vectors, relative to the action entries' scales. */
export interface Worst {
  readonly graphModel: number;
  /** Null where there is no LayersModel. */
  readonly layersModel: number | null;
  /** Whether each model holds the manifest of policy.json. */
  readonly hasManifest: boolean;
}

/** Run the models in the folder at `base` over vectors.json. Runs in a page as well: it may use nothing outside of itself. */
export async function worstDifferences(tf: PlainTfjs, base: string): Promise<Worst> {
  const read = async (name: string) => (await fetch(`${base}/${name}`)).json();
  const [manifest, vectors] = [await read("policy.json"), await read("vectors.json")];
  const difference = (given: ArrayLike<number>, wanted: number[]) =>
    Math.max(...wanted.map((value, k) => Math.abs(given[k]! - value) / Math.abs(manifest.action[k].scale)));

  const graph = await tf.loadGraphModel(`${base}/tfjs_graph_model/model.json`);
  const parts: { input: string; output: string; size: number }[] = manifest.memory?.parts ?? [];
  const empty = () => Object.fromEntries(parts.map(({ input, size }) => [input, tf.zeros([1, size])]));
  let memory = empty();
  let graphModel = 0;
  for (const { obs, image, actions, isStart } of vectors) {
    if (isStart) memory = empty();
    const inputs: core.NamedTensorMap = { obs: tf.tensor2d([obs]), ...memory };
    if (image !== undefined) {
      const { height, width, channels } = manifest.image;
      const bytes = Int32Array.from(atob(image), (letter) => letter.charCodeAt(0));
      inputs.image = tf.tensor4d(bytes, [1, height, width, channels], "int32");
    }
    const said = graph.predict(inputs);
    const outputs = said instanceof tf.Tensor ? { actions: said } : said;
    graphModel = Math.max(graphModel, difference(await outputs.actions!.data(), actions));
    memory = Object.fromEntries(parts.map(({ input, output }) => [input, outputs[output]!]));
  }

  const models = [graph.metadata];
  let layersModel: number | null = null;
  if ((await fetch(`${base}/tfjs_layers_model/model.json`)).ok) {
    const layers = await tf.loadLayersModel(`${base}/tfjs_layers_model/model.json`);
    models.push(layers.getUserDefinedMetadata());
    // all at once: it takes batches
    const batch = layers.predict(tf.tensor2d(vectors.map(({ obs }: { obs: number[] }) => obs)));
    const rows = (await batch.array()) as number[][];
    layersModel = Math.max(...rows.map((row, k) => difference(row, vectors[k].actions)));
  }
  const texts = models.map(({ armgym_policy }) => JSON.stringify(armgym_policy));
  return { graphModel, layersModel, hasManifest: texts.every((text) => text === JSON.stringify(manifest)) };
}
