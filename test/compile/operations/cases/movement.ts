// Cases of what moves numbers, joins tensors and takes them apart.
import * as tf from "@tensorflow/tfjs-core";
import { afterConvolution, type Cases, float, int, oneOf, shapeOf } from "./draw.js";

/** By kernel; more than one where attributes or neighbours make a difference. */
export const MOVEMENT_CASES: Cases = {
  Concat: [
    (random) => {
      const rank = 1 + random.integer(3);
      const axis = random.integer(rank) - (random.integer(2) === 0 ? rank : 0);
      const shape = shapeOf(random, rank);
      const other = shape.map((n, k) => (k === axis || k - rank === axis ? 1 + random.integer(4) : n));
      return {
        inputs: { a: float(shape), b: float(other) },
        fn: ({ a, b }) => ({ y: tf.square(tf.concat([a!, b!, a!], axis)) }),
      };
    },
  ],
  ExpandDims: [
    (random) => {
      const rank = 1 + random.integer(3);
      const dim = random.integer(rank + 1) - (random.integer(2) === 0 ? rank + 1 : 0);
      return {
        inputs: { x: float(shapeOf(random, rank)) },
        fn: ({ x }) => ({ y: tf.square(tf.expandDims(x!, dim)) }),
      };
    },
  ],
  Pack: [
    (random) => {
      const rank = random.integer(4);
      const axis = random.integer(rank + 1) - (random.integer(2) === 0 ? rank + 1 : 0);
      const shape = shapeOf(random, rank);
      return {
        inputs: { a: float(shape), b: float(shape) },
        fn: ({ a, b }) => ({ y: tf.square(tf.stack([a!, b!], axis)) }),
      };
    },
  ],
  PadV2: [
    (random) => {
      const shape = shapeOf(random, 1 + random.integer(4));
      const paddings = shape.map((): [number, number] => [random.integer(3), random.integer(3)]);
      const value = random.uniform(-1, 1);
      return {
        inputs: { x: float(shape) },
        fn: ({ x }) => ({ y: tf.square(tf.pad(x!, paddings, value)) }),
      };
    },
    (random) => {
      const value = random.integer(9);
      return {
        inputs: { x: int([2, 3]) },
        fn: ({ x }) => ({
          y: tf.pad(
            x!,
            [
              [1, 0],
              [0, 2],
            ],
            value,
          ),
        }),
      };
    },
  ],
  Reshape: [
    (random) => {
      const [a, b, c] = shapeOf(random, 3);
      const shape = oneOf(random, [[-1], [c! * b!, a!], [a!, 1, -1], [a!, b!, c!]]);
      return {
        inputs: { x: float([a!, b!, c!]) },
        fn: ({ x }) => ({ y: tf.square(tf.reshape(x!, shape)) }),
      };
    },
    afterConvolution((y) => tf.reshape(y, [y.shape[0]!, -1])),
  ],
  Slice: [
    (random) => {
      const shape = shapeOf(random, 1 + random.integer(4));
      const begin = shape.map((n) => random.integer(n));
      const size = shape.map((n, k) => oneOf(random, [-1, 1 + random.integer(n - begin[k]!)]));
      return {
        inputs: { x: float(shape) },
        fn: ({ x }) => ({ y: tf.square(tf.slice(x!, begin, size)) }),
      };
    },
  ],
  SplitV: [
    (random) => {
      const rank = 1 + random.integer(3);
      const axis = random.integer(rank);
      const sizes = shapeOf(random, 1 + random.integer(3), 3);
      const shape = shapeOf(random, rank);
      shape[axis] = sizes.reduce((sum, n) => sum + n, 0);
      const along = random.integer(2) === 0 ? axis : axis - rank;
      return {
        inputs: { x: float(shape) },
        fn: ({ x }) => ({
          y: tf.concat(
            tf.split(x!, sizes, along).map((part, k) => tf.mul(part, part.size + k)),
            along,
          ),
        }),
      };
    },
  ],
  Tile: [
    (random) => {
      const shape = shapeOf(random, 1 + random.integer(3), 3);
      const reps = shape.map(() => 1 + random.integer(3));
      return { inputs: { x: float(shape) }, fn: ({ x }) => ({ y: tf.square(tf.tile(x!, reps)) }) };
    },
  ],
  Transpose: [
    (random) => {
      const shape = shapeOf(random, 1 + random.integer(4));
      const perm = shape.map((_, axis) => axis);
      for (let k = perm.length - 1; k > 0; k--) {
        const other = random.integer(k + 1);
        [perm[k], perm[other]] = [perm[other]!, perm[k]!];
      }
      return { inputs: { x: float(shape) }, fn: ({ x }) => ({ y: tf.square(tf.transpose(x!, perm)) }) };
    },
    afterConvolution((y) => tf.transpose(y, [3, 0, 2, 1])),
    afterConvolution((y) => tf.transpose(tf.transpose(y, [0, 3, 1, 2]), [0, 2, 3, 1])),
  ],
  Unpack: [
    (random) => {
      const rank = 1 + random.integer(3);
      const axis = random.integer(rank) - (random.integer(2) === 0 ? rank : 0);
      return {
        inputs: { x: float(shapeOf(random, rank)) },
        fn: ({ x }) => ({ y: tf.stack(tf.unstack(x!, axis).map((part, k) => tf.mul(part, k + 1))) }),
      };
    },
  ],
};
