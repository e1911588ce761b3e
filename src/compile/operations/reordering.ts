// Rows and columns taken in steps, in reverse, mirrored beside the borders, or dealt out among the pictures of a batch.
import * as tf from "@tensorflow/tfjs-core";
import { isSameShape, sizeOf } from "../../math/shape.js";
import { reshape, transpose } from "../emit/onnx/layout.js";
import type { GraphModelBuilder } from "../emit/tfjs/graph-model-builder.js";
import type { Value } from "../graph/graph.js";
import { fromInput } from "./gradient.js";
import { type KernelAttributes, type Operations, operation } from "./operation.js";

/** What ONNX takes for "before the first" where steps go backwards. */
const BEFORE_FIRST = -(2 ** 31);

type Stepped = {
  /** First entry of each axis, how many, and the step to the next. */
  readonly begin: readonly number[];
  readonly count: readonly number[];
  readonly strides: readonly number[];
  /** Of the output: without axes of which one entry was asked for, with new ones. */
  readonly shape: readonly number[];
};
type Mirroring = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly mode: string;
};
type Blocks = {
  readonly blockShape: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
};

/** Operations that give the same numbers in another order. */
export const REORDERINGS: Operations = {
  StridedSlice: operation<Stepped>({
    inputs: ["x"],
    accepts: {
      begin: "any",
      end: "any",
      strides: "any",
      beginMask: "any",
      endMask: "any",
      ellipsisMask: "any",
      newAxisMask: "any",
      shrinkAxisMask: "any",
    },
    attributes: ([x], given) => stepsOf(x!.shape, given),
    shape: ([x], { shape }) => ({ dtype: x!.dtype, shape }),
    isCopy: ([x], { strides, count, shape }) =>
      isSameShape(x!.shape, count) && isSameShape(x!.shape, shape) && strides.every((stride) => stride === 1),
    onnx: (onnx, [x], { begin, count, strides, shape }) => {
      const axes = onnx.integers(begin.map((_, axis) => axis));
      const ends = endsOf({ begin, count, strides }).map((end) => (end < 0 ? BEFORE_FIRST : end));
      const inputs = [x!, onnx.integers(begin), onnx.integers(ends), axes, onnx.integers(strides)];
      return reshape(onnx, onnx.node("Slice", inputs, count, x!.dtype), shape);
    },
    graphModel: (model, [x], { begin, count, strides, shape }, [output]) => {
      const ends = endsOf({ begin, count, strides });
      const taken = model.node(
        "StridedSlice",
        [x!, model.integers(begin), model.integers(ends), model.integers(strides)],
        { dtype: x!.dtype, shape: count },
        // below 0 it would count from the end
        { end_mask: ends.reduce((mask, end, axis) => (end < 0 ? mask | (1 << axis) : mask), 0) },
      );
      return model.node("Reshape", [taken, model.integers(shape)], output!);
    },
    gradient: fromInput((dy, x, given) => {
      const { begin, count, strides } = stepsOf(x.shape, given);
      if (sizeOf(count) === 0) return tf.zerosLike(x);
      const backwards = strides.flatMap((stride, axis) => (stride < 0 ? [axis] : []));
      const taken = tf.reshape(dy, [...count]);
      const forwards = backwards.length > 0 ? tf.reverse(taken, backwards) : taken;
      const steps = strides.map(Math.abs);
      const first = begin.map((from, axis) =>
        strides[axis]! < 0 ? from + (count[axis]! - 1) * strides[axis]! : from,
      );
      const spread = apart(forwards, steps);
      return tf.pad(
        spread,
        first.map((from, axis) => [from, x.shape[axis]! - from - spread.shape[axis]!] as [number, number]),
      );
    }),
  }),
  Reverse: operation<{ axes: readonly number[] }>({
    inputs: ["x"],
    accepts: { dims: "any" },
    attributes: ([x], { dims }) => ({ axes: tf.util.parseAxisParam(dims, [...x!.shape]) }),
    shape: ([x]) => x!,
    isCopy: (_, { axes }) => axes.length === 0,
    onnx: (onnx, [x], { axes }) => {
      const all = (value: number) => onnx.integers(axes.map(() => value));
      return onnx.node(
        "Slice",
        [x!, all(-1), all(BEFORE_FIRST), onnx.integers(axes), all(-1)],
        x!.shape,
        x!.dtype,
      );
    },
    graphModel: (model, [x], { axes }, [output]) =>
      model.node("ReverseV2", [x!, model.integers(axes)], output!),
    gradient: fromInput((dy, _, { dims }) => tf.reverse(dy, dims)),
  }),
  MirrorPad: operation<Mirroring>({
    inputs: ["x"],
    accepts: { paddings: "any", mode: ["reflect", "symmetric"] },
    attributes: (_, { paddings, mode }) => ({ ...pairsOf(paddings), mode }),
    shape: ([x], { before, after }) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((length, axis) => before[axis]! + length + after[axis]!),
    }),
    isCopy: (_, { before, after }) => [...before, ...after].every((pad) => pad === 0),
    onnx: (onnx, [x], { before, after, mode }) => {
      let padded = x!;
      for (const [axis, length] of x!.shape.entries()) {
        if (before[axis] === 0 && after[axis] === 0) continue;
        const places = mirrored(length, before[axis]!, after[axis]!, mode);
        const shape = padded.shape.with(axis, places.length);
        padded = onnx.node("Gather", [padded, onnx.integers(places)], shape, x!.dtype, { axis });
      }
      return padded;
    },
    graphModel: (model, [x], { before, after, mode }, [output]) => {
      return model.node("MirrorPad", [x!, amountsOf(model, before, after)], output!, { mode });
    },
    gradient: fromInput((dy, x, { paddings, mode }) => {
      const { before, after } = pairsOf(paddings);
      return x.shape.reduce(
        (folded, length, axis) =>
          foldBorders(folded, axis, { length, before: before[axis]!, after: after[axis]!, mode }),
        dy,
      );
    }),
  }),
  SpaceToBatchND: operation<Blocks>({
    inputs: ["x"],
    accepts: { blockShape: "any", paddings: "any" },
    attributes: (_, { blockShape, paddings }) => ({ blockShape, ...pairsOf(paddings) }),
    shape: ([x], blocks) => ({ dtype: x!.dtype, shape: dealt(x!.shape, blocks).flat }),
    onnx: (onnx, [x], blocks, [output]) => {
      const { padded, cut, perm } = dealt(x!.shape, blocks);
      const rest = padded.slice(1 + blocks.blockShape.length).map(() => 0);
      const amounts = [0, ...blocks.before, ...rest, 0, ...blocks.after, ...rest];
      const whole = amounts.some((amount) => amount > 0)
        ? onnx.node("Pad", [x!, onnx.integers(amounts)], padded, x!.dtype)
        : x!;
      return reshape(onnx, transpose(onnx, reshape(onnx, whole, cut), perm), output!.shape);
    },
    graphModel: (model, [x], { blockShape, before, after }, [output]) =>
      model.node(
        "SpaceToBatchND",
        [x!, model.integers(blockShape), amountsOf(model, before, after)],
        output!,
      ),
    gradient: fromInput((dy, _, { blockShape, paddings }) => tf.batchToSpaceND(dy, blockShape, paddings)),
  }),
  BatchToSpaceND: operation<Blocks>({
    inputs: ["x"],
    accepts: { blockShape: "any", crops: "any" },
    attributes: (_, { blockShape, crops }) => ({ blockShape, ...pairsOf(crops) }),
    shape: ([x], blocks) => ({ dtype: x!.dtype, shape: gathered(x!.shape, blocks).cropped }),
    onnx: (onnx, [x], blocks) => {
      const { cut, perm, whole, cropped } = gathered(x!.shape, blocks);
      const pictures = reshape(onnx, transpose(onnx, reshape(onnx, x!, cut), perm), whole);
      if (isSameShape(whole, cropped)) return pictures;
      const axes = blocks.blockShape.map((_, k) => k + 1);
      const ends = axes.map((axis, k) => blocks.before[k]! + cropped[axis]!);
      const inputs = [pictures, onnx.integers(blocks.before), onnx.integers(ends), onnx.integers(axes)];
      return onnx.node("Slice", inputs, cropped, x!.dtype);
    },
    graphModel: (model, [x], { blockShape, before, after }, [output]) =>
      model.node(
        "BatchToSpaceND",
        [x!, model.integers(blockShape), amountsOf(model, before, after)],
        output!,
      ),
    gradient: fromInput((dy, _, { blockShape, crops }) => tf.spaceToBatchND(dy, blockShape, crops)),
  }),
};

/** Return which entries of each axis are taken. */
function stepsOf(x: readonly number[], given: KernelAttributes): Stepped {
  const { finalShape, begin, end, strides } = tf.slice_util.sliceInfo(
    [...x],
    given.begin,
    given.end,
    given.strides,
    given.beginMask,
    given.endMask,
    given.ellipsisMask,
    given.newAxisMask,
    given.shrinkAxisMask,
  );
  const count = strides.map((stride, axis) => Math.max(0, Math.ceil((end[axis]! - begin[axis]!) / stride)));
  return { begin, count, strides, shape: finalShape };
}

/** Return where taking stops on each axis; negative: before the first entry. */
function endsOf({ begin, count, strides }: Omit<Stepped, "shape">): number[] {
  return begin.map((from, axis) => {
    const stride = strides[axis]!;
    return count[axis] === 0 ? from : from + (count[axis]! - 1) * stride + Math.sign(stride);
  });
}

/** Put zeros between the entries of each axis, so that from one to the next it is a step. */
function apart(x: tf.Tensor, steps: readonly number[]): tf.Tensor {
  if (steps.every((step) => step === 1)) return x;
  const single = x.shape.flatMap((length) => [length, 1]);
  const holes = steps.flatMap((step): [number, number][] => [
    [0, 0],
    [0, step - 1],
  ]);
  const lengths = x.shape.map((length, axis) => length * steps[axis]!);
  const whole = tf.reshape(tf.pad(tf.reshape(x, single), holes), lengths);
  const spans = lengths.map((length, axis) => length - steps[axis]! + 1);
  return tf.slice(
    whole,
    spans.map(() => 0),
    spans,
  );
}

/** Return which entry of an axis each entry of the padded one is; "reflect" leaves the outermost out. */
function mirrored(length: number, before: number, after: number, mode: string): number[] {
  const skip = mode === "reflect" ? 1 : 0;
  return Array.from({ length: before + length + after }, (_, k) => {
    const place = k - before;
    if (place < 0) return skip - 1 - place;
    return place < length ? place : 2 * length - 1 - skip - place;
  });
}

/** Add gradients of what was mirrored beside the borders of an axis to those of what it came from. */
function foldBorders(
  dy: tf.Tensor,
  axis: number,
  { length, before, after, mode }: { length: number; before: number; after: number; mode: string },
): tf.Tensor {
  if (before === 0 && after === 0) return dy;
  const skip = mode === "reflect" ? 1 : 0;
  const part = (begin: number, size: number) =>
    tf.slice(
      dy,
      dy.shape.map((_, k) => (k === axis ? begin : 0)),
      dy.shape.map((whole, k) => (k === axis ? size : whole)),
    );
  const placed = (border: tf.Tensor, start: number) =>
    tf.pad(
      tf.reverse(border, axis),
      dy.shape.map((_, k): [number, number] =>
        k === axis ? [start, length - start - border.shape[axis]!] : [0, 0],
      ),
    );
  const parts = [part(before, length)];
  if (before > 0) parts.push(placed(part(0, before), skip));
  if (after > 0) parts.push(placed(part(before + length, after), length - after - skip));
  return tf.addN(parts);
}

/** Return the shapes on the way from pictures to a batch of `blockShape` times as many smaller ones. */
function dealt(x: readonly number[], { blockShape, before, after }: Blocks) {
  const block = [...blockShape];
  const padded = x.map((length, axis) => length + (before[axis - 1] ?? 0) + (after[axis - 1] ?? 0));
  const cut = tf.backend_util.getReshaped(padded, block, sizeOf(block), false);
  return {
    padded,
    cut,
    perm: tf.backend_util.getPermuted(cut.length, block.length, false),
    flat: tf.backend_util.getReshapedPermuted(padded, block, sizeOf(block), false),
  };
}

/** Return the shapes on the way back. */
function gathered(x: readonly number[], { blockShape, before, after }: Blocks) {
  const block = [...blockShape];
  const cut = tf.backend_util.getReshaped([...x], block, sizeOf(block));
  const whole = tf.backend_util.getReshapedPermuted([...x], block, sizeOf(block));
  return {
    cut,
    perm: tf.backend_util.getPermuted(cut.length, block.length),
    whole,
    cropped: whole.map((length, axis) => length - (before[axis - 1] ?? 0) - (after[axis - 1] ?? 0)),
  };
}

/** Take pairs of numbers apart. */
function pairsOf(pairs: readonly (readonly [number, number])[]) {
  return { before: pairs.map(([before]) => before), after: pairs.map(([, after]) => after) };
}

function amountsOf(model: GraphModelBuilder, before: readonly number[], after: readonly number[]): Value {
  return model.integers(
    before.flatMap((start, axis) => [start, after[axis]!]),
    [before.length, 2],
  );
}
