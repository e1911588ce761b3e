// A policy as one document that a page can run and ask for its reasons.
import { z } from "zod";
import type { Arrays, CompiledFunction, Engine } from "../compile/engine.js";
import { UsageError } from "../math/usage-error.js";

const entrySchema = z.object({ name: z.string(), unit: z.string() });

/** The document, JSON: the graph and its constant inputs as base64. */
export const livePolicySchema = z.object({
  format: z.literal("armgym-live-policy"),
  formatVersion: z.literal(1),
  /** What it is called in a list. */
  title: z.string(),
  env: z.string(),
  agent: z.string(),
  robot: z.string(),
  controlMode: z.string(),
  /** Steps it was trained for. */
  steps: z.number(),
  successRate: z.number().nullable(),
  observation: z.array(entrySchema),
  action: z.array(entrySchema),
  /** ONNX graph of `explainedInference`. */
  graph: z.string(),
  /** float32 inputs of the graph that stay the same: parameters, observationMean, observationScale. */
  constants: z.record(z.string(), z.string()),
});

/** A live policy's document. */
export type LivePolicyDocument = z.infer<typeof livePolicySchema>;

/** What a policy says of one observation. */
export interface Said {
  /** Mean action, not clipped. [A] */
  readonly mean: Float32Array;
  readonly value: number;
  /** Gradient of each mean action entry with respect to the raw observation, row by row. [A, O] */
  readonly actionGradients: Float32Array;
  /** [O] */
  readonly valueGradient: Float32Array;
  /** What is remembered afterwards; empty for a policy without memory. */
  readonly memory: Arrays;
}

/** A live policy that is ready. */
export interface LivePolicy {
  readonly document: LivePolicyDocument;
  /** Where observations lie on average and how far they spread: mean and standard deviation. [O] */
  readonly typical: { readonly mean: Float32Array; readonly deviation: Float32Array };
  /** Whether it remembers anything from step to step. */
  readonly hasMemory: boolean;
  /** Ask about an observation [O]; `memory` is that of the step before, default that of an episode's start. */
  ask(observation: ArrayLike<number>, memory?: Arrays): Promise<Said>;
  dispose(): Promise<void>;
}

/** Make the document of a traced graph; `constants` are all inputs but `observations` and `memory`. */
export function livePolicyDocument(
  description: Omit<LivePolicyDocument, "format" | "formatVersion" | "graph" | "constants">,
  graph: Uint8Array,
  constants: Readonly<Record<string, Float32Array>>,
): LivePolicyDocument {
  const encoded = Object.entries(constants).map(
    ([name, { buffer, byteOffset, byteLength }]) =>
      [name, toBase64(new Uint8Array(buffer, byteOffset, byteLength))] as const,
  );
  return {
    format: "armgym-live-policy",
    formatVersion: 1,
    ...description,
    graph: toBase64(graph),
    constants: Object.fromEntries(encoded),
  };
}

/** Read a document; throws a UsageError that names `source` where it is none. */
export function parseLivePolicy(data: unknown, source: string): LivePolicyDocument {
  const parsed = livePolicySchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UsageError(
    `${source} is no live policy: ${issue.path.join(".") || "the document"}: ${issue.message}. Ask the viewer's server again.`,
  );
}

/** Load the graph of a document. */
export async function openLivePolicy(document: LivePolicyDocument, engine: Engine): Promise<LivePolicy> {
  const compiled = await engine.load(fromBase64(document.graph));
  const constants: Arrays = {};
  for (const [name, text] of Object.entries(document.constants)) {
    constants[name] = new Float32Array(fromBase64(text).buffer);
  }
  const { observationMean, observationScale } = constants as Record<string, Float32Array>;
  if (!observationMean || !observationScale)
    throw new UsageError(
      `The live policy ${document.title} lacks its observation statistics. Ask for it again.`,
    );
  return {
    document,
    hasMemory: compiled.inputs.memory !== undefined,
    typical: { mean: observationMean, deviation: observationScale.map((scale) => 1 / scale) },
    async ask(observation, memory = emptyMemory(compiled)) {
      const observations = Float32Array.from(observation);
      const outputs = await compiled.run({ ...constants, ...memory, observations });
      const { mean, value, actionGradients, valueGradient, nextMemory } = outputs as Record<
        string,
        Float32Array
      >;
      return {
        mean: mean!,
        value: value![0]!,
        actionGradients: actionGradients!,
        valueGradient: valueGradient!,
        memory: nextMemory ? { memory: nextMemory } : {},
      };
    },
    dispose: () => compiled.dispose(),
  };
}

function emptyMemory({ inputs }: CompiledFunction): Arrays {
  if (!inputs.memory) return {};
  return { memory: new Float32Array(inputs.memory.shape.reduce((size, length) => size * length, 1)) };
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  // in pieces: a call takes only so many parameters
  for (let start = 0; start < bytes.length; start += 32_768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
