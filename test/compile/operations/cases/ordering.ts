// Cases of places, sorted numbers, running sums and sums of products.
import * as tf from "@tensorflow/tfjs-core";
import { type Cases, type Draw, float, int, NOTHING, oneOf, shapeOf, slopes } from "./draw.js";

function place(fn: (x: tf.Tensor, axis: number) => tf.Tensor): readonly Draw[] {
  return [
    (random) => {
      const shape = shapeOf(random, 1 + random.integer(3));
      const axis = random.integer(shape.length) - (random.integer(2) === 0 ? shape.length : 0);
      return { inputs: { x: float(shape) }, fn: ({ x }) => ({ y: fn(x!, axis) }), by: NOTHING };
    },
    (random) => ({
      inputs: { x: float(shapeOf(random, 2)) },
      fn: ({ x }) => ({ y: tf.mul(tf.cast(fn(x!, 1), "float32"), tf.max(x!, 1)) }),
    }),
    // with equal numbers
    (random) => ({ inputs: { x: int(shapeOf(random, 2)) }, fn: ({ x }) => ({ y: fn(x!, 0) }) }),
  ];
}

const cumsum: Draw = (random) => {
  const shape = shapeOf(random, 1 + random.integer(3));
  const axis = random.integer(shape.length);
  const [exclusive, reverse] = [random.integer(2) === 0, random.integer(2) === 0];
  return {
    inputs: { x: float(shape) },
    fn: ({ x }) => ({ y: tf.square(tf.cumsum(x!, axis, exclusive, reverse)) }),
  };
};

const topk: Draw = (random) => {
  const shape = shapeOf(random, 1 + random.integer(3));
  const count = 1 + random.integer(shape.at(-1)!);
  return {
    inputs: { x: float(shape) },
    fn: ({ x }) => {
      const { values, indices } = tf.topk(x!, count);
      return { y: tf.add(tf.square(values), tf.cast(indices, "float32")) };
    },
  };
};

const PAIRS = [
  "ij,jk->ik",
  "bij,bjk->bik",
  "bqhd,bkhd->bhqk",
  "bhqk,bkhd->bqhd",
  "i,j->ij",
  "ij,ij->",
  " ij , j -> i",
];
const SINGLES = ["ij->ji", "ijk->kj", "ij->", "bhw->b"];

function einsum(equations: readonly string[]): Draw {
  return (random) => {
    const equation = oneOf(random, equations);
    const lengths = new Map([..."bijkqhdw"].map((axis) => [axis, 1 + random.integer(3)]));
    const terms = equation.replace(/\s|->.*/g, "").split(",");
    const shapes = terms.map((term) => [...term].map((axis) => lengths.get(axis)!));
    return {
      inputs: Object.fromEntries(shapes.map((shape, k) => [`x${k}`, float(shape)])),
      fn: (given) => ({ y: tf.square(tf.einsum(equation, ...terms.map((_, k) => given[`x${k}`]!))) }),
    };
  };
}

/** By kernel; more than one where attributes make a difference. */
export const ORDER_CASES: Cases = {
  ArgMax: place((x, axis) => tf.argMax(x, axis)),
  ArgMin: place((x, axis) => tf.argMin(x, axis)),
  Cumsum: [
    cumsum,
    slopes(cumsum),
    (random) => ({ inputs: { x: int(shapeOf(random, 2)) }, fn: ({ x }) => ({ y: tf.cumsum(x!, 1) }) }),
  ],
  Einsum: [einsum(PAIRS), einsum(SINGLES), slopes(einsum(["ij,jk->ik", "bij,bjk->bik", "ij->i"]))],
  TopK: [
    topk,
    slopes(topk),
    // with equal numbers
    (random) => ({
      inputs: { x: int([2, 3 + random.integer(3)]) },
      fn: ({ x }) => {
        const { values, indices } = tf.topk(x!, 3);
        return { y: tf.concat([values, indices]) };
      },
    }),
  ],
};
