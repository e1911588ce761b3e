// Cases of sums, extremes and products.
import * as tf from "@tensorflow/tfjs-core";
import { afterConvolution, type Cases, type Draw, float, oneOf, shapeOf, slopes } from "./draw.js";

function reduction(fn: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor): Draw {
  return (random) => {
    const rank = random.integer(4);
    const shape = shapeOf(random, rank);
    const axes = [undefined, [], ...shape.map((_, axis) => axis), ...shape.map((_, axis) => axis - rank)];
    const some = shape.map((_, axis) => axis).filter(() => random.integer(2) === 0);
    const axis = oneOf(random, [...axes, some]);
    const keepDims = random.integer(2) === 0;
    return { inputs: { x: float(shape) }, fn: ({ x }) => ({ y: fn(x!, axis, keepDims) }) };
  };
}

/** By kernel; more than one where attributes or neighbours make a difference. */
export const REDUCTION_CASES: Cases = {
  BatchMatMul: [
    (random) => {
      const [rows, inner, columns] = shapeOf(random, 3);
      const [transposeA, transposeB] = [random.integer(2) === 0, random.integer(2) === 0];
      const batch = shapeOf(random, random.integer(3), 2);
      const left = transposeA ? [inner!, rows!] : [rows!, inner!];
      const right = transposeB ? [columns!, inner!] : [inner!, columns!];
      return {
        inputs: { a: float([...batch, ...left]), b: float([...batch, ...right]) },
        fn: ({ a, b }) => ({ y: tf.matMul(a!, b!, transposeA, transposeB) }),
      };
    },
  ],
  Max: [reduction((x, axis, keepDims) => tf.square(tf.max(x, axis, keepDims)))],
  Mean: [reduction((x, axis, keepDims) => tf.square(tf.mean(x, axis, keepDims)))],
  Min: [reduction((x, axis, keepDims) => tf.square(tf.min(x, axis, keepDims)))],
  Prod: [
    reduction((x, axis, keepDims) => tf.square(tf.prod(x, axis, keepDims))),
    slopes(reduction((x, axis, keepDims) => tf.prod(tf.mul(x, 0.7), axis, keepDims))),
    slopes(reduction((x, axis, keepDims) => tf.prod(tf.mul(x, tf.step(x)), axis, keepDims))),
  ],
  Softmax: [
    (random) => {
      const rank = 1 + random.integer(3);
      const dim = oneOf(random, [-1, rank - 1]);
      return { inputs: { x: float(shapeOf(random, rank)) }, fn: ({ x }) => ({ y: tf.softmax(x!, dim) }) };
    },
  ],
  Sum: [
    reduction((x, axis, keepDims) => tf.square(tf.sum(x, axis, keepDims))),
    afterConvolution((y) => tf.sum(y, [0, 1, 2])),
    afterConvolution((y) => tf.sum(y, [1, 3])),
  ],
};
