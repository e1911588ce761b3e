// What a case of an operation is, and the draws that many cases begin with.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../../../src/compile/trace/trace.js";
import type { Random } from "../../../../src/math/random.js";

/** A function of random shape. */
export interface OperationCase {
  readonly inputs: TensorSpecs;
  /** One output, "y". */
  readonly fn: TensorFunction;
  /** Inputs that it is differentiated by; default all of float32. */
  readonly by?: readonly string[];
  /** Values lie between 0.2 and 2, not between -2 and 2. */
  readonly positive?: boolean;
}

/** Draws a case. */
export type Draw = (random: Random) => OperationCase;

/** A float32 input. */
export const float = (shape: readonly number[]) => ({ shape });
/** An int32 input. */
export const int = (shape: readonly number[]) => ({ shape, dtype: "int32" as const });
/** Differentiated by no input. */
export const NOTHING: readonly string[] = [];

/** Draw a shape of `rank` axes, of 1 to `longest` each. */
export function shapeOf(random: Random, rank: number, longest = 4): number[] {
  return Array.from({ length: rank }, () => 1 + random.integer(longest));
}

/** Draw one of `values`. */
export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.integer(values.length)]!;
}

/** A function of one tensor of up to four axes. */
export function unary(fn: (x: tf.Tensor) => tf.Tensor, positive = false): Draw {
  return (random) => ({
    inputs: { x: float(shapeOf(random, random.integer(5))) },
    fn: ({ x }) => ({ y: fn(x!) }),
    positive,
  });
}

/** What follows a convolution runs on it as it lies, or transposes it back. */
export function afterConvolution(fn: (y: tf.Tensor, x: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const [n, h, w, c] = [2, 2 + random.integer(3), 2 + random.integer(3), 1 + random.integer(3)];
    return {
      inputs: { x: float([n, h, w, c]), filter: float([1, 1, c, 3]) },
      fn: ({ x, filter }) => ({ y: fn(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "valid"), x!) }),
    };
  };
}

/** The derivative of a function's square, so that the gradients of its gradients are asked for. */
export function twice(fn: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor): TensorFunction {
  return ({ x, w }) => {
    const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(fn(a, b))) as tf.Scalar;
    const [dx, dw] = tf.grads(loss)([x!, w!]);
    return { y: tf.concat([tf.reshape(dx!, [-1]), tf.reshape(dw!, [-1])]) };
  };
}

/** The gradients of a case, for the gradients of its gradients: of the sum of squares, so that no second one is 0 by itself. */
export function slopes(draw: Draw): Draw {
  return (random) => {
    const drawn = draw(random);
    const by = floatsOf(drawn);
    return {
      ...drawn,
      fn: (given) => {
        const loss = (...chosen: tf.Tensor[]) => {
          const changed = Object.fromEntries(by.map((name, k) => [name, chosen[k]!]));
          const { y } = drawn.fn({ ...given, ...changed });
          return tf.sum(tf.square(tf.add(y!, 0.25))) as tf.Scalar;
        };
        const gradients = tf.grads(loss)(by.map((name) => given[name]!));
        return { y: tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1]))) };
      },
    };
  };
}

/** Names of the inputs that a case is differentiated by. */
export function floatsOf({ inputs, by }: OperationCase): readonly string[] {
  return by ?? Object.keys(inputs).filter((name) => (inputs[name]!.dtype ?? "float32") === "float32");
}

/** Cases by kernel. */
export type Cases = Readonly<Record<string, readonly Draw[]>>;
