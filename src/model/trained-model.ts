// A trained model: what it is, its numbers, and where they come from; as two files, weights and a description.
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import type { RunningStatisticsState } from "../math/running-statistics.js";
import { sha256 } from "../math/sha256.js";
import { UsageError } from "../math/usage-error.js";
import type { Model } from "./model.js";
import type { ModelWeights } from "./model-runner.js";
import {
  putParameters,
  putStatistics,
  type TensorsOfFile,
  takeParameters,
  takeStatistics,
} from "./model-tensors.js";
import { normalizerOfState } from "./normalizer.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

/** Where a model comes from, as plain data: version, what trained it, on what, by which seed, what it achieved. */
export type Provenance = Readonly<Record<string, unknown>> & {
  /** Version of armgym that trained it. */
  readonly version: string;
};

/** A model with all that training gave it. */
export interface TrainedModel {
  /** What was trained. */
  readonly model: Model;
  /** [model.layout.total] */
  readonly parameters: Float32Array;
  /** What inputs are standardised by, by the input's name. */
  readonly normalizers: Readonly<Record<string, RunningStatisticsState>>;
  /** What it was trained by and from. */
  readonly provenance: Provenance;
}

/** The two files of a trained model. */
export interface ModelFiles {
  /** safetensors: each parameter by its name, and of each standardised input `normalizer/<input>/mean`, `variance` and others. */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** JSON: inputs, outputs, memory, provenance, and the SHA-256 of the weights. */
  readonly description: string;
}

const output = z.object({
  shape: z.array(z.number().int().nonnegative()),
  isShared: z.boolean().optional(),
  entries: z.array(z.object({ name: z.string(), unit: z.string() })).optional(),
});
const input = output
  .omit({ isShared: true })
  .extend({ dtype: z.enum(["float32", "uint8", "int32"]).optional() });
const descriptionSchema = z.object({
  format: z.literal("armgym-model"),
  formatVersion: z.literal(1),
  inputs: z.record(z.string(), input),
  outputs: z.record(z.string(), output),
  taps: z.record(z.string(), output).optional(),
  memory: z.array(z.object({ name: z.string(), size: z.number().int().positive() })).optional(),
  /** Inputs that are standardised. */
  normalizers: z.array(z.string()),
  /** Of the file of weights, in hexadecimal. */
  sha256: z.string(),
  provenance: z.looseObject({ version: z.string() }),
});

/** Freeze what a trained model is run by; throws a UsageError where its statistics are damaged. */
export function modelWeights({
  parameters,
  normalizers,
}: Pick<TrainedModel, "parameters" | "normalizers">): ModelWeights {
  const frozen = Object.entries(normalizers).map(
    ([name, state]) => [name, normalizerOfState(state)] as const,
  );
  return { parameters, normalizers: Object.fromEntries(frozen) };
}

/** Turn a trained model into its two files. */
export async function encodeModel(trained: TrainedModel): Promise<ModelFiles> {
  const { model, parameters, normalizers, provenance } = trained;
  const tensors: TensorsOfFile = new Map();
  putParameters(tensors, "", parameters, model.layout.specs);
  for (const [name, state] of Object.entries(normalizers))
    putStatistics(tensors, `normalizer/${name}/`, state);
  const weights = encodeSafetensors(tensors, { format: "armgym-model" });
  const { inputs, outputs, taps, memory } = model;
  const description = {
    format: "armgym-model",
    formatVersion: 1,
    inputs,
    outputs,
    taps,
    memory,
    normalizers: Object.keys(normalizers),
    sha256: await sha256(weights),
    provenance,
  };
  return { weights, description: `${JSON.stringify(description, null, 2)}\n` };
}

/**
 * Restore a trained model from its two files, into the `model` that was trained.
 *
 * Throws a UsageError that names the file (`names`) and what is wrong where one is damaged, the two do not belong together, or they
 * are of a model with other inputs, outputs, memory or parameters.
 */
export async function decodeModel(
  model: Model,
  { weights, description }: { readonly weights: Uint8Array; readonly description: string },
  names: { readonly weights: string; readonly description: string },
): Promise<TrainedModel> {
  const described = parseDescription(description, names.description);
  if ((await sha256(new Uint8Array(weights))) !== described.sha256)
    throw new UsageError(
      `${names.weights} is not the file that ${names.description} describes: its SHA-256 differs. Write both again.`,
    );
  for (const [part, theirs, ours] of [
    ["inputs", portsOf(described.inputs), portsOf(model.inputs)],
    ["outputs", portsOf(described.outputs), portsOf(model.outputs)],
    ["memory", memoryOf(described.memory), memoryOf(model.memory)],
  ]) {
    if (theirs !== ours)
      throw new UsageError(
        `${names.description} describes a model with the ${part} ${theirs}, expected ${ours}. Load it into the model, and with the settings, that trained it.`,
      );
  }
  const { tensors } = decodeSafetensors(weights, names.weights);
  try {
    const states = described.normalizers.map((name) => {
      return [name, takeStatistics(tensors, `normalizer/${name}/`)] as const;
    });
    return {
      model,
      parameters: takeParameters(tensors, "", model.layout.specs),
      normalizers: Object.fromEntries(states),
      provenance: described.provenance,
    };
  } catch (error) {
    throw new UsageError(
      `${names.weights} does not fit the model: ${(error as Error).message}. Load it into the model, and with the settings, that trained it.`,
    );
  }
}

function parseDescription(text: string, file: string): z.infer<typeof descriptionSchema> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. Write it again.`);
  }
  const parsed = descriptionSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} describes no model: ${firstIssue(parsed.error)}. Write it again.`);
}

/** Name what goes in or out, with shapes: "reading [3], picture [1, 2, 1] uint8". */
function portsOf(
  ports: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype?: string | undefined }>>,
): string {
  return Object.entries(ports)
    .map(([name, { shape, dtype = "float32" }]) => {
      return `${name} [${shape.join(", ")}]${dtype === "float32" ? "" : ` ${dtype}`}`;
    })
    .join(", ");
}

function memoryOf(memory: Model["memory"] = []): string {
  return memory.map(({ name, size }) => `${name} [${size}]`).join(", ") || "none";
}
