// Cases of convolutions of single channels.
import * as tf from "@tensorflow/tfjs-core";
import { type Cases, type Draw, float, oneOf, twice } from "./draw.js";
import { randomPad } from "./window.js";

function depthwise(dilated: boolean): Draw {
  return (random) => {
    const [rows, columns, down, right] = [1, 2, 3, 4].map(() => 1 + random.integer(3)) as [
      number,
      number,
      number,
      number,
    ];
    const filter = [rows, columns, 1 + random.integer(3), 1 + random.integer(2)] as const;
    const [pad, rounding] = randomPad(random, Math.min(rows, columns));
    const size = () => 7 + random.integer(3);
    return {
      inputs: { x: float([1 + random.integer(2), size(), size(), filter[2]]), filter: float(filter) },
      fn: ({ x, filter: weights }) => ({
        y: tf.depthwiseConv2d(
          x as tf.Tensor4D,
          weights as tf.Tensor4D,
          dilated ? 1 : [down, right],
          pad,
          "NHWC",
          dilated ? [down, right] : 1,
          rounding,
        ),
      }),
    };
  };
}

/** The gradient of a gradient, with every pad and stride. */
const second: Draw = (random) => {
  const strides = 1 + random.integer(2);
  const [pad, rounding] = randomPad(random, 2);
  return {
    inputs: { x: float([2, 5, 4, 2]), w: float([2, 2, 2, 2]) },
    fn: twice((x, w) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", 1, rounding),
    ),
  };
};

/** By kernel. */
export const DEPTHWISE_CASES: Cases = {
  DepthwiseConv2dNative: [
    depthwise(false),
    depthwise(true),
    (random) => {
      const strides = 1 + random.integer(2);
      const pad = oneOf(random, ["same", "valid"] as const);
      return {
        inputs: { x: float([2, 5, 6, 3]), depthwise: float([3, 2, 3, 2]), pointwise: float([1, 1, 6, 4]) },
        fn: (given) => {
          const [x, each, across] = [given.x, given.depthwise, given.pointwise] as tf.Tensor4D[];
          return { y: tf.separableConv2d(x!, each!, across!, strides, pad) };
        },
      };
    },
  ],
  DepthwiseConv2dNativeBackpropInput: [second],
  DepthwiseConv2dNativeBackpropFilter: [second],
};
