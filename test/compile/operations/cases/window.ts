// Cases of convolution and pooling.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../../../src/math/random.js";
import { type Cases, type Draw, float, oneOf, twice } from "./draw.js";

type Pad = Parameters<typeof tf.conv2d>[3];
type Rounding = Parameters<typeof tf.conv2d>[6];

/** Draw a pad and the way in which sizes are rounded with it; numbers are less than `size`. */
export function randomPad(random: Random, size: number): readonly [Pad, Rounding] {
  const amount = () => random.integer(size);
  const explicit: Pad = [
    [0, 0],
    [amount(), amount()],
    [amount(), amount()],
    [0, 0],
  ];
  return oneOf<readonly [Pad, Rounding]>(random, [
    ["same", undefined],
    ["valid", undefined],
    [amount(), "floor"],
    [amount(), "ceil"],
    [amount(), "round"],
    [explicit, "floor"],
    [explicit, "ceil"],
  ]);
}

function convolution(dilated: boolean, square: boolean): Draw {
  return (random) => {
    const [rows, columns] = [1 + random.integer(3), 1 + random.integer(3)];
    const filter = [rows, square ? rows : columns, 1 + random.integer(2), 1 + random.integer(3)] as const;
    const size = () => 7 + random.integer(3);
    const pair = (most: number): [number, number] => {
      const first = 1 + random.integer(most);
      return [first, square ? first : 1 + random.integer(most)];
    };
    const strides = dilated ? 1 : pair(3);
    const dilations = dilated ? pair(3) : 1;
    const [pad, rounding] = randomPad(random, Math.min(filter[0], filter[1]));
    return {
      inputs: { x: float([1 + random.integer(2), size(), size(), filter[2]]), filter: float(filter) },
      fn: ({ x, filter: weights }) => ({
        y: tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, "NHWC", dilations, rounding),
      }),
    };
  };
}

function pooling(fn: (pooled: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const size = 1 + random.integer(3);
    const strides = 1 + random.integer(3);
    const amount = random.integer(size);
    // a window that lies outside the picture altogether is refused
    const roundings = amount + strides <= size ? (["floor", "ceil", "round"] as const) : (["floor"] as const);
    const [pad, rounding] = oneOf<readonly [Pad, Rounding]>(random, [
      ["same", undefined],
      ["valid", undefined],
      [amount, oneOf(random, roundings)],
      [amount, oneOf(random, roundings)],
    ]);
    const shape = [
      1 + random.integer(2),
      6 + random.integer(3),
      6 + random.integer(3),
      1 + random.integer(2),
    ];
    return {
      inputs: { x: float(shape) },
      fn: ({ x }) => ({ y: fn(tf.maxPool(x as tf.Tensor4D, size, strides, pad, rounding)) }),
    };
  };
}

function averages(fn: (pooled: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const [rows, columns, down, right] = [1, 2, 3, 4].map(() => 1 + random.integer(3));
    const pad = oneOf(random, ["same", "valid"] as const);
    const shape = [
      1 + random.integer(2),
      5 + random.integer(3),
      6 + random.integer(3),
      1 + random.integer(3),
    ];
    return {
      inputs: { x: float(shape) },
      fn: ({ x }) => ({
        y: fn(tf.avgPool(x as tf.Tensor4D, [rows!, columns!], [down!, right!], pad)),
      }),
    };
  };
}

/** By kernel; more than one where attributes or neighbours make a difference. */
export const WINDOW_CASES: Cases = {
  AvgPool: [averages((y) => y)],
  AvgPoolGrad: [
    averages((y) => tf.mul(y, y)),
    (random) => {
      const pad = oneOf(random, ["same", "valid"] as const);
      const size = 2 + random.integer(2);
      return {
        inputs: { x: float([2, 5, 6, 2]), w: float([2]) },
        fn: twice((x, w) => tf.mul(tf.avgPool(x as tf.Tensor4D, size, 2, pad), w)),
      };
    },
  ],
  Conv2D: [
    convolution(false, true),
    convolution(false, false),
    convolution(true, true),
    convolution(true, false),
    (random) => {
      const dilation = 1 + random.integer(3);
      return {
        inputs: { x: float([2, 9 + random.integer(3), 2]), filter: float([2, 2, 3]) },
        fn: ({ x, filter }) => ({
          y: tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, "valid", "NWC", dilation),
        }),
      };
    },
  ],
  Conv2DBackpropFilter: [
    // large enough that it is made of products of matrices
    (random) => {
      const [rows, columns] = [1 + random.integer(3), 1 + random.integer(3)];
      const [pad, rounding] = randomPad(random, Math.min(rows, columns));
      const size = () => 12 + random.integer(2);
      return {
        inputs: { x: float([2, size(), size(), 8]), w: float([rows, columns, 8, 2]) },
        fn: ({ x, w }) => ({
          y: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, "NHWC", 1, rounding),
        }),
      };
    },
    (random) => {
      const pad = oneOf(random, ["same", "valid"] as const);
      const strides = 1 + random.integer(2);
      return {
        inputs: { x: float([1, 5, 4 + random.integer(2), 2]), w: float([2, 2, 2, 1]) },
        fn: twice((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad)),
      };
    },
  ],
  Conv2DBackpropInput: [
    (random) => {
      const strides = 1 + random.integer(2);
      const size = 3 + random.integer(2);
      return {
        inputs: { x: float([1, size, size, 2]), filter: float([2, 2, 3, 2]) },
        fn: ({ x, filter }) => ({
          y: tf.conv2dTranspose(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            [1, size * strides, size * strides, 3],
            strides,
            "same",
          ),
        }),
      };
    },
  ],
  MaxPool: [
    pooling((y) => y),
    pooling((y) => tf.neg(y)),
    (random) => {
      const size: [number, number] = [1 + random.integer(3), 1 + random.integer(3)];
      return {
        inputs: { x: float([1, 6, 7, 2]) },
        fn: ({ x }) => ({ y: tf.maxPool(x as tf.Tensor4D, size, [2, 1], "same") }),
      };
    },
  ],
  MaxPoolGrad: [
    pooling((y) => tf.mul(y, y)),
    pooling((y) => tf.tanh(y)),
    // windows side by side
    (random) => {
      const size: [number, number] = [1 + random.integer(3), 1 + random.integer(3)];
      return {
        inputs: { x: float([2, 6 + random.integer(3), 7, 2]) },
        fn: ({ x }) => ({ y: tf.square(tf.maxPool(x as tf.Tensor4D, size, size, "valid")) }),
      };
    },
  ],
};
