// One or more cases per operation that can be compiled: random shapes, every attribute.
import * as tf from "@tensorflow/tfjs-core";
import type { TensorFunction, TensorSpecs } from "../../../src/compile/trace/trace.js";
import type { Random } from "../../../src/math/random.js";

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

type Draw = (random: Random) => OperationCase;

const float = (shape: readonly number[]) => ({ shape });
const int = (shape: readonly number[]) => ({ shape, dtype: "int32" as const });
const NOTHING: readonly string[] = [];

/** Draw a shape of `rank` axes, of 1 to `longest` each. */
function shapeOf(random: Random, rank: number, longest = 4): number[] {
  return Array.from({ length: rank }, () => 1 + random.integer(longest));
}

function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  return values[random.integer(values.length)]!;
}

function unary(fn: (x: tf.Tensor) => tf.Tensor, positive = false): Draw {
  return (random) => ({
    inputs: { x: float(shapeOf(random, random.integer(5))) },
    fn: ({ x }) => ({ y: fn(x!) }),
    positive,
  });
}

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

/** What follows a convolution runs on it as it lies, or transposes it back. */
function afterConvolution(fn: (y: tf.Tensor, x: tf.Tensor) => tf.Tensor): Draw {
  return (random) => {
    const [n, h, w, c] = [2, 2 + random.integer(3), 2 + random.integer(3), 1 + random.integer(3)];
    return {
      inputs: { x: float([n, h, w, c]), filter: float([1, 1, c, 3]) },
      fn: ({ x, filter }) => ({ y: fn(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "valid"), x!) }),
    };
  };
}

type Pad = Parameters<typeof tf.conv2d>[3];
type Rounding = Parameters<typeof tf.conv2d>[6];

function randomPad(random: Random, size: number): readonly [Pad, Rounding] {
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

/** The derivative of a function's square, so that the gradients of its gradients are asked for. */
function twice(fn: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor): TensorFunction {
  return ({ x, w }) => {
    const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(fn(a, b))) as tf.Scalar;
    const [dx, dw] = tf.grads(loss)([x!, w!]);
    return { y: tf.concat([tf.reshape(dx!, [-1]), tf.reshape(dw!, [-1])]) };
  };
}

/** By kernel; more than one where attributes or neighbours make a difference. */
export const OPERATION_CASES: Readonly<Record<string, readonly Draw[]>> = {
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
  Elu: [unary((x) => tf.elu(x))],
  Equal: [
    (random) => ({
      inputs: { a: int(shapeOf(random, 2, 6)), x: float([1]) },
      fn: ({ a, x }) => ({ y: tf.where(tf.equal(a!, 2), tf.square(x!), x!) }),
    }),
  ],
  Exp: [unary((x) => tf.exp(x))],
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
  Greater: [comparison((a, b) => tf.greater(a, b))],
  GreaterEqual: [comparison((a, b) => tf.greaterEqual(a, b))],
  Identity: [unary((x) => tf.square(tf.clone(x))), afterConvolution((y) => tf.clone(y))],
  Less: [comparison((a, b) => tf.less(a, b))],
  LessEqual: [comparison((a, b) => tf.lessEqual(a, b))],
  Log: [unary((x) => tf.log(x), true)],
  LogicalAnd: [comparison((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0.3)))],
  LogicalNot: [comparison((a, b) => tf.logicalNot(tf.greater(a, b)))],
  LogicalOr: [comparison((a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0.3)))],
  Max: [reduction((x, axis, keepDims) => tf.square(tf.max(x, axis, keepDims)))],
  Maximum: [binary((a, b) => tf.maximum(a, b))],
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
  MaxPoolGrad: [pooling((y) => tf.mul(y, y)), pooling((y) => tf.tanh(y))],
  Mean: [reduction((x, axis, keepDims) => tf.square(tf.mean(x, axis, keepDims)))],
  Min: [reduction((x, axis, keepDims) => tf.square(tf.min(x, axis, keepDims)))],
  Minimum: [binary((a, b) => tf.minimum(a, b))],
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
  Pow: [binary((a, b) => tf.pow(a, b), true)],
  RealDiv: [binary((a, b) => tf.div(a, b), true)],
  Reciprocal: [unary((x) => tf.reciprocal(x), true)],
  Relu: [unary((x) => tf.relu(x)), afterConvolution((y) => tf.relu(y))],
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
  Rsqrt: [unary((x) => tf.rsqrt(x), true)],
  Select: [comparison((a, b) => tf.greater(a, tf.square(b)))],
  Sigmoid: [unary((x) => tf.sigmoid(x))],
  Sign: [unary((x) => tf.mul(tf.sign(x), x))],
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
  Softmax: [
    (random) => {
      const rank = 1 + random.integer(3);
      const dim = oneOf(random, [-1, rank - 1]);
      return { inputs: { x: float(shapeOf(random, rank)) }, fn: ({ x }) => ({ y: tf.softmax(x!, dim) }) };
    },
  ],
  Softplus: [unary((x) => tf.softplus(x))],
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
  Sqrt: [unary((x) => tf.sqrt(x), true)],
  Square: [unary((x) => tf.square(x))],
  SquaredDifference: [binary((a, b) => tf.squaredDifference(a, b))],
  Step: [unary((x) => tf.mul(tf.step(x), x))],
  Sub: [binary((a, b) => tf.sub(a, b))],
  Sum: [
    reduction((x, axis, keepDims) => tf.square(tf.sum(x, axis, keepDims))),
    afterConvolution((y) => tf.sum(y, [0, 1, 2])),
    afterConvolution((y) => tf.sum(y, [1, 3])),
  ],
  Tanh: [unary((x) => tf.tanh(x))],
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
  ZerosLike: [unary((x) => tf.add(x, tf.zerosLike(x)))],
};
