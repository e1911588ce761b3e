// What a predictor is: a model that learns from data, with what it is to learn and the settings it learns by.
import type * as tf from "@tensorflow/tfjs-core";
import type { PlainSettings } from "../data/data-source.js";
import type { DataArrays, DataField } from "../data/dataset.js";
import type { Random } from "../math/random.js";
import type { Model, Tensors } from "../model/model.js";

/** Settings that every predictor has; its own stand beside them. */
export interface FitSettings {
  /** Passes over the training rows, at most. */
  readonly epochs: number;
  /** Rows of a minibatch. */
  readonly batchSize: number;
  /** Of Adam, at its greatest. */
  readonly learningRate: number;
  /** How the rate falls, counted in minibatches: "constant", "linear" to 0, or "cosine" to `finalRate` of it. */
  readonly schedule: "constant" | "linear" | "cosine";
  /** Share of the rate that "cosine" ends at. */
  readonly finalRate: number;
  /** Share of training in which the rate rises from 0 in a straight line. */
  readonly warmup: number;
  /** Decoupled weight decay (AdamW) of all parameters of two axes and more. */
  readonly weightDecay: number;
  /** Norm that a gradient is clipped to; 0: never. */
  readonly maxGradNorm: number;
  /** Epochs without a better validation after which training ends; 0: never. */
  readonly patience: number;
}

/** What an output is to come near to. */
export type Objective = {
  /** Output of the model. */
  readonly output: string;
  /** Field of the data set. */
  readonly target: string;
  /** Factor of its loss in the sum of all; default 1. */
  readonly weight?: number;
} & Loss;

/** How far an output is from its target; means over all its numbers, or positions where it has a class each. */
export type Loss =
  | {
      /** Softmax over the last axis against the number of a class. */
      readonly loss: "cross-entropy";
      /** Share of the truth that is spread over all classes; default 0. */
      readonly labelSmoothing?: number;
      /** Factor of the rows of each class; default 1 for all. */
      readonly classWeights?: readonly number[];
    }
  | {
      /** Cross-entropy times (1 - p)^gamma (Lin et al., "Focal loss for dense object detection", 2017). */
      readonly loss: "focal";
      /** Default 2. */
      readonly gamma?: number;
    }
  | {
      /** Sigmoid of each number against 0 or 1, a mask for example. */
      readonly loss: "binary-cross-entropy";
      /** Factor of the numbers that are 1; default 1. */
      readonly positiveWeight?: number;
    }
  | { readonly loss: "mse" }
  | {
      /** Half the square up to `delta`, straight beyond (Huber, 1964). */
      readonly loss: "huber";
      /** In units of the target; default 1. */
      readonly delta?: number;
    }
  | {
      /** Pinball loss; the output's last axis has one number for each quantile. */
      readonly loss: "quantile";
      /** Ascending, for example [0.05, 0.5, 0.95]. */
      readonly quantiles: readonly number[];
    };

/** A model to be trained, and how. */
export interface PredictorNetwork {
  /** Its inputs are fields of the data set by their names; the layout of its parameters does not depend on the data's rows. */
  readonly model: Model;
  /** What it learns; the loss is their weighted sum. */
  readonly objectives: readonly Objective[];
  /** Inputs that are standardised by the training rows, each entry of the last axis by itself; default none. */
  readonly normalized?: readonly string[];
  /**
   * Which rows make a minibatch: "shuffled", any, each with an empty memory; or "streams", for a model with memory: each row of a
   * minibatch reads on through a stretch of its own of a data set whose rows continue each other (`Dataset.continuation`), and
   * remembers from minibatch to minibatch what it read; gradients end at the minibatch's beginning. Default "shuffled".
   */
  readonly order?: "shuffled" | "streams";
  /** Metric of the validation that the best epoch is chosen by, for example "accuracy" or "f1_macro"; default: the lowest "loss". */
  readonly select?: string;
  /** Dropout: inputs of `applyTraining` that are 0 with a probability of `rate`, 1 / (1 - rate) elsewhere. */
  readonly dropout?: Readonly<Record<string, { readonly shape: readonly number[]; readonly rate: number }>>;
  /**
   * As `model.apply`, with the masks of `dropout` [N, ...shape] among the inputs; default: `model.apply`. What `batchNorm` noted of a
   * minibatch, `running.<parameter>`, stands beside the outputs: the update moves those parameters towards it.
   */
  applyTraining?(parameters: tf.Tensor1D, inputs: Tensors): Tensors;
  /**
   * Change `rows` rows of a minibatch in place before they are learned from; `deviations` are the standard deviations of the training
   * rows, by standardised input, an entry of the last axis each.
   */
  augment?(
    batch: DataArrays,
    rows: number,
    random: Random,
    deviations: Readonly<Record<string, Float32Array>>,
  ): void;
}

/** A predictor by its id: `armgym fit ID`. */
export interface PredictorDefinition<Own extends PlainSettings = PlainSettings> {
  /** For example "classifier-cnn". */
  readonly id: string;
  /** One line. */
  readonly description: string;
  /** Id of the source of data that it is trained from where the user names none. */
  readonly data: string;
  /** Defaults, before what is tuned for a source and what the user says. */
  readonly settings: FitSettings & Own;
  /** Overrides by the source's id. */
  readonly tuned?: Readonly<Record<string, Partial<FitSettings & Own>>>;
  /**
   * Make the network for rows of these fields.
   *
   * Throws a UsageError where a field is missing or of another shape than it can read.
   */
  createNetwork(fields: Readonly<Record<string, DataField>>, settings: FitSettings & Own): PredictorNetwork;
}

/** Adam on minibatches of 64, ten epochs, a rate that stays. */
export const FIT_DEFAULTS: FitSettings = {
  epochs: 10,
  batchSize: 64,
  learningRate: 1e-3,
  schedule: "constant",
  finalRate: 0,
  warmup: 0,
  weightDecay: 0,
  maxGradNorm: 0,
  patience: 0,
};
