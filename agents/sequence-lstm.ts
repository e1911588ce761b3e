// A recurrent network that writes: it learns what follows in a text, character by character.
import * as tf from "@tensorflow/tfjs-core";
import { FIT_DEFAULTS, type PredictorDefinition, type PredictorNetwork } from "../src/index.js";
import {
  dense,
  denseSpecs,
  dropout,
  embedding,
  lstmCell,
  memorySpecs,
  parameterLayout,
  runMemory,
  splitParameters,
} from "../src/nn.js";
import { type FieldKind, fieldOf } from "./data-fields.js";

/** Settings of its own. */
export interface SequenceSettings {
  /** Numbers that stand for a token. */
  readonly embedding: number;
  /** Numbers that each layer remembers in each part of its state. */
  readonly units: number;
  /** LSTMs above each other. */
  readonly layers: number;
  /** Share of what each LSTM says that is left out while training. */
  readonly dropout: number;
  /** As of any predictor. */
  readonly [name: string]: number | boolean | string;
}

const TOKENS: FieldKind = {
  words: 'tokens with their classes [steps], called "tokens"',
  name: "tokens",
  is: ({ shape, dtype, classes }) => shape.length === 1 && dtype === "int32" && classes !== undefined,
};

/**
 * Embedding, LSTMs above each other, and a logit for each token that may follow; learned from streams of the text, remembering from window to
 * window.
 *
 * A text is encoded by its alphabet before the model reads it, each LSTM hands the next its whole sequence, and the loss is the softmax
 * cross-entropy of logits: copies of the usual tutorial lack one or the other.
 */
export const sequenceLstm: PredictorDefinition<SequenceSettings> = {
  id: "sequence-lstm",
  description: "Text, character by character: embedding and LSTMs; writes on from a prompt.",
  data: "sentences",
  settings: {
    ...FIT_DEFAULTS,
    epochs: 20,
    batchSize: 64,
    learningRate: 5e-3,
    schedule: "cosine",
    finalRate: 0.05,
    maxGradNorm: 1,
    embedding: 64,
    units: 128,
    layers: 2,
    dropout: 0,
  },
  createNetwork(fields, settings): PredictorNetwork {
    const [tokens, { shape, classes }] = fieldOf("sequence-lstm", fields, TOKENS);
    const [steps, depth] = [shape[0]!, classes!.length];
    const { units, layers } = settings;
    const layout = parameterLayout([
      // small vectors, of length 1 at most: an LSTM's gates start unsaturated
      {
        name: "embedding/weight",
        shape: [depth, settings.embedding],
        initialization: { kind: "orthogonal", gain: 1 },
      },
      ...Array.from({ length: layers }, (_, k) =>
        memorySpecs(`lstm/${k}`, lstmCell, k === 0 ? settings.embedding : units, units),
      ).flat(),
      ...denseSpecs("output", [units, depth]),
    ]);
    const apply = (parameters: tf.Tensor1D, read: tf.Tensor, remembered: tf.Tensor, masks?: tf.Tensor) => {
      const parts = splitParameters(parameters, layout);
      const count = read.shape[0]!;
      // row t * N + n, as a memory runs
      const byStep = tf.reshape(tf.transpose(read, [1, 0]), [steps * count]);
      let x = embedding(byStep, parts, "embedding") as tf.Tensor2D;
      const left = masks && (tf.unstack(masks, 1) as tf.Tensor3D[]);
      const after = (tf.split(remembered, layers, 1) as tf.Tensor2D[]).map((memory, k) => {
        const run = runMemory(lstmCell, x, { memory }, parts, `lstm/${k}`);
        const mask =
          left && (tf.reshape(tf.transpose(left[k]!, [1, 0, 2]), [steps * count, units]) as tf.Tensor2D);
        x = mask ? dropout(run.outputs, mask) : run.outputs;
        return run.memory;
      });
      const logits = tf.reshape(dense(x, parts, "output/0"), [steps, count, depth]);
      return { logits: tf.transpose(logits, [1, 0, 2]), memory: tf.concat(after, 1) };
    };
    return {
      model: {
        layout,
        inputs: { [tokens]: { shape, dtype: "int32" } },
        outputs: { logits: { shape: [steps, depth] } },
        memory: Array.from({ length: layers }, (_, k) =>
          ["h", "c"].map((part) => ({ name: `${part}${k}`, size: units })),
        ).flat(),
        apply: (parameters, inputs) => apply(parameters, inputs[tokens]!, inputs.memory!),
      },
      order: "streams",
      objectives: [{ output: "logits", target: "next", loss: "cross-entropy" }],
      ...(settings.dropout > 0
        ? {
            dropout: { outputs: { shape: [layers, steps, units], rate: settings.dropout } },
            applyTraining: (parameters, inputs) =>
              apply(parameters, inputs[tokens]!, inputs.memory!, inputs.outputs),
          }
        : {}),
    };
  },
};
