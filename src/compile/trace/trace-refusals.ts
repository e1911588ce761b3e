// What cannot be traced, because a graph would repeat it for ever: values, random numbers, variables.
import * as tf from "@tensorflow/tfjs-core";

/** Thrown where the traced function asks for what only exists when the graph runs, or changes from run to run. */
export class TraceRefusal extends Error {
  readonly kind: "value" | "random" | "variable" | "type";
  /** The operation, the variable or the type that is meant. */
  readonly detail: string;

  constructor(kind: TraceRefusal["kind"], detail = "") {
    super(`the function cannot be traced: ${kind} ${detail}`);
    this.kind = kind;
    this.detail = detail;
  }
}

/** Thrown where an operation has an attribute, or tensors of a type, that its entry of the table would get wrong. */
export class NotCompilableError extends Error {
  readonly kernel: string;
  /** Goes on from "Conv2D cannot be compiled". */
  readonly reason: string;

  constructor(kernel: string, reason: string) {
    super(`${kernel} cannot be compiled ${reason}`);
    this.kernel = kernel;
    this.reason = reason;
  }
}

/** TensorFlow.js draws their numbers itself and hands over what looks like a constant. */
const RANDOM_OPERATIONS = [
  ...["dropout", "multinomial", "rand", "randomGamma", "randomNormal"],
  ...["randomStandardNormal", "randomUniform", "randomUniformInt", "truncatedNormal"],
];

/** Throw a TraceRefusal while an operation that draws random numbers is running. */
export function refuseRandomNumbers(): void {
  // TensorFlow.js opens a scope named after each operation
  const running = tf.engine().state.scopeStack.map(({ name }) => name.replace(/__op$/, ""));
  const random = running.find((name) => RANDOM_OPERATIONS.includes(name));
  if (random !== undefined) throw new TraceRefusal("random", random);
}

/** Return the name of the variable that holds the data, if one does. */
export function variableOf(dataId: object): string | undefined {
  const variables = tf.engine().registeredVariables;
  for (const name in variables) if (variables[name]!.dataId === dataId) return name;
  return undefined;
}

/** Say what is wrong with the traced function, in its author's terms; undefined for what we know nothing of. */
export function explainRefusal(error: Error, supported: readonly string[]): string | undefined {
  const place = callerIn(error.stack ?? "");
  const caller = place ? `, called at ${place},` : "";
  const at = place ? ` at ${place}` : "";
  if (error instanceof NotCompilableError)
    return `The TensorFlow.js operation "${error.kernel}"${caller} cannot be compiled ${error.reason}.`;
  if (error instanceof TraceRefusal) return REASONS[error.kind](error.detail, at);
  const flat = /gradient function not found for (\w+)/.exec(error.message)?.[1];
  if (flat !== undefined)
    return `The TensorFlow.js operation "${flat}"${caller} has no gradient here: keep it out of what is differentiated.`;
  const kernel = /kernel '(\w+)'/i.exec(error.message)?.[1];
  if (kernel === undefined) return undefined;
  if (kernel === "Multinomial") return REASONS.random("multinomial", at);
  return `The TensorFlow.js operation "${kernel}"${caller} cannot be compiled. Supported are: ${supported.join(", ")}.`;
}

const REASONS: Record<TraceRefusal["kind"], (detail: string, at: string) => string> = {
  value: (_, at) =>
    `The traced function reads a tensor's value (dataSync, data or arraySync)${at}. While it is traced there ` +
    "are no values yet: compute with tensor operations only, for example tf.where instead of if.",
  random: (operation, at) =>
    `The traced function draws random numbers (tf.${operation})${at}. They would be drawn once, when it is ` +
    "compiled, and be the same in every run: draw them outside and hand them in as an input, for example as a mask.",
  variable: (name, at) =>
    `The traced function uses the variable "${name}"${at}, whose value would stay what it is now. Hand it in as an ` +
    "input, and return what it is to become as an output.",
  type: (dtype, at) =>
    `The traced function uses a tensor of type ${dtype}${at}. Types that can be compiled are: float32, int32, bool.`,
};

/** Say that the function is not the same at every call; `stack` is where it first differs. */
export function explainChange(stack: string): string {
  const place = callerIn(stack);
  return (
    `The traced function is not the same each time it is called: something${place ? ` at ${place}` : ""} depends on more than its ` +
    "inputs, for example on Math.random, the time or a counter. Compiled, it would stay as it was at first: hand what " +
    "changes in as an input."
  );
}

/** Name the first place in a stack that is neither in TensorFlow.js nor in the tracer. */
function callerIn(stack: string): string | undefined {
  const places = stack.split("\n").flatMap((line) => {
    const place = /^\s*at .*?\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(line)?.[1];
    return place === undefined ? [] : [place];
  });
  const ours = /node_modules|src[\\/]compile[\\/]|node:internal/;
  return places.find((place) => !ours.test(place));
}
