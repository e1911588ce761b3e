// One or more cases per operation that can be compiled: random shapes, every attribute.
import { DEPTHWISE_CASES } from "./cases/depthwise.js";
import type { Cases } from "./cases/draw.js";
import { INDEX_CASES } from "./cases/indexing.js";
import { MOVEMENT_CASES } from "./cases/movement.js";
import { NORMALIZATION_CASES } from "./cases/normalization.js";
import { ORDER_CASES } from "./cases/ordering.js";
import { POINTWISE_CASES } from "./cases/pointwise.js";
import { REDUCTION_CASES } from "./cases/reduction.js";
import { REORDERING_CASES } from "./cases/reordering.js";
import { RESIZING_CASES } from "./cases/resizing.js";
import { WINDOW_CASES } from "./cases/window.js";

/** By kernel. */
export const OPERATION_CASES: Cases = {
  ...ORDER_CASES,
  ...POINTWISE_CASES,
  ...INDEX_CASES,
  ...MOVEMENT_CASES,
  ...REDUCTION_CASES,
  ...WINDOW_CASES,
  ...DEPTHWISE_CASES,
  ...NORMALIZATION_CASES,
  ...RESIZING_CASES,
  ...REORDERING_CASES,
};
