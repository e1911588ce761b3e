// The value of a Python expression of the subset that xacro files use. Nothing is run: names are looked up, operators are known ones.
import { type Expression, parseExpression } from "./parse-expression.js";
import { methodOf } from "./python-methods.js";
import {
  arithmetic,
  equals,
  isLess,
  isTrue,
  numeric,
  type PythonFunction,
  type PythonNamespace,
  repr,
  str,
  toWhole,
  typeName,
  type Value,
} from "./python-values.js";

/** Returns the value that a name stands for; undefined where there is none. */
export type Lookup = (name: string) => Value | undefined;

/** Evaluate `text`; throws an Error that says what is wrong with it, or what of Python is not known. */
export function evaluateExpression(text: string, lookup: Lookup): Value {
  return evaluate(parseExpression(text), lookup);
}

function evaluate(expression: Expression, lookup: Lookup): Value {
  const value = (part: Expression) => evaluate(part, lookup);
  switch (expression.type) {
    case "value":
      return expression.value;
    case "name": {
      const found = lookup(expression.name);
      if (found === undefined) throw new Error(`"${expression.name}" is not defined`);
      return found;
    }
    case "list":
      return expression.items.map(value);
    case "unary":
      return unary(expression.operator, value(expression.operand));
    case "binary":
      return binary(expression, lookup);
    case "comparison":
      return comparison(expression, lookup);
    case "choice":
      return value(isTrue(value(expression.condition)) ? expression.then : expression.otherwise);
    case "call": {
      const callee = value(expression.callee);
      if (!isFunction(callee)) throw new Error(`${typeName(callee)} cannot be called`);
      const named = new Map([...expression.named].map(([name, part]) => [name, value(part)]));
      return callee.call(expression.args.map(value), named);
    }
    case "index":
      return item(value(expression.of), value(expression.index));
    case "slice":
      return slice(
        value(expression.of),
        expression.from && value(expression.from),
        expression.to && value(expression.to),
      );
    case "attribute":
      return attribute(value(expression.of), expression.name);
  }
}

function binary(
  { operator, left, right }: Extract<Expression, { readonly type: "binary" }>,
  lookup: Lookup,
): Value {
  const first = evaluate(left, lookup);
  if (operator === "or" || operator === "and")
    return isTrue(first) === (operator === "or") ? first : evaluate(right, lookup);
  return arithmetic(operator, first, evaluate(right, lookup));
}

function comparison(
  { first, rest }: Extract<Expression, { readonly type: "comparison" }>,
  lookup: Lookup,
): boolean {
  let left = evaluate(first, lookup);
  return rest.every(({ operator, operand }) => {
    const right = evaluate(operand, lookup);
    const isTrueHere = holds(operator, left, right);
    left = right;
    return isTrueHere;
  });
}

function isFunction(value: Value): value is PythonFunction {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "function";
}

function isNamespace(value: Value): value is PythonNamespace {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "namespace";
}

function unary(operator: "-" | "+" | "not", operand: Value): Value {
  if (operator === "not") return !isTrue(operand);
  const number = numeric(operand);
  if (number === undefined) throw new Error(`${operator}${typeName(operand)} has no meaning`);
  return operator === "-" ? -number : number;
}

function holds(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case "==":
    case "is":
      return equals(left, right);
    case "!=":
    case "not is":
      return !equals(left, right);
    case "<":
      return isLess(left, right);
    case ">":
      return isLess(right, left);
    case "<=":
      return isLess(left, right) || equals(left, right);
    case ">=":
      return isLess(right, left) || equals(left, right);
    default:
      return contains(right, left) === (operator === "in");
  }
}

function contains(whole: Value, part: Value): boolean {
  if (typeof whole === "string") return whole.includes(str(part));
  if (Array.isArray(whole)) return whole.some((candidate) => equals(candidate, part));
  if (whole instanceof Map) return whole.has(part);
  throw new Error(`${typeName(whole)} holds nothing`);
}

function item(whole: Value, index: Value): Value {
  if (whole instanceof Map) {
    const found = whole.get(index);
    if (found !== undefined) return found;
    throw new Error(`there is no key ${repr(index)}; it has: ${[...whole.keys()].map(repr).join(", ")}`);
  }
  if (typeof whole !== "string" && !Array.isArray(whole)) throw new Error(`${typeName(whole)} has no items`);
  const at = Number(toWhole(index));
  const found = (whole as string | readonly Value[])[at < 0 ? at + whole.length : at];
  if (found === undefined) throw new Error(`there is no item ${at} among ${whole.length}`);
  return found;
}

function slice(whole: Value, from: Value | undefined, to: Value | undefined): Value {
  if (typeof whole !== "string" && !Array.isArray(whole)) throw new Error(`${typeName(whole)} has no items`);
  const limit = (value: Value | undefined) =>
    value === undefined || value === null ? undefined : Number(toWhole(value));
  return (whole as string | readonly Value[]).slice(limit(from), limit(to));
}

function attribute(of: Value, name: string): Value {
  if (isNamespace(of)) {
    const found = of.get(name);
    if (found !== undefined) return found;
    throw new Error(`"${name}" is not known there`);
  }
  const method = methodOf(of, name);
  if (method) return method;
  // keys of what YAML files hold are attributes too
  const found = of instanceof Map ? of.get(name) : undefined;
  if (found !== undefined) return found;
  throw new Error(`${typeName(of)} has no "${name}"`);
}
