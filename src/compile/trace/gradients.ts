// Gradients of the operations that we compile. TensorFlow.js has them too, but in modules that Node cannot import.
import * as tf from "@tensorflow/tfjs-core";
import { registerConvolutionGradients } from "./gradients-convolution.js";
import type { KernelAttributes as Attributes, Gradient } from "./kernel.js";

const ours = new Map<string, tf.GradConfig>();

/**
 * Register the gradients, in place of others that are there: every engine then gives the same ones.
 *
 * TensorFlow.js's own, which `@tensorflow/tfjs-node` brings, count ties of max several times and know no dilation.
 */
export function registerGradients(): void {
  if (ours.size === 0) defineGradients();
  for (const [kernelName, config] of ours) {
    const present = tf.getGradient(kernelName);
    if (present === config) continue;
    if (present) tf.unregisterGradient(kernelName);
    tf.registerGradient(config);
  }
}

function defineGradients(): void {
  binary("Add", (dy) => [dy, dy]);
  binary("Sub", (dy) => [dy, () => tf.neg(dy())]);
  binary("Multiply", (dy, a, b) => [() => tf.mul(dy(), b), () => tf.mul(dy(), a)]);
  binary("RealDiv", (dy, a, b) => [
    () => tf.div(dy(), b),
    () => tf.neg(tf.div(tf.mul(dy(), a), tf.square(b))),
  ]);
  binary("Minimum", (dy, a, b) => [masked(dy, () => tf.lessEqual(a, b)), masked(dy, () => tf.greater(a, b))]);
  binary("Maximum", (dy, a, b) => [masked(dy, () => tf.greaterEqual(a, b)), masked(dy, () => tf.less(a, b))]);
  binary("SquaredDifference", (dy, a, b) => {
    const slope = () => tf.mul(tf.mul(dy(), 2), tf.sub(a, b));
    return [slope, () => tf.neg(slope())];
  });
  binary("Pow", (dy, a, b) => [
    () => tf.mul(dy(), tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    // log of a base that is not positive has no gradient
    () => tf.mul(dy(), tf.mul(tf.pow(a, b), tf.where(tf.greater(a, 0), tf.log(tf.abs(a)), tf.zerosLike(a)))),
  ]);

  fromInput("Abs", (dy, x) => tf.mul(dy, tf.sub(tf.step(x), tf.step(tf.neg(x)))));
  fromInput("Log", (dy, x) => tf.div(dy, x));
  fromInput("Neg", (dy) => tf.neg(dy));
  fromInput("Reciprocal", (dy, x) => tf.neg(tf.div(dy, tf.square(x))));
  fromInput("Relu", (dy, x) => tf.mul(dy, tf.step(x)));
  fromInput("Rsqrt", (dy, x) => tf.mul(-0.5, tf.div(dy, tf.mul(x, tf.sqrt(x)))));
  fromInput("Softplus", (dy, x) => tf.mul(dy, tf.sigmoid(x)));
  fromInput("Sqrt", (dy, x) => tf.div(dy, tf.mul(2, tf.sqrt(x))));
  fromInput("Square", (dy, x) => tf.mul(dy, tf.mul(2, x)));
  fromInput("Cast", (dy) => tf.cast(dy, "float32"));
  fromInput("Identity", (dy) => tf.cast(dy, "float32"));
  fromInput("Step", (dy) => tf.zerosLike(dy));
  fromInput("Sign", (dy) => tf.zerosLike(dy));
  fromInput("Floor", (dy) => tf.zerosLike(dy));
  fromInput("OnesLike", (dy) => tf.zerosLike(dy));
  fromInput("ZerosLike", (dy) => tf.zerosLike(dy));
  fromInput("Reshape", (dy, x) => tf.reshape(dy, x.shape));
  fromInput("ClipByValue", (dy, x, { clipValueMin, clipValueMax }) => {
    const inside = tf.logicalAnd(tf.greaterEqual(x, clipValueMin), tf.lessEqual(x, clipValueMax));
    return tf.where(inside, dy, tf.zerosLike(dy));
  });
  fromOutput("Elu", tf.elu, (dy, y) =>
    tf.mul(dy, tf.where(tf.greaterEqual(y, 0), tf.onesLike(y), tf.add(y, 1))),
  );
  fromOutput("Exp", tf.exp, (dy, y) => tf.mul(dy, y));
  fromOutput("Sigmoid", tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))));
  fromOutput("Tanh", tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y))));
  register("Softmax", { inputsToSave: ["logits"], outputsToSave: [true] }, (dy, saved, { dim }) => ({
    logits: () => {
      const y = outputOf((logits) => tf.softmax(logits, dim), saved);
      const weighted = tf.mul(dy, y);
      return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
    },
  }));

  registerComparisonGradients();
  registerShapeGradients();
  registerReductionGradients();
  registerProductGradients();
}

/** Comparisons are flat wherever they have a slope; without a gradient of 0 `tf.where(tf.greater(x, 0), ...)` fails. */
function registerComparisonGradients(): void {
  for (const kernel of [
    ...["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"],
    ...["LogicalAnd", "LogicalOr"],
  ]) {
    register(kernel, { inputsToSave: ["a", "b"] }, (_, [a, b]) => ({
      a: () => tf.zeros(a!.shape),
      b: () => tf.zeros(b!.shape),
    }));
  }
  fromInput("LogicalNot", (_, x) => tf.zeros(x.shape));
}

function registerShapeGradients(): void {
  fromInput("ExpandDims", (dy, x) => tf.reshape(dy, x.shape), "input");
  fromInput("Transpose", (dy, _, { perm }) => tf.transpose(dy, inverse(perm)));
  fromInput("Tile", (dy, x, { reps }) => {
    // split each axis into repetitions and the rest, then sum the repetitions
    const shape = x.shape.flatMap((length, axis) => [(reps as number[])[axis]!, length]);
    const repetitions = x.shape.map((_, axis) => 2 * axis);
    return tf.sum(tf.reshape(dy, shape), repetitions);
  });
  fromInput("Slice", (dy, x, { begin, size }) => {
    const [from, lengths] = tf.slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
    return tf.pad(
      dy,
      from.map((start, axis) => [start, x.shape[axis]! - start - lengths[axis]!] as [number, number]),
    );
  });
  fromInput("PadV2", (dy, x, { paddings }) =>
    tf.slice(
      dy,
      (paddings as [number, number][]).map(([start]) => start),
      x.shape,
    ),
  );
  register("Select", { inputsToSave: ["condition"] }, (dy, [condition]) => ({
    condition: () => tf.zerosLike(tf.cast(condition!, "float32")),
    t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
    e: () => tf.where(condition!, tf.zerosLike(dy), dy),
  }));
  // operations with several outputs get a list of gradients, or a bare one for a list of one output
  const listed = (dy: unknown) => (Array.isArray(dy) ? dy : [dy]) as tf.Tensor[];
  register("SplitV", {}, (dy, _, { axis }) => ({ x: () => tf.concat(listed(dy), axis) }));
  register("Unpack", {}, (dy, _, { axis }) => ({ value: () => tf.stack(listed(dy), axis) }));
  // those with several inputs return a list
  register("Concat", { saveAllInputs: true }, (dy, inputs, { axis }) => {
    const along = tf.util.parseAxisParam(axis, inputs[0]!.shape)[0]!;
    const parts = tf.split(
      dy,
      inputs.map(({ shape }) => shape[along]!),
      along,
    );
    return Object.fromEntries(parts.map((part, index) => [index, () => part]));
  });
  register("Pack", { saveAllInputs: true }, (dy, _, { axis }) =>
    Object.fromEntries(tf.unstack(dy, axis).map((part, index) => [index, () => part])),
  );
  register("AddN", { saveAllInputs: true }, (dy, inputs) =>
    Object.fromEntries(inputs.map((_, index) => [index, () => dy])),
  );
}

function registerReductionGradients(): void {
  const spread = (dy: tf.Tensor, x: tf.Tensor, axis: number | number[]) => {
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const kept = x.shape.map((length, k) => (axes.includes(k) ? 1 : length));
    return { axes, values: tf.mul(tf.reshape(dy, kept), tf.onesLike(x)) };
  };
  fromInput("Sum", (dy, x, { axis }) => spread(dy, x, axis).values);
  fromInput("Mean", (dy, x, { axis }) => {
    const { axes, values } = spread(dy, x, axis);
    return tf.div(
      values,
      axes.reduce((product, k) => product * x.shape[k]!, 1),
    );
  });
  for (const [kernel, attribute] of [
    ["Max", "reductionIndices"],
    ["Min", "axis"],
  ] as const) {
    register(kernel, { inputsToSave: ["x"], outputsToSave: [true] }, (dy, [x, y], attributes) => ({
      x: () => {
        const axis = attributes[attribute] as number | number[];
        const { axes, values: extreme } = spread(y!, x!, axis);
        const ties = tf.cast(tf.equal(x!, extreme), "float32");
        // shared evenly among ties, as in TensorFlow and PyTorch: a gradient sums to that of the extreme
        return tf.mul(spread(dy, x!, axis).values, tf.div(ties, tf.sum(ties, axes, true)));
      },
    }));
  }
}

function registerProductGradients(): void {
  register("BatchMatMul", { inputsToSave: ["a", "b"] }, (dy, saved, { transposeA, transposeB }) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    return {
      a: () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
      b: () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
    };
  });
  registerConvolutionGradients(register);
}

/** Gradient of an operation of two inputs that are broadcast against each other. */
function binary(
  kernel: string,
  slopes: (dy: () => tf.Tensor, a: tf.Tensor, b: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor],
): void {
  register(kernel, { inputsToSave: ["a", "b"] }, (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const [forA, forB] = slopes(() => dy, a, b);
    return { a: () => unbroadcast(forA(), a.shape), b: () => unbroadcast(forB(), b.shape) };
  });
}

function fromInput(
  kernel: string,
  slope: (dy: tf.Tensor, x: tf.Tensor, attributes: Attributes) => tf.Tensor,
  name = "x",
): void {
  register(kernel, { inputsToSave: [name] }, (dy, [x], attributes) => ({
    [name]: () => slope(dy, x!, attributes),
  }));
}

function fromOutput(
  kernel: string,
  operation: (x: tf.Tensor) => tf.Tensor,
  slope: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): void {
  register(kernel, { inputsToSave: ["x"], outputsToSave: [true] }, (dy, saved) => ({
    x: () => slope(dy, outputOf(operation, saved)),
  }));
}

/**
 * Return an operation's output for its gradient, from the input and the output that were saved.
 *
 * Inside another gradient it is computed again: TensorFlow.js notes a saved output before the operation that gave it, so
 * that a second derivative misses what comes by it.
 */
function outputOf(operation: (x: tf.Tensor) => tf.Tensor, [x, y]: readonly tf.Tensor[]): tf.Tensor {
  return tf.engine().state.gradientDepth > 0 ? operation(x!) : y!;
}

function register(kernelName: string, saving: Partial<tf.GradConfig>, gradient: Gradient): void {
  const gradFunc = gradient as unknown as tf.GradFunc;
  ours.set(kernelName, { kernelName, ...saving, gradFunc });
}

function masked(dy: () => tf.Tensor, condition: () => tf.Tensor): () => tf.Tensor {
  return () => tf.mul(dy(), tf.cast(condition(), "float32"));
}

/** Sum a gradient over the axes along which its input was repeated. */
function unbroadcast(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}

function inverse(permutation: readonly number[]): number[] {
  const result: number[] = [];
  for (const [to, from] of permutation.entries()) result[from] = to;
  return result;
}
