// Gradients of convolution and pooling.
import * as tf from "@tensorflow/tfjs-core";
import type { RegisterGradient } from "./kernel.js";

/** Register them by `register`. */
export function registerConvolutionGradients(register: RegisterGradient): void {
  register("Conv2D", { inputsToSave: ["x", "filter"] }, (dy, saved, { dilations = 1, ...attributes }) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    // a dilated filter is a larger one with zeros between: the kernels of gradients know no dilation
    const spread = () => dilate(filter, dilations);
    return {
      x: () => run("Conv2DBackpropInput", { dy, filter: spread() }, { ...attributes, inputShape: x.shape }),
      filter: () => {
        const filterShape = dilatedShape(filter.shape, dilations);
        return undilate(
          run("Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape }),
          filter.shape,
          dilations,
        );
      },
    };
  });
  register(
    "Conv2DBackpropInput",
    { inputsToSave: ["dy", "filter"] },
    (ddx, saved, { inputShape: _, ...attributes }) => {
      const [dy, filter] = saved as [tf.Tensor, tf.Tensor];
      return {
        dy: () => run("Conv2D", { x: ddx, filter }, { ...attributes, dilations: 1 }),
        filter: () =>
          run("Conv2DBackpropFilter", { x: ddx, dy }, { ...attributes, filterShape: filter.shape }),
      };
    },
  );
  register(
    "Conv2DBackpropFilter",
    { inputsToSave: ["x", "dy"] },
    (ddfilter, saved, { filterShape: _, ...attributes }) => {
      const [x, dy] = saved as [tf.Tensor, tf.Tensor];
      return {
        x: () => run("Conv2DBackpropInput", { dy, filter: ddfilter }, { ...attributes, inputShape: x.shape }),
        dy: () => run("Conv2D", { x, filter: ddfilter }, { ...attributes, dilations: 1 }),
      };
    },
  );
  register("MaxPool", { inputsToSave: ["x"], outputsToSave: [true] }, (dy, saved, attributes) => {
    const [input, output] = saved as [tf.Tensor, tf.Tensor];
    return { x: () => run("MaxPoolGrad", { dy, input, output }, attributes) };
  });
}

type FilterShape = [number, number, number, number];

function dilatedShape([height, width, inputs, outputs]: FilterShape, dilations: Dilations): FilterShape {
  const [rows, columns] = pairOf(dilations);
  return [(height - 1) * rows + 1, (width - 1) * columns + 1, inputs, outputs];
}

/** Put zeros between the rows and columns of a filter. */
function dilate(filter: tf.Tensor4D, dilations: Dilations): tf.Tensor {
  const [rows, columns] = pairOf(dilations);
  if (rows === 1 && columns === 1) return filter;
  const [height, width, inputs, outputs] = filter.shape;
  const apart = tf.pad(tf.reshape(filter, [height, 1, width, 1, inputs, outputs]), [
    [0, 0],
    [0, rows - 1],
    [0, 0],
    [0, columns - 1],
    [0, 0],
    [0, 0],
  ]);
  const whole = tf.reshape(apart, [height * rows, width * columns, inputs, outputs]);
  return tf.slice(whole, [0, 0, 0, 0], dilatedShape(filter.shape, dilations));
}

/** Take the rows and columns of a dilated filter that are not always zero. */
function undilate(dilated: tf.Tensor, shape: FilterShape, dilations: Dilations): tf.Tensor {
  const [rows, columns] = pairOf(dilations);
  if (rows === 1 && columns === 1) return dilated;
  const [height, width, inputs, outputs] = shape;
  const whole = tf.pad(dilated, [
    [0, rows - 1],
    [0, columns - 1],
    [0, 0],
    [0, 0],
  ]);
  const apart = tf.reshape(whole, [height, rows, width, columns, inputs, outputs]);
  return tf.reshape(tf.slice(apart, [0, 0, 0, 0, 0, 0], [height, 1, width, 1, inputs, outputs]), shape);
}

type Dilations = number | readonly number[];

function pairOf(dilations: Dilations): readonly [number, number] {
  return typeof dilations === "number" ? [dilations, dilations] : [dilations[0]!, dilations.at(-1)!];
}

function run(kernel: string, inputs: Readonly<Record<string, tf.Tensor>>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
}
