// Filters with holes: larger ones with zeros between, for kernels of gradients that know no dilation.
import * as tf from "@tensorflow/tfjs-core";

/** Rows, columns, and two axes of channels. */
export type FilterShape = [number, number, number, number];
/** One number for rows and columns, or one for each, as TensorFlow.js takes them. */
export type Dilations = number | readonly number[];

/** Return the shape of a filter with its holes. */
export function dilatedShape(filter: readonly number[], dilations: Dilations): FilterShape {
  const [height, width, inputs, outputs] = filter as FilterShape;
  const [rows, columns] = pairOf(dilations);
  return [(height - 1) * rows + 1, (width - 1) * columns + 1, inputs, outputs];
}

/** Put zeros between the rows and columns of a filter. */
export function dilate(filter: tf.Tensor4D, dilations: Dilations): tf.Tensor {
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
export function undilate(dilated: tf.Tensor, shape: FilterShape, dilations: Dilations): tf.Tensor {
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

function pairOf(dilations: Dilations): readonly [number, number] {
  return typeof dilations === "number" ? [dilations, dilations] : [dilations[0]!, dilations.at(-1)!];
}
