// Cases of pictures in another size.
import * as tf from "@tensorflow/tfjs-core";
import { afterConvolution, type Cases, type Draw, float, oneOf, twice } from "./draw.js";

type Resize = typeof tf.image.resizeBilinear;

function resizing(resize: Resize): Draw {
  return (random) => {
    const [n, height, width, channels] = [2, 4, 5, 3].map((most) => 1 + random.integer(most));
    const size: [number, number] = [1 + random.integer(9), 1 + random.integer(9)];
    const [alignCorners, halfPixels] = oneOf(random, [
      [false, false],
      [true, false],
      [false, true],
    ] as const);
    return {
      inputs: { x: float([n!, height!, width!, channels!]) },
      fn: ({ x }) => ({ y: tf.square(resize(x as tf.Tensor4D, size, alignCorners, halfPixels)) }),
    };
  };
}

/** Each pixel becomes several, as in the way up of a U-Net. */
function enlarging(resize: Resize): Draw {
  return (random) => {
    const factors = [1 + random.integer(3), 1 + random.integer(3)];
    const halfPixels = random.integer(2) === 0;
    return afterConvolution((y) => {
      const size: [number, number] = [y.shape[1]! * factors[0]!, y.shape[2]! * factors[1]!];
      return resize(y as tf.Tensor4D, size, false, halfPixels);
    })(random);
  };
}

function second(resize: Resize): Draw {
  return (random) => {
    const size: [number, number] = [2 + random.integer(4), 1 + random.integer(6)];
    return {
      inputs: { x: float([2, 3, 2, 2]), w: float([2]) },
      fn: twice((x, w) => tf.mul(resize(x as tf.Tensor4D, size), w)),
    };
  };
}

const bilinear: Resize = tf.image.resizeBilinear;
const nearest: Resize = tf.image.resizeNearestNeighbor;

/** By kernel. */
export const RESIZING_CASES: Cases = {
  ResizeBilinear: [resizing(bilinear), enlarging(bilinear), second(bilinear)],
  ResizeNearestNeighbor: [resizing(nearest), enlarging(nearest), second(nearest)],
};
