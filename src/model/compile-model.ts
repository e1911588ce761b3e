// Compile a model for an engine.
import type { Engine } from "../compile/engines/engine.js";
import { traceToOnnx } from "../compile/trace-to-onnx.js";
import type { Model } from "./model.js";
import { gradientFunction, gradientInputs, modelFunction, modelInputs } from "./model-function.js";
import { ModelRunner } from "./model-runner.js";

/** How a model is to be run. */
export interface CompileOptions {
  /** Rows that are computed at once; default 1. */
  readonly rows?: number;
  /** Inputs that are standardised by the weights' normalisers; default none. */
  readonly normalized?: readonly string[];
  /** Inner activations that `predict` gives besides the outputs; default none. */
  readonly taps?: readonly string[];
  /** Whether `gradients` is to work; default false. */
  readonly gradients?: boolean;
  /** Taps that `gradients` gives the gradient with respect to, too: activations on the way to the outputs; default none. */
  readonly tapGradients?: readonly string[];
}

/** Compile `model`; give the runner weights before it predicts. */
export async function compileModel(
  model: Model,
  engine: Engine,
  { rows = 1, normalized = [], taps = [], gradients = false, tapGradients = [] }: CompileOptions = {},
): Promise<ModelRunner> {
  const part = { rows, normalized };
  const compiled = await engine.compile(modelFunction(model, part, taps), modelInputs(model, part));
  if (!gradients) return new ModelRunner(compiled);
  const differentiated = await engine.compile(
    gradientFunction(model, part, tapGradients),
    gradientInputs(model, part),
  );
  return new ModelRunner(compiled, differentiated);
}

/** Trace `model` for one row into what `new ModelRunner` takes, once an engine has loaded it: its outputs, and their gradients. */
export function modelGraphs(
  model: Model,
  { normalized = [] }: Pick<CompileOptions, "normalized"> = {},
): { readonly outputs: Uint8Array; readonly gradients: Uint8Array } {
  const part = { rows: 1, normalized };
  return {
    outputs: traceToOnnx(modelFunction(model, part), modelInputs(model, part)),
    gradients: traceToOnnx(gradientFunction(model, part), gradientInputs(model, part)),
  };
}
