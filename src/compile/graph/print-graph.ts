// Write a graph so that a developer of networks can read it.

import { sizeOf } from "../../math/shape.js";
import type { AttributeValue, Constant, Graph, GraphNode, TensorType, TensorValues } from "./graph.js";

/** Constants of at most this many numbers are written whole. */
const MOST_WRITTEN = 6;
/** Digits of a number that is not whole. */
const DIGITS = 5;

/**
 * Write a graph, a tensor a line: inputs, constants, nodes in the order in which they are computed, outputs.
 *
 * A node is `name: Operation(inputs) {attributes} -> type[shape]`. A long constant is summarised by its range, mean and standard
 * deviation. Names that begin with "~" are the graph's own.
 */
export function printGraph({ inputs, constants, nodes, outputs }: Graph): string {
  const lines = [
    ...inputs.map((input) => `${input.name}: input -> ${typeText(input)}`),
    ...constants.map(constantText),
    ...nodes.map(nodeText),
    ...outputs.map(({ name, value }) => `${name}: output = ${value}`),
    totals(constants, nodes),
  ];
  return `${lines.join("\n")}\n`;
}

function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(", ")}]`;
}

function constantText(constant: Constant): string {
  return `${constant.name}: constant ${valuesText(constant.values)} -> ${typeText(constant)}`;
}

function valuesText(values: TensorValues): string {
  if (values.length <= MOST_WRITTEN) return `[${Array.from(values, numberText).join(", ")}]`;
  const [least, greatest] = [extreme(values, Math.min), extreme(values, Math.max)];
  if (least === greatest) return `all ${numberText(least)}`;
  const numbers = Float64Array.from(values);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  return `${numberText(least)} to ${numberText(greatest)}, mean ${numberText(mean)}, std ${numberText(Math.sqrt(variance))}`;
}

/** A list spread into arguments has a limit. */
function extreme(values: TensorValues, pick: (a: number, b: number) => number): number {
  return Array.from(values).reduce((a, b) => pick(a, b));
}

function nodeText({ operation, inputs, attributes, outputs }: GraphNode): string {
  const names = outputs.map(({ name }) => name).join(", ");
  const settings = Object.entries(attributes).map(([name, value]) => `${name}: ${attributeText(value)}`);
  const braces = settings.length > 0 ? ` {${settings.join(", ")}}` : "";
  return `${names}: ${operation}(${inputs.join(", ")})${braces} -> ${outputs.map(typeText).join(", ")}`;
}

function attributeText(value: AttributeValue): string {
  if (typeof value === "object") return `[${value.map(numberText).join(", ")}]`;
  return typeof value === "number" ? numberText(value) : String(value);
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS)));
}

function totals(constants: readonly Constant[], nodes: readonly GraphNode[]): string {
  const numbers = constants.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return `${count(nodes.length, "node")}, ${count(constants.length, "constant")} of ${count(numbers, "number")}`;
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? "" : "s"}`;
}
