// Cases of what reads and writes where whole numbers say.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../../../src/math/random.js";
import { type Cases, type Draw, float, int, oneOf, shapeOf, slopes } from "./draw.js";

/** Make whole numbers of both signs indices into an axis of `length`, or into several. */
function within(numbers: tf.Tensor, length: number | readonly number[]): tf.Tensor {
  return tf.mod(numbers, tf.tensor(length as number | number[], undefined, "int32"));
}

const gather: Draw = (random) => {
  const shape = shapeOf(random, 1 + random.integer(3));
  const along = random.integer(shape.length);
  const axis = along - (random.integer(2) === 0 ? shape.length : 0);
  return {
    inputs: { x: float(shape), i: int(shapeOf(random, random.integer(3))) },
    fn: ({ x, i }) => ({ y: tf.square(tf.gather(x!, within(i!, shape[along]!) as tf.Tensor1D, axis)) }),
  };
};

function indicesOf(random: Random, shape: readonly number[]) {
  const depth = 1 + random.integer(shape.length);
  return { depth, lengths: shape.slice(0, depth) };
}

const gatherND: Draw = (random) => {
  const shape = shapeOf(random, 3);
  const { depth, lengths } = indicesOf(random, shape);
  return {
    inputs: { x: float(shape), i: int([...shapeOf(random, random.integer(3)), depth]) },
    fn: ({ x, i }) => ({ y: tf.square(tf.gatherND(x!, within(i!, lengths))) }),
  };
};

const scatterND: Draw = (random) => {
  const shape = shapeOf(random, 3);
  const { depth, lengths } = indicesOf(random, shape);
  const many = shapeOf(random, 1 + random.integer(2));
  return {
    inputs: { i: int([...many, depth]), x: float([...many, ...shape.slice(depth)]) },
    fn: ({ i, x }) => ({ y: tf.square(tf.scatterND(within(i!, lengths), x!, shape)) }),
  };
};

const segments: Draw = (random) => {
  const shape = shapeOf(random, 1 + random.integer(3));
  // some are out of range on either side
  const numSegments = 1 + random.integer(4);
  return {
    inputs: { x: float(shape), ids: int([shape[0]!]) },
    fn: ({ x, ids }) => ({ y: tf.square(tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, numSegments)) }),
  };
};

/** By kernel; more than one where attributes make a difference. */
export const INDEX_CASES: Cases = {
  GatherNd: [
    gatherND,
    slopes(gatherND),
    (random) => {
      const shape = shapeOf(random, 2);
      return {
        inputs: { x: int(shape), i: int([3, 2]) },
        fn: ({ x, i }) => ({ y: tf.gatherND(x!, within(i!, shape)) }),
      };
    },
  ],
  GatherV2: [gather],
  OneHot: [
    (random) => {
      const [shape, depth] = [shapeOf(random, random.integer(3)), 2 + random.integer(3)];
      const [on, off] = [random.uniform(-1, 1), random.uniform(-1, 1)];
      return {
        inputs: { i: int(shape), x: float([depth]) },
        fn: ({ i, x }) => ({ y: tf.mul(tf.oneHot(i!, depth, on, off, "float32"), x!) }),
      };
    },
    (random) => {
      const [shape, depth] = [shapeOf(random, 2), 2 + random.integer(3)];
      const [on, off] = oneOf(random, [
        [1, 0],
        [3, -2],
      ]);
      return { inputs: { i: int(shape) }, fn: ({ i }) => ({ y: tf.oneHot(i!, depth, on, off, "int32") }) };
    },
  ],
  Range: [
    (random) => {
      const [start, step] = [random.uniform(-1, 1), oneOf(random, [0.3, -0.7, 1, 0.1])];
      const stop = start + (step === 1 ? -1 : 1) * step * (0.5 + random.integer(5));
      return {
        inputs: { x: float([1]) },
        fn: ({ x }) => ({ y: tf.mul(tf.range(start, stop, step, "float32"), x!) }),
      };
    },
    (random) => {
      const [start, step] = [random.integer(9) - 4, oneOf(random, [1, 2, -1, -3])];
      const stop = start + step * (1 + random.integer(4));
      return {
        inputs: { x: int([1]) },
        fn: ({ x }) => ({ y: tf.add(tf.range(start, stop, step, "int32"), x!) }),
      };
    },
  ],
  ScatterNd: [
    scatterND,
    slopes(scatterND),
    // a list is one of indices into the first axis
    (random) => {
      const [rows, columns] = shapeOf(random, 2);
      return {
        inputs: { i: int([5]), x: float([5, columns!]) },
        fn: ({ i, x }) => ({ y: tf.square(tf.scatterND(within(i!, rows!), x!, [rows!, columns!])) }),
      };
    },
    (random) => {
      const shape = shapeOf(random, 2);
      return {
        inputs: { i: int([4, 2]), x: int([4]) },
        fn: ({ i, x }) => ({ y: tf.scatterND(within(i!, shape), x!, shape) }),
      };
    },
  ],
  UnsortedSegmentSum: [segments, slopes(segments)],
};
