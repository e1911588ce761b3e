// A small network that tells from forces and torques what went wrong.
import * as tf from "@tensorflow/tfjs-core";
import { FIT_DEFAULTS, type PredictorDefinition, type PredictorNetwork } from "../src/index.js";
import {
  dense,
  denseSpecs,
  dropout,
  type ParameterSpec,
  parameterLayout,
  splitParameters,
} from "../src/nn.js";
import { fieldOf, LABELS, SERIES } from "./data-fields.js";
import { addSeriesNoise } from "./series-noise.js";

/** Settings of its own. */
export interface FailureSettings {
  /** Filters of each convolution along the series. */
  readonly filters: number;
  /** Share of the features that is left out while training. */
  readonly dropout: number;
  /** Noise on the series while training, standard deviations of each entry. */
  readonly noise: number;
  /** As of any predictor. */
  readonly [name: string]: number | boolean | string;
}

/** Standard deviations of training are compressed from a tenth of one on: those of collisions hide what else happens. */
const COMPRESSION = 10;
/** Steps that a filter covers. */
const SIZE = 3;

/**
 * Two convolutions along a series of a few steps; the mean and the greatest number of each filter go into one logit per class.
 *
 * Series are standardised and compressed by asinh first, since a collision's forces are hundreds of times those of a free move. There are few
 * samples: dropout, noise and weight decay keep the network from learning them by heart.
 */
export const failureClassifier: PredictorDefinition<FailureSettings> = {
  id: "failure-classifier",
  description: "Classes of short series, such as forces and torques after a robot's failure.",
  data: "contacts",
  settings: {
    ...FIT_DEFAULTS,
    epochs: 100,
    batchSize: 16,
    learningRate: 3e-3,
    schedule: "cosine",
    weightDecay: 0.01,
    filters: 32,
    dropout: 0.3,
    noise: 0.01,
  },
  createNetwork(fields, settings): PredictorNetwork {
    const [series, { shape, entries }] = fieldOf("failure-classifier", fields, SERIES);
    const [label, { classes }] = fieldOf("failure-classifier", fields, LABELS);
    const [steps, width] = shape as [number, number];
    const { filters } = settings;
    const layout = parameterLayout([
      ...filterSpecs("conv/0", width, filters),
      ...filterSpecs("conv/1", filters, filters),
      ...denseSpecs("output", [2 * filters, classes!.length]),
    ]);
    const apply = (parameters: tf.Tensor1D, values: tf.Tensor, mask?: tf.Tensor) => {
      const parts = splitParameters(parameters, layout);
      const x = asinh(tf.mul(values, COMPRESSION)) as tf.Tensor3D;
      const conv0 = alongSteps(x, parts, "conv/0");
      const conv1 = alongSteps(conv0, parts, "conv/1");
      const features = tf.concat([tf.mean(conv1, 1), tf.max(conv1, 1)], 1) as tf.Tensor2D;
      return { logits: dense(mask ? dropout(features, mask) : features, parts, "output/0"), conv0, conv1 };
    };
    return {
      model: {
        layout,
        inputs: { [series]: { shape, ...(entries ? { entries } : {}) } },
        outputs: {
          logits: { shape: [classes!.length], entries: classes!.map((name) => ({ name, unit: "1" })) },
        },
        taps: { conv0: { shape: [steps, filters] }, conv1: { shape: [steps, filters] } },
        apply: (parameters, inputs) => apply(parameters, inputs[series]!),
      },
      normalized: [series],
      objectives: [{ output: "logits", target: label, loss: "cross-entropy" }],
      dropout: { features: { shape: [2 * filters], rate: settings.dropout } },
      applyTraining: (parameters, inputs) => apply(parameters, inputs[series]!, inputs.features),
      augment(batch, rows, random, deviations) {
        const values = (batch[series] as Float32Array).subarray(0, rows * steps * width);
        addSeriesNoise(values, settings.noise, deviations[series]!, random);
      },
    };
  },
};

function filterSpecs(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    {
      name: `${name}/weight`,
      shape: [SIZE, inputs, outputs],
      initialization: { kind: "normal", deviation: Math.sqrt(2 / (SIZE * inputs)) },
    },
    { name: `${name}/bias`, shape: [outputs], initialization: { kind: "constant", value: 0 } },
  ];
}

/** ReLU of a convolution along the steps of x [N, T, inputs], zeros beyond its ends. */
function alongSteps(x: tf.Tensor3D, parts: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor3D {
  return tf.relu(
    tf.add(tf.conv1d(x, parts[`${name}/weight`] as tf.Tensor3D, 1, "same"), parts[`${name}/bias`]!),
  );
}

/** ln(|x| + √(x² + 1)) with the sign of x. */
function asinh(x: tf.Tensor): tf.Tensor {
  const size = tf.abs(x);
  return tf.mul(tf.sign(x), tf.log(tf.add(size, tf.sqrt(tf.add(tf.square(size), 1)))));
}
