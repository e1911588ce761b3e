// Sums of products, by the names of the axes.
import * as tf from "@tensorflow/tfjs-core";
import { transpose } from "../emit/onnx/layout.js";
import type { TensorType } from "../graph/graph.js";
import { reducedShape } from "../graph/shapes.js";
import { graphModelNode, type Operations, operation } from "./operation.js";
import { floatOnly } from "./unary.js";

type Einsum = { readonly equation: string };

/**
 * `tf.einsum` of one or two tensors, as "bij,bjk->bik".
 *
 * TensorFlow.js itself gives other numbers or shapes where an axis that is summed belongs to one of two tensors alone
 * ("ij,k->ik"); compiled, the sums are right.
 */
export const EINSUMS: Operations = {
  Einsum: operation<Einsum>({
    inputs: "list",
    accepts: { equation: "any" },
    attributes: (_, { equation }) => ({ equation: equation.replace(/\s/g, "") }),
    refuse: (inputs, { equation }) => floatOnly(inputs) ?? refuseEquation(inputs, equation),
    shape: (inputs, { equation }) => {
      const { terms, result } = partsOf(equation);
      const lengths = new Map(
        terms.flatMap((term, k) => [...term].map((axis, i) => [axis, inputs[k]!.shape[i]!])),
      );
      return { dtype: "float32", shape: [...result].map((axis) => lengths.get(axis)!) };
    },
    onnx: (onnx, inputs, { equation }, [output]) => {
      if (inputs.length === 2) return onnx.node("Einsum", inputs, output!.shape, "float32", { equation });
      // of one tensor, sums and another order: views know what to do with these
      const { terms, result } = partsOf(equation);
      const summed = [...terms[0]!].flatMap((axis, k) => (result.includes(axis) ? [] : [k]));
      const kept = [...terms[0]!].filter((axis) => result.includes(axis));
      const shape = reducedShape(inputs[0]!.shape, summed, false);
      const sums =
        summed.length > 0
          ? onnx.node("ReduceSum", [inputs[0]!, onnx.integers(summed)], shape, "float32", { keepdims: 0 })
          : inputs[0]!;
      return transpose(
        onnx,
        sums,
        [...result].map((axis) => kept.indexOf(axis)),
      );
    },
    graphModel: graphModelNode("Einsum", ({ equation }, inputs) => ({ equation, N: inputs.length })),
    gradient: {
      saves: { saveAllInputs: true },
      rule: (dy, inputs, { equation }) => {
        const { terms, result } = partsOf(equation.replace(/\s/g, ""));
        const slope = (k: number) => {
          const [wanted, x] = [terms[k]!, inputs[k]!];
          const [other, factor] = [terms[1 - k], inputs[1 - k]];
          const known = [...wanted].filter((axis) => result.includes(axis) || other?.includes(axis)).join("");
          const shape = [...wanted].map((axis, i) => (known.includes(axis) ? x.shape[i]! : 1));
          const part = tf.reshape(productOf(dy, result, factor, other, known), shape);
          // an axis that is summed in x alone
          return tf.mul(part, tf.ones(x.shape));
        };
        return Object.fromEntries(inputs.map((_, k) => [k, () => slope(k)]));
      },
    },
  }),
};

/** Return the sum of products of `dy`, whose axes are `result`, and `factor`, if there is one. */
function productOf(
  dy: tf.Tensor,
  result: string,
  factor: tf.Tensor | undefined,
  term: string | undefined,
  wanted: string,
): tf.Tensor {
  if (factor === undefined || term === undefined)
    return result === wanted ? dy : tf.einsum(`${result}->${wanted}`, dy);
  // a term without axes is a factor of all
  if (result === "") return tf.mul(dy, term === wanted ? factor : tf.einsum(`${term}->${wanted}`, factor));
  if (term === "") return tf.mul(factor, result === wanted ? dy : tf.einsum(`${result}->${wanted}`, dy));
  return tf.einsum(`${result},${term}->${wanted}`, dy, factor);
}

function partsOf(equation: string): { terms: readonly string[]; result: string } {
  const [left, result] = equation.split("->") as [string, string];
  return { terms: left.split(","), result };
}

function refuseEquation(inputs: readonly TensorType[], equation: string): string | undefined {
  const said = `with equation "${equation}"`;
  if (!/^[A-Za-z]*(,[A-Za-z]*)?->[A-Za-z]*$/.test(equation))
    return `${said}; it can with those of one or two terms of letters, "->" and the letters of the result`;
  const { terms, result } = partsOf(equation);
  if (terms.length !== inputs.length) return `${said} for ${inputs.length} tensors`;
  for (const term of [...terms, result]) {
    if (new Set(term).size < term.length) return `${said}: an axis stands twice in "${term}"`;
  }
  const unknown = [...result].find((axis) => !terms.some((term) => term.includes(axis)));
  if (unknown !== undefined) return `${said}: no term has the axis "${unknown}" of the result`;
  return refuseShapes(inputs, terms, said);
}

function refuseShapes(
  inputs: readonly TensorType[],
  terms: readonly string[],
  said: string,
): string | undefined {
  const lengths = new Map<string, number>();
  for (const [k, term] of terms.entries()) {
    const { shape } = inputs[k]!;
    if (shape.length !== term.length) return `${said}: "${term}" is of shape [${shape.join(", ")}]`;
    for (const [i, axis] of [...term].entries()) {
      const length = lengths.get(axis) ?? shape[i]!;
      if (length !== shape[i]) return `${said}: the axis "${axis}" is of length ${length} and ${shape[i]}`;
      lengths.set(axis, length);
    }
  }
  return undefined;
}
