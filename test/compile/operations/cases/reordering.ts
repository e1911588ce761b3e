// Cases of steps, reversals, mirrored borders and blocks.
import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../../../src/math/random.js";
import { afterConvolution, type Cases, type Draw, float, int, oneOf, shapeOf } from "./draw.js";

/** Begin, end and step of an axis, at least one entry of which is taken, counted from either end. */
function steps(random: Random, length: number): readonly [number, number, number] {
  const begin = random.integer(length);
  const stride = oneOf(random, [1, 2, 3, -1, -2]);
  const end = stride > 0 ? begin + 1 + random.integer(length - begin) : random.integer(begin + 1) - 1;
  const fromEnd = (place: number) => (place >= 0 && random.integer(2) === 0 ? place - length : place);
  // -1 is the last entry: before the first is one more than the length before it
  return [fromEnd(begin), end === -1 ? -1 - length : end === length ? end : fromEnd(end), stride];
}

const stepped: Draw = (random) => {
  const shape = shapeOf(random, 1 + random.integer(4), 6);
  const taken = shape.map((length) => steps(random, length));
  const [begin, end, strides] = [0, 1, 2].map((k) => taken.map((axis) => axis[k]!)) as [
    number[],
    number[],
    number[],
  ];
  const mask = () => random.integer(2 ** shape.length);
  const [beginMask, endMask] = oneOf(random, [
    [0, 0],
    [mask(), 0],
    [0, mask()],
    [mask(), mask()],
  ]) as [number, number];
  return {
    inputs: { x: float(shape) },
    fn: ({ x }) => ({ y: tf.square(tf.stridedSlice(x!, begin, end, strides, beginMask, endMask)) }),
  };
};

/** Every second column of the last axis, one row of the first; what lies between is left out, or new axes are put in. */
const sparse: Draw = (random) => {
  const shape = [2 + random.integer(2), ...shapeOf(random, 1 + random.integer(2)), 3 + random.integer(3)];
  const row = random.integer(2);
  const shrinkAxisMask = oneOf(random, [0, 1]);
  const newAxisMask = oneOf(random, [0, 4]);
  // TensorFlow.js's kernel fails where it drops an axis and takes steps along another
  const step = shrinkAxisMask > 0 ? 1 : 2;
  return {
    inputs: { x: float(shape) },
    fn: ({ x }) => {
      const [begin, end, strides] =
        newAxisMask > 0
          ? [
              [row, 0, 0, 0],
              [row + 1, 0, 0, 5],
              [1, 1, 1, step],
            ]
          : [
              [row, 0, 0],
              [row + 1, 0, 5],
              [1, 1, step],
            ];
      return {
        y: tf.square(tf.stridedSlice(x!, begin!, end!, strides!, 0, 0, 2, newAxisMask, shrinkAxisMask)),
      };
    },
  };
};

function mirrored(mode: "reflect" | "symmetric"): Draw {
  return (random) => {
    const shape = shapeOf(random, 1 + random.integer(4));
    const most = (length: number) => length + (mode === "reflect" ? 0 : 1);
    const paddings = shape.map((length): [number, number] => [
      random.integer(most(length)),
      random.integer(most(length)),
    ]);
    return {
      inputs: { x: float(shape) },
      fn: ({ x }) => ({ y: tf.square(tf.mirrorPad(x!, paddings, mode)) }),
    };
  };
}

const blocks: Draw = (random) => {
  const block = [1 + random.integer(3), 1 + random.integer(3)];
  // blocks of whole rows and columns
  const sides = block.map((length) => {
    const [before, inside] = [random.integer(3), 1 + random.integer(4)];
    return { inside, pads: [before, length - 1 - ((before + inside + length - 1) % length)] };
  });
  const paddings = sides.map(({ pads }) => pads);
  return {
    inputs: { x: float([1 + random.integer(2), sides[0]!.inside, sides[1]!.inside, 2]) },
    fn: ({ x }) => ({ y: tf.square(tf.spaceToBatchND(x!, block, paddings)) }),
  };
};

const gathered: Draw = (random) => {
  const block = [1 + random.integer(3), 1 + random.integer(2)];
  const crops = block.map((length) => [random.integer(length), random.integer(length)]);
  return {
    inputs: { x: float([block[0]! * block[1]! * (1 + random.integer(2)), 2, 3, 1 + random.integer(2)]) },
    fn: ({ x }) => ({ y: tf.square(tf.batchToSpaceND(x!, block, crops)) }),
  };
};

/** Pooling with holes, which TensorFlow.js makes of both. */
const dilatedPool: Draw = (random) => {
  const kind = oneOf(random, ["max", "avg"] as const);
  const pad = oneOf(random, ["valid", "same"] as const);
  const dilations: [number, number] = [1 + random.integer(2), 2 + random.integer(2)];
  return {
    inputs: { x: float([2, 7, 8, 2]) },
    fn: ({ x }) => ({ y: tf.pool(x as tf.Tensor4D, 2, kind, pad, dilations, 1) }),
  };
};

/** By kernel. */
export const REORDERING_CASES: Cases = {
  BatchToSpaceND: [gathered],
  MirrorPad: [
    mirrored("reflect"),
    mirrored("symmetric"),
    afterConvolution((y) =>
      tf.mirrorPad(
        y,
        [
          [0, 0],
          [1, 1],
          [0, 1],
          [0, 0],
        ],
        "reflect",
      ),
    ),
  ],
  Reverse: [
    (random) => {
      const rank = random.integer(5);
      const shape = shapeOf(random, rank);
      const some = shape.flatMap((_, axis) => (random.integer(2) === 0 ? [axis] : []));
      const axes = oneOf(random, [undefined, some, ...shape.map((_, axis) => axis - rank)]);
      return { inputs: { x: float(shape) }, fn: ({ x }) => ({ y: tf.square(tf.reverse(x!, axes)) }) };
    },
  ],
  SpaceToBatchND: [blocks, dilatedPool],
  StridedSlice: [
    stepped,
    sparse,
    (random) => ({
      inputs: { x: int([2 + random.integer(5)]) },
      fn: ({ x }) => ({ y: tf.stridedSlice(x!, [-1], [0], [-1]) }),
    }),
  ],
};
