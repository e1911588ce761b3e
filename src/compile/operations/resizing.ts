// Pictures in another size: interpolated, or each pixel that of the nearest.
import * as tf from "@tensorflow/tfjs-core";
import { isSameShape } from "../../math/shape.js";
import { transpose, view } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import type { TensorType } from "../graph/graph.js";
import { type KernelAttributes, type Operation, type Operations, operation } from "./operation.js";
import { type Pair, pictureOf, TO_NCHW, TO_NHWC } from "./windows.js";

type Resizing = {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: Pair;
};

/** Pictures [N, H, W, C]. */
export const RESIZINGS: Operations = {
  ResizeBilinear: operation<Resizing>({
    ...resizing("ResizeBilinear"),
    refuse: ([images]) =>
      images!.dtype === "float32" ? undefined : `for ${images!.dtype}: cast to float32 first`,
    shape: ([images], { size }) => resized({ dtype: "float32", shape: images!.shape }, size),
    onnx: (onnx, [images], { alignCorners, halfPixelCenters }, [output]) => {
      const places = alignCorners ? "align_corners" : halfPixelCenters ? "half_pixel" : "asymmetric";
      return resize(onnx, images!, output!.shape, {
        mode: "linear",
        coordinate_transformation_mode: places,
      });
    },
    gradient: {
      saves: { inputsToSave: ["images"] },
      rule: (dy, [images], attributes) => ({
        images: () => transposedResize(dy, images!, attributes as Resizing, interpolated),
      }),
    },
  }),
  ResizeNearestNeighbor: operation<Resizing>({
    ...resizing("ResizeNearestNeighbor"),
    shape: ([images], { size }) => resized(images!, size),
    onnx: (onnx, [images], attributes, [output]) => {
      if (wholeFactors(images!.shape, attributes))
        return resize(onnx, images!, output!.shape, {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        });
      // ONNX rounds places in float32, TensorFlow.js in float64: where they lie between two pixels it matters
      let x = transpose(onnx, images!, TO_NCHW);
      for (const [k, length] of attributes.size.entries()) {
        const from = pictureOf(images!.shape)[k]!;
        const places = Array.from({ length }, (_, to) => nearest(to, from, length, attributes));
        x = onnx.node("Gather", [x, onnx.integers(places)], x.shape.with(2 + k, length), x.dtype, {
          axis: 2 + k,
        });
      }
      return view(x, TO_NHWC);
    },
    gradient: {
      saves: { inputsToSave: ["images"] },
      rule: (dy, [images], given) => ({
        images: () => {
          const attributes = given as Resizing;
          const factors = wholeFactors(images!.shape, attributes);
          if (!factors) return transposedResize(dy, images!, attributes, nearestPixel);
          const [rows, columns] = factors;
          return tf.mul(tf.avgPool(dy as tf.Tensor4D, factors, factors, "valid"), rows * columns);
        },
      }),
    },
  }),
};

/** What both have in common. */
function resizing(op: string) {
  return {
    inputs: ["images"],
    accepts: { alignCorners: [false, true], halfPixelCenters: [false, true], size: "any" },
    attributes: (_: readonly TensorType[], given: KernelAttributes): Resizing => {
      const { alignCorners = false, halfPixelCenters = false, size } = given;
      return { alignCorners, halfPixelCenters, size };
    },
    isCopy: ([images]: readonly TensorType[], { size }: Resizing) =>
      isSameShape(pictureOf(images!.shape), size),
    graphModel: (model, [images], { alignCorners, halfPixelCenters, size }, [output]) =>
      model.node(op, [images!, model.integers(size)], output!, {
        align_corners: alignCorners,
        half_pixel_centers: halfPixelCenters,
      }),
  } satisfies Partial<Operation<Resizing>>;
}

function resized({ dtype, shape }: TensorType, size: Pair): TensorType {
  return { dtype, shape: [shape[0]!, ...size, shape[3]!] };
}

function resize(
  onnx: OnnxBuilder,
  images: OnnxTensor,
  [n, height, width, channels]: readonly number[],
  how: Readonly<Record<string, string>>,
): OnnxTensor {
  const shape = [n!, channels!, height!, width!];
  const inputs = [transpose(onnx, images, TO_NCHW), "", "", onnx.integers(shape)];
  return view(onnx.node("Resize", inputs, shape, images.dtype, how), TO_NHWC);
}

/** Return how many pixels each one becomes, where it becomes whole ones. */
function wholeFactors(x: readonly number[], { alignCorners, size }: Resizing): [number, number] | undefined {
  const [height, width] = pictureOf(x);
  const factors: [number, number] = [size[0] / height, size[1] / width];
  return !alignCorners && factors.every(Number.isInteger) ? factors : undefined;
}

/** Give gradients of resized pictures back to the pixels that they came from: two matrix products, so that it can be differentiated. */
function transposedResize(
  dy: tf.Tensor,
  images: tf.Tensor,
  attributes: Resizing,
  weigh: (
    to: number,
    from: number,
    length: number,
    attributes: Resizing,
  ) => readonly (readonly [number, number])[],
): tf.Tensor {
  const [n, height, width, channels] = images.shape as [number, number, number, number];
  const [rows, columns] = attributes.size;
  const back = (from: number, to: number) => {
    const matrix = new Float32Array(from * to);
    for (let k = 0; k < to; k++)
      for (const [place, share] of weigh(k, from, to, attributes)) matrix[place * to + k]! += share;
    return tf.tensor3d(matrix, [1, from, to]);
  };
  const upright = tf.matMul(back(height, rows), tf.reshape(dy, [n, rows, columns * channels]));
  const level = tf.matMul(back(width, columns), tf.reshape(upright, [n * height, columns, channels]));
  return tf.reshape(level, [n, height, width, channels]);
}

/** Return the pixels that pixel `to` of an axis is made of, with the share of each; `length` from `from` pixels. */
function interpolated(to: number, from: number, length: number, attributes: Resizing): [number, number][] {
  const place = scaleOf(from, length, attributes) * (attributes.halfPixelCenters ? to + 0.5 : to);
  const source = attributes.halfPixelCenters ? place - 0.5 : place;
  const before = Math.max(0, Math.floor(source));
  const after = Math.min(from - 1, Math.ceil(source));
  return [
    [before, 1 - (source - before)],
    [after, source - before],
  ];
}

function nearestPixel(to: number, from: number, length: number, attributes: Resizing): [number, number][] {
  return [[nearest(to, from, length, attributes), 1]];
}

/** Return the pixel that pixel `to` of an axis is. */
function nearest(to: number, from: number, length: number, attributes: Resizing): number {
  const place = scaleOf(from, length, attributes) * (attributes.halfPixelCenters ? to + 0.5 : to);
  return Math.min(from - 1, attributes.alignCorners ? Math.round(place) : Math.floor(place));
}

function scaleOf(from: number, length: number, { alignCorners }: Resizing): number {
  return alignCorners && length > 1 ? (from - 1) / (length - 1) : from / length;
}
