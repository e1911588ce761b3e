// Cases of what works number by number.
import * as tf from "@tensorflow/tfjs-core";
import {
  afterConvolution,
  type Cases,
  type Draw,
  float,
  int,
  NOTHING,
  oneOf,
  shapeOf,
  slopes,
  unary,
} from "./draw.js";

/** Two operands that are broadcast against each other: axes of 1, and fewer axes on one side. */
function binary(fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, positive = false): Draw {
  return (random) => {
    const whole = shapeOf(random, random.integer(5));
    const thin = (shape: readonly number[]) =>
      shape.map((n) => (random.integer(3) === 0 ? 1 : n)).slice(random.integer(shape.length + 1));
    const shapes = oneOf(random, [
      [whole, thin(whole)],
      [thin(whole), whole],
      [whole.map((n) => (random.integer(3) === 0 ? 1 : n)), whole],
    ]);
    return {
      inputs: { a: float(shapes[0]!), b: float(shapes[1]!) },
      fn: ({ a, b }) => ({ y: fn(a!, b!) }),
      positive,
    };
  };
}

/** A comparison chooses between two others: flat, but what it chooses is not. */
function comparison(fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const shape = shapeOf(random, 3);
    return {
      inputs: { a: float(shape), b: float(shape.slice(1)) },
      fn: ({ a, b }) => ({ y: tf.where(fn(a!, b!), tf.mul(a!, 3), tf.neg(b!)) }),
    };
  };
}

/** Whole numbers, of both signs and 0. */
function wholeNumbers(fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const shape = shapeOf(random, 3);
    return { inputs: { a: int(shape), b: int(shape.slice(1)) }, fn: ({ a, b }) => ({ y: fn(a!, b!) }) };
  };
}

function notZero(x: tf.Tensor): tf.Tensor {
  return tf.add(x, 0.0137);
}

/** Keep numbers of both signs away from 0. */
function divisor(x: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(x, 0), tf.add(x, 0.4137), tf.sub(x, 0.4137));
}

const leakyRelu: Draw = (random) => {
  const alpha = oneOf(random, [0, 0.01, 0.3, 1]);
  return unary((x) => tf.leakyRelu(x, alpha))(random);
};

/** By kernel; more than one where attributes or neighbours make a difference. */
export const POINTWISE_CASES: Cases = {
  Abs: [unary((x) => tf.abs(x))],
  Add: [
    binary((a, b) => tf.add(a, b)),
    afterConvolution((y) => tf.add(y, tf.tensor1d([0.5, -1, 2]))),
    afterConvolution((y) => tf.add(tf.reshape(tf.tensor1d([1, 2, 3]), [1, 1, 1, 1, 3]), y)),
  ],
  AddN: [
    (random) => {
      const shape = shapeOf(random, 3);
      const inputs = Object.fromEntries(
        ["a", "b", "c"].slice(random.integer(3)).map((n) => [n, float(shape)]),
      );
      return { inputs, fn: (given) => ({ y: tf.square(tf.addN(Object.values(given))) }) };
    },
  ],
  Atan: [unary((x) => tf.atan(x)), slopes(unary((x) => tf.atan(x)))],
  Atan2: [binary((a, b) => tf.atan2(a, b)), slopes(binary((a, b) => tf.atan2(a, b)))],
  Cast: [
    (random) => ({
      inputs: { x: float(shapeOf(random, 2)) },
      fn: ({ x }) => ({ y: tf.mul(tf.cast(tf.cast(tf.mul(x!, 3), "int32"), "float32"), x!) }),
      by: NOTHING,
    }),
    (random) => ({
      inputs: { x: int(shapeOf(random, 2)) },
      fn: ({ x }) => ({ y: tf.cast(tf.cast(x!, "bool"), "float32") }),
    }),
  ],
  Ceil: [unary((x) => tf.mul(tf.ceil(tf.mul(x, 0.9871)), x))],
  ClipByValue: [
    (random) => {
      const [low, high] = [random.uniform(-1, 0), random.uniform(0, 1)];
      return {
        inputs: { x: float(shapeOf(random, 3)) },
        fn: ({ x }) => ({ y: tf.clipByValue(x!, low, high) }),
        by: NOTHING,
      };
    },
    (random) => ({
      inputs: { x: float(shapeOf(random, 3)) },
      fn: ({ x }) => ({ y: tf.mul(tf.clipByValue(tf.mul(x!, 10), -0.001, 0.001), x!) }),
    }),
  ],
  Cos: [unary((x) => tf.cos(tf.mul(x, 5)))],
  Elu: [unary((x) => tf.elu(x))],
  Equal: [
    (random) => ({
      inputs: { a: int(shapeOf(random, 2, 6)), x: float([1]) },
      fn: ({ a, x }) => ({ y: tf.where(tf.equal(a!, 2), tf.square(x!), x!) }),
    }),
  ],
  Erf: [
    unary((x) => tf.erf(x)),
    slopes(unary((x) => tf.erf(x))),
    afterConvolution((y, x) => tf.mul(tf.erf(y), tf.sum(x))),
  ],
  Exp: [unary((x) => tf.exp(x))],
  Expm1: [unary((x) => tf.expm1(x)), slopes(unary((x) => tf.expm1(x))), afterConvolution((y) => tf.expm1(y))],
  Fill: [
    (random) => {
      const [shape, value] = [shapeOf(random, 2), random.integer(100) - 50];
      return {
        inputs: { x: float(shape) },
        fn: ({ x }) => ({ y: tf.mul(x!, tf.fill(shape, value)) }),
      };
    },
    // whole numbers that a float cannot tell from their neighbours
    (random) => {
      const [shape, value] = [shapeOf(random, 2), 16_777_217 + 2 * random.integer(100)];
      return {
        inputs: { x: int(shape) },
        fn: ({ x }) => ({ y: tf.add(x!, tf.fill(shape, value, "int32")) }),
      };
    },
    (random) => {
      const [shape, value] = [shapeOf(random, 2), random.integer(2)];
      return {
        inputs: { x: float(shape) },
        fn: ({ x }) => ({ y: tf.where(tf.fill(shape, value, "bool"), x!, tf.square(x!)) }),
      };
    },
  ],
  Floor: [unary((x) => tf.mul(tf.floor(tf.mul(x, 0.9871)), x))],
  FloorDiv: [
    binary((a, b) => tf.mul(tf.cast(tf.floorDiv(a, divisor(b)), "float32"), a)),
    wholeNumbers((a, b) => tf.floorDiv(a, b)),
    wholeNumbers((a, b) => tf.div(tf.mul(a, tf.scalar(1000, "int32")), b)),
  ],
  Greater: [comparison((a, b) => tf.greater(a, b))],
  GreaterEqual: [comparison((a, b) => tf.greaterEqual(a, b))],
  Identity: [unary((x) => tf.square(tf.clone(x))), afterConvolution((y) => tf.clone(y))],
  IsNan: [unary((x) => tf.where(tf.isNaN(tf.log(notZero(x))), tf.square(x), tf.mul(x, 3)))],
  LeakyRelu: [leakyRelu, slopes(leakyRelu), afterConvolution((y) => tf.leakyRelu(y, 0.25))],
  Less: [comparison((a, b) => tf.less(a, b))],
  LessEqual: [comparison((a, b) => tf.lessEqual(a, b))],
  Log: [unary((x) => tf.log(x), true)],
  Log1p: [
    unary((x) => tf.log1p(x), true),
    slopes(unary((x) => tf.log1p(x), true)),
    afterConvolution((y) => tf.log1p(tf.square(y))),
    binary((logits, b) => {
      const labels = tf.sigmoid(tf.add(b, tf.zerosLike(logits)));
      // at a logit of 0 TensorFlow.js gives another slope than there is
      return tf.losses.sigmoidCrossEntropy(labels, notZero(tf.add(logits, tf.zerosLike(labels))));
    }),
  ],
  LogicalAnd: [comparison((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0.3)))],
  LogicalNot: [comparison((a, b) => tf.logicalNot(tf.greater(a, b)))],
  LogicalOr: [comparison((a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0.3)))],
  Maximum: [binary((a, b) => tf.maximum(a, b))],
  Minimum: [binary((a, b) => tf.minimum(a, b))],
  Mod: [
    binary((a, b) => tf.mod(a, divisor(b))),
    slopes(binary((a, b) => tf.mod(a, divisor(b)))),
    wholeNumbers((a, b) => tf.mod(a, b)),
    wholeNumbers((a, b) => tf.mod(tf.mul(a, tf.scalar(7, "int32")), b)),
  ],
  Multiply: [binary((a, b) => tf.mul(a, b)), afterConvolution((y) => tf.mul(y, y))],
  Neg: [unary((x) => tf.neg(x))],
  NotEqual: [
    (random) => ({
      inputs: { a: int(shapeOf(random, 2, 6)), x: float([1]) },
      fn: ({ a, x }) => ({ y: tf.where(tf.notEqual(a!, 2), tf.square(x!), x!) }),
    }),
    comparison((a, b) => tf.notEqual(a, b)),
  ],
  OnesLike: [unary((x) => tf.mul(x, tf.onesLike(x)))],
  Pow: [binary((a, b) => tf.pow(a, b), true)],
  Prelu: [
    binary((x, alpha) => tf.prelu(x, alpha)),
    slopes(binary((x, alpha) => tf.prelu(x, alpha))),
    afterConvolution((y) => tf.prelu(y, tf.tensor1d([0.5, -1, 2]))),
  ],
  RealDiv: [binary((a, b) => tf.div(a, b), true)],
  Reciprocal: [unary((x) => tf.reciprocal(x), true)],
  Relu: [unary((x) => tf.relu(x)), afterConvolution((y) => tf.relu(y))],
  Relu6: [unary((x) => tf.relu6(tf.mul(x, 5))), afterConvolution((y) => tf.relu6(y))],
  Round: [unary((x) => tf.mul(tf.round(tf.mul(x, 2.9871)), x))],
  Rsqrt: [unary((x) => tf.rsqrt(x), true)],
  Select: [comparison((a, b) => tf.greater(a, tf.square(b)))],
  Selu: [unary((x) => tf.selu(x)), slopes(unary((x) => tf.selu(x))), afterConvolution((y) => tf.selu(y))],
  Sigmoid: [unary((x) => tf.sigmoid(x))],
  Sign: [unary((x) => tf.mul(tf.sign(x), x))],
  Sin: [unary((x) => tf.sin(tf.mul(x, 5))), slopes(unary((x) => tf.sin(x)))],
  Softplus: [unary((x) => tf.softplus(x))],
  Sqrt: [unary((x) => tf.sqrt(x), true)],
  Square: [unary((x) => tf.square(x))],
  SquaredDifference: [binary((a, b) => tf.squaredDifference(a, b))],
  Step: [unary((x) => tf.mul(tf.step(x), x))],
  Sub: [binary((a, b) => tf.sub(a, b))],
  Tanh: [unary((x) => tf.tanh(x))],
  ZerosLike: [unary((x) => tf.add(x, tf.zerosLike(x)))],
};
