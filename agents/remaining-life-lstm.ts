// A recurrent network that forecasts for how long a machine will run on, with the range that it expects.
import * as tf from "@tensorflow/tfjs-core";
import { FIT_DEFAULTS, type PredictorDefinition, type PredictorNetwork } from "../src/index.js";
import {
  dense,
  denseSpecs,
  dropout,
  lstmCell,
  memorySpecs,
  parameterLayout,
  runMemory,
  splitParameters,
} from "../src/nn.js";
import { type FieldKind, fieldOf, SERIES } from "./data-fields.js";
import { addSeriesNoise } from "./series-noise.js";

/** Settings of its own. */
export interface RemainingLifeSettings {
  /** Numbers that are remembered. */
  readonly units: number;
  /** Noise on the series while training, standard deviations of each entry. */
  readonly noise: number;
  /** Share of what the memory says that is left out while training. */
  readonly dropout: number;
  /** What the forecast is scaled by: the most that the data says. */
  readonly cap: number;
  /** As of any predictor. */
  readonly [name: string]: number | boolean | string;
}

/** Of the forecast's range: the middle, and an interval that nine of ten lie in. */
const QUANTILES = [0.05, 0.5, 0.95] as const;
/** Share of the quantiles' loss: the forecast itself is what counts. */
const QUANTILE_WEIGHT = 0.2;

const ALL_STEPS: FieldKind = {
  words: "numbers to forecast after each step [steps]",
  is: ({ shape, dtype = "float32" }) => shape.length === 1 && dtype === "float32",
};
const LAST_STEP: FieldKind = {
  words: "numbers to forecast after the last step []",
  is: ({ shape, dtype = "float32", classes }) => shape.length === 0 && dtype === "float32" && !classes,
};

/**
 * LSTM over windows of a series, learned from at every step: `remaining` after the last, `forecast` after each, and `quantiles`
 * (5, 50 and 95 %) after each.
 *
 * What is often copied instead stacks a second LSTM behind one that gives its last output alone: there is no sequence left for it. Here
 * the memory's output at every step goes on, and every step has a loss.
 */
export const remainingLifeLstm: PredictorDefinition<RemainingLifeSettings> = {
  id: "remaining-life-lstm",
  description: "Remaining useful life from windows of sensors: an LSTM, with quantiles.",
  data: "degradation",
  settings: {
    ...FIT_DEFAULTS,
    epochs: 15,
    batchSize: 256,
    learningRate: 2e-3,
    schedule: "cosine",
    finalRate: 0.02,
    maxGradNorm: 1,
    units: 64,
    noise: 0.2,
    dropout: 0,
    cap: 125,
  },
  createNetwork(fields, settings): PredictorNetwork {
    const [series, { shape, entries }] = fieldOf("remaining-life-lstm", fields, SERIES);
    const [all, target] = fieldOf("remaining-life-lstm", fields, ALL_STEPS);
    const [last] = fieldOf("remaining-life-lstm", fields, LAST_STEP);
    const [steps, width] = shape as [number, number];
    const { units, cap } = settings;
    const layout = parameterLayout([
      ...memorySpecs("lstm", lstmCell, width, units),
      ...denseSpecs("forecast", [units, 1]),
      ...denseSpecs("quantiles", [units, QUANTILES.length]),
    ]);
    const unit = target.unit ?? "1";
    const apply = (parameters: tf.Tensor1D, windows: tf.Tensor, mask?: tf.Tensor) => {
      const parts = splitParameters(parameters, layout);
      const count = windows.shape[0]!;
      const byStep = tf.reshape(tf.transpose(windows, [1, 0, 2]), [steps * count, width]) as tf.Tensor2D;
      const memory: tf.Tensor2D = tf.zeros([count, 2 * units]);
      const { outputs } = runMemory(lstmCell, byStep, { memory }, parts, "lstm");
      const hidden = tf.transpose(tf.reshape(outputs, [steps, count, units]), [1, 0, 2]);
      const kept = tf.reshape(mask ? dropout(hidden, mask) : hidden, [count * steps, units]) as tf.Tensor2D;
      const forecast = tf.mul(tf.reshape(dense(kept, parts, "forecast/0"), [count, steps]), cap);
      const quantiles = tf.mul(
        tf.reshape(dense(kept, parts, "quantiles/0"), [count, steps, QUANTILES.length]),
        cap,
      );
      const remaining = tf.reshape(tf.slice(forecast, [0, steps - 1], [count, 1]), [count]);
      return { remaining, forecast, quantiles, memory: hidden };
    };
    return {
      model: {
        layout,
        inputs: { [series]: { shape, ...(entries ? { entries } : {}) } },
        outputs: {
          remaining: { shape: [], entries: [{ name: "remaining", unit }] },
          forecast: { shape: [steps] },
          quantiles: { shape: [steps, QUANTILES.length] },
        },
        taps: { hidden: { shape: [steps, units] } },
        apply(parameters, inputs) {
          const { memory: hidden, ...outputs } = apply(parameters, inputs[series]!);
          return { ...outputs, hidden };
        },
      },
      normalized: [series],
      objectives: [
        // what is reported: it is learned as the last step of the forecast
        { output: "remaining", target: last, loss: "mse", weight: 0 },
        { output: "forecast", target: all, loss: "mse", weight: 1 / cap ** 2 },
        {
          output: "quantiles",
          target: all,
          loss: "quantile",
          quantiles: QUANTILES,
          weight: QUANTILE_WEIGHT / cap,
        },
      ],
      select: "rmse",
      ...(settings.dropout > 0
        ? {
            dropout: { hidden: { shape: [steps, units], rate: settings.dropout } },
            applyTraining: (parameters, inputs) => apply(parameters, inputs[series]!, inputs.hidden),
          }
        : {}),
      augment(batch, rows, random, deviations) {
        const values = (batch[series] as Float32Array).subarray(0, rows * steps * width);
        addSeriesNoise(values, settings.noise, deviations[series]!, random);
      },
    };
  },
};
