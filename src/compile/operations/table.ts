// Every operation that can be compiled. operation.ts says how to add one.
import { ACTIVATIONS } from "./activation.js";
import { ANGLES } from "./angle.js";
import { ARITHMETIC, COMPARISONS } from "./arithmetic.js";
import { CONVERSIONS } from "./conversion.js";
import { CONVOLUTIONS } from "./convolution.js";
import { CUMULATIONS } from "./cumulative.js";
import { DEPTHWISE_CONVOLUTIONS } from "./depthwise.js";
import { DIVISIONS } from "./division.js";
import { EINSUMS } from "./einsum.js";
import { INDEXINGS } from "./indexing.js";
import { JOININGS } from "./joining.js";
import { MOVEMENTS } from "./movement.js";
import { NORMALIZATIONS } from "./normalization.js";
import type { Operations } from "./operation.js";
import { ORDERINGS } from "./ordering.js";
import { POOLINGS } from "./pooling.js";
import { PRODUCTS } from "./product.js";
import { REDUCTIONS } from "./reduction.js";
import { REORDERINGS } from "./reordering.js";
import { RESIZINGS } from "./resizing.js";
import { UNARY } from "./unary.js";

/** Entries by the names of their kernels in TensorFlow.js. */
export const OPERATIONS: Operations = {
  ...ARITHMETIC,
  ...COMPARISONS,
  ...UNARY,
  ...ACTIVATIONS,
  ...ANGLES,
  ...DIVISIONS,
  ...CONVERSIONS,
  ...MOVEMENTS,
  ...JOININGS,
  ...REDUCTIONS,
  ...CUMULATIONS,
  ...ORDERINGS,
  ...INDEXINGS,
  ...PRODUCTS,
  ...EINSUMS,
  ...CONVOLUTIONS,
  ...DEPTHWISE_CONVOLUTIONS,
  ...POOLINGS,
  ...NORMALIZATIONS,
  ...RESIZINGS,
  ...REORDERINGS,
};

/** Names of all operations, sorted. */
export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS).sort((a, b) => (a < b ? -1 : 1));
