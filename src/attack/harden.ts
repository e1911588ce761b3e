// Adversarial training by one step from a random start (RS-FGSM), as what a fit does to its inputs.
import * as tf from "@tensorflow/tfjs-core";
import type { FitHooks } from "../learn/predictor-functions.js";
import type { Model, Tensors } from "../model/model.js";

/** How training is hardened. */
export interface AdversarialTraining {
  /** L-infinity radius: a share of 255 for bytes, standard deviations for standardised inputs, else in the input's unit. */
  readonly strength: number;
  /**
   * Updates over which the ball grows to `strength`; a quarter of all is right. Default 0: full from the start, at which a network with
   * a large ball learns to say the same of everything.
   */
  readonly growUpdates?: number;
  /** Inputs that are attacked. Default: all that are no whole numbers. */
  readonly inputs?: readonly string[];
}

/** Of the strength, from a start anywhere in the ball: the best in the paper. */
const STEP = 1.25;

/**
 * Return hooks of a fit that learns from attacked rows instead of clean ones: a start drawn uniformly in the ball, one step of 1.25
 * strengths along the signs of the gradient, back into the ball and onto what bytes may be (Wong, Rice & Kolter, "Fast is better
 * than free", 2020). An update takes about twice as long.
 *
 * @example
 * const hooks = adversarialTraining(network.model, { strength: 0.3, growUpdates: 500 });
 * await fitPredictor({ network, settings, splits, seed: 1, engine, hooks });
 */
export function adversarialTraining(
  { inputs: ports }: Pick<Model, "inputs">,
  { strength, growUpdates = 0, inputs: chosen }: AdversarialTraining,
): Required<Pick<FitHooks, "noise" | "harden">> {
  const names = chosen ?? Object.keys(ports).filter((name) => ports[name]!.dtype !== "int32");
  return {
    noise: Object.fromEntries(names.map((name) => [name, ports[name]!.shape])),
    harden(inputs, lossOf, noise, at) {
      const grown = growUpdates > 0 ? tf.minimum(tf.div(at.step!, growUpdates), 1) : tf.scalar(1);
      const balls = names.map((name) => ballOf(name, tf.mul(grown, strength)));
      const starts = names.map((name, k) =>
        balls[k]!.within(
          tf.add(balls[k]!.clean, tf.mul(tf.sub(tf.mul(noise[name]!, 2), 1), balls[k]!.radius)),
        ),
      );
      const gradients = tf.grads((...values: tf.Tensor[]) =>
        lossOf({ ...inputs, ...Object.fromEntries(names.map((name, k) => [name, values[k]!])) }),
      )(starts);
      const attacked = names.map((name, k): [string, tf.Tensor] => {
        const step = tf.mul(tf.mul(balls[k]!.radius, STEP), tf.sign(gradients[k]!));
        return [name, balls[k]!.within(tf.add(starts[k]!, step))];
      });
      return { ...inputs, ...Object.fromEntries(attacked) };

      function ballOf(name: string, limit: tf.Tensor) {
        const isBytes = ports[name]!.dtype === "uint8";
        const clean = tf.cast(inputs[name]!, "float32");
        const radius = radiusOf(limit, isBytes, at[`scale.${name}`]);
        const within = (value: tf.Tensor) => {
          const near = tf.minimum(tf.maximum(value, tf.sub(clean, radius)), tf.add(clean, radius));
          return isBytes ? tf.clipByValue(near, 0, 255) : near;
        };
        return { clean, radius, within };
      }
    },
  };
}

function radiusOf(limit: tf.Tensor, isBytes: boolean, scale: Tensors[string] | undefined): tf.Tensor {
  if (isBytes) return tf.mul(limit, 255);
  return scale ? tf.div(limit, scale) : limit;
}
