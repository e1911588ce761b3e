// A policy as one document that a page can run and differentiate.
import { z } from "zod";
import type { Arrays, Engine } from "../compile/engines/engine.js";
import { firstIssue } from "../math/first-issue.js";
import { UsageError } from "../math/usage-error.js";
import { ModelRunner } from "../model/model-runner.js";
import type { Normalizer } from "../model/normalizer.js";
import { cameraDescriptionSchema } from "../scene/camera-description.js";
import { fromBase64, toBase64 } from "./base64.js";
import { requireFiniteAnswer, requireImageBytes, requireReadings } from "./readings.js";

const entrySchema = z.object({ name: z.string(), unit: z.string() });

/** The document, JSON: the graphs and their constant inputs as base64. */
export const livePolicySchema = z.object({
  format: z.literal("armgym-live-policy"),
  formatVersion: z.literal(3),
  /** What it is called in a list. */
  title: z.string(),
  env: z.string(),
  agent: z.string(),
  robot: z.string(),
  controlMode: z.string(),
  /** Steps it was trained for. */
  steps: z.number(),
  successRate: z.number().nullable(),
  /** What rewards were multiplied by in training; values are divided by it, so that they are sums of rewards. Default 1. */
  rewardScale: z.number().positive().optional(),
  observation: z.array(entrySchema),
  /** What only the critic reads, behind the observation; default nothing. */
  privileged: z.array(entrySchema).optional(),
  /** Entries of both, counted through, that the policy predicts; default none. */
  predicts: z.array(z.number().int().nonnegative()).optional(),
  /** Its cameras; absent for a policy that reads no images. */
  cameras: z.array(cameraDescriptionSchema).optional(),
  action: z.array(entrySchema),
  /** ONNX graph of the policy's outputs: the same bits as where episodes are recorded. */
  outputs: z.string(),
  /** ONNX graph of their gradients. */
  gradients: z.string(),
  /** float32 inputs of both graphs that stay the same: parameters, observation.mean, observation.scale. */
  constants: z.record(z.string(), z.string()),
});

/** A live policy's document. */
export type LivePolicyDocument = z.infer<typeof livePolicySchema>;

/** What is explained: an action entry by its index, or the value. */
export type Explained = number | "value";

/** What a policy takes at a step. */
export interface LiveObservation {
  /** The observation, and what only the critic reads behind it; without that there is no value. More is left out. */
  readonly observation: ArrayLike<number>;
  /** As the cameras draw it, of a policy that reads images. [height, width, channels] of 0 to 255 */
  readonly image?: ArrayLike<number>;
}

/** What a policy returns for one observation. */
export interface LivePrediction {
  /** Mean action, not clipped. [A] */
  readonly mean: Float32Array;
  /** Null where the critic was not given what it reads. */
  readonly value: number | null;
  /** What is remembered afterwards; empty for a policy without memory. */
  readonly memory: Arrays;
}

/** An output with its gradients. */
export interface OutputGradients {
  /** The mean action entry, not clipped, or the value. */
  readonly output: number;
  /** Its change per unit of each entry of the raw observation. [O] */
  readonly gradient: Float32Array;
  /** Its change per grey level of each byte of the image, in the image's order. */
  readonly imageGradient?: Float32Array;
  /** What the policy predicts besides, in the order of `predicts`. */
  readonly predicted?: Float32Array;
}

/** A live policy that is ready. */
export interface LivePolicy {
  readonly document: LivePolicyDocument;
  /** Where observations lie on average and how far they spread: mean and standard deviation. [O] */
  readonly typical: { readonly mean: Float32Array; readonly deviation: Float32Array };
  /** Whether it remembers anything from step to step. */
  readonly hasMemory: boolean;
  /** Compute the action; rejects with a UsageError that names the entry where one is no finite number. `memory` is that of the step before, default that of an episode's start. */
  predict(observed: LiveObservation, memory?: Arrays): Promise<LivePrediction>;
  /** Differentiate one output with respect to what it takes. */
  gradients(observed: LiveObservation, explained: Explained, memory?: Arrays): Promise<OutputGradients>;
  dispose(): Promise<void>;
}

/** Make the document of the traced graphs; `constants` are their inputs that stay the same. */
export function livePolicyDocument(
  description: Omit<LivePolicyDocument, "format" | "formatVersion" | "outputs" | "gradients" | "constants">,
  graphs: { readonly outputs: Uint8Array; readonly gradients: Uint8Array },
  constants: Readonly<Record<string, Float32Array>>,
): LivePolicyDocument {
  const encoded = Object.entries(constants).map(
    ([name, { buffer, byteOffset, byteLength }]) =>
      [name, toBase64(new Uint8Array(buffer, byteOffset, byteLength))] as const,
  );
  return {
    format: "armgym-live-policy",
    formatVersion: 3,
    ...description,
    outputs: toBase64(graphs.outputs),
    gradients: toBase64(graphs.gradients),
    constants: Object.fromEntries(encoded),
  };
}

/** Read a document; throws a UsageError that names `source` where it is none. */
export function parseLivePolicy(data: unknown, source: string): LivePolicyDocument {
  const parsed = livePolicySchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${source} is no live policy: ${firstIssue(parsed.error, "the document")}. Ask the viewer's server again.`,
  );
}

/** Load the graphs of a document. */
export async function openLivePolicy(document: LivePolicyDocument, engine: Engine): Promise<LivePolicy> {
  const runner = new ModelRunner(
    await engine.load(fromBase64(document.outputs)),
    await engine.load(fromBase64(document.gradients)),
  );
  const { rewardScale = 1, predicts = [] } = document;
  const { parameters, "observation.mean": mean, "observation.scale": scale } = constantsOf(document);
  const entries = [...document.observation, ...(document.privileged ?? [])];
  if (!parameters || mean?.length !== entries.length || scale?.length !== entries.length)
    throw new UsageError(
      `The live policy ${document.title} lacks its observation statistics. Ask for it again.`,
    );
  runner.load({ parameters, normalizers: { observation: { mean, scale } } });
  const inputsOf = ({ observation, image }: LiveObservation, bytes: boolean): Arrays => {
    // what only the critic reads may be missing: actions do not hang on it
    const read = mean.slice();
    const known = Array.from(observation ?? []).slice(0, entries.length);
    read.set(requireReadings(known, entries, document.observation.length));
    if (!runner.inputs.image) return { observation: read };
    if (!image) throw new UsageError(`The policy ${document.title} reads camera images; there is no image.`);
    requireImageBytes(image);
    return { observation: read, image: bytes ? Uint8Array.from(image) : Float32Array.from(image) };
  };
  return {
    document,
    hasMemory: runner.memory !== undefined,
    typical: { mean, deviation: scale.map((factor) => 1 / factor) },
    async predict(observed, memory) {
      const inputs = inputsOf(observed, true);
      runner.remember(memory?.memory as Float32Array | undefined);
      const outputs = (await runner.predict(inputs)) as Record<string, Float32Array>;
      const { "memory.next": next } = outputs;
      requireFiniteAnswer(outputs.mean!, document.action, `The live policy ${document.title}`);
      return {
        mean: outputs.mean!,
        value: observed.observation.length < mean.length ? null : outputs.value![0]! / rewardScale,
        memory: next ? { memory: next } : {},
      };
    },
    async gradients(observed, explained, memory) {
      const inputs = inputsOf(observed, false);
      runner.remember(memory?.memory as Float32Array | undefined);
      const weights = {
        mean: Float32Array.from(document.action, (_, entry) => (entry === explained ? 1 : 0)),
        value: Float32Array.of(explained === "value" ? 1 / rewardScale : 0),
      };
      const outputs = (await runner.gradients(inputs, weights)) as Record<string, Float32Array>;
      const {
        output,
        "observation.gradient": gradient,
        "image.gradient": imageGradient,
        predicted,
      } = outputs;
      return {
        output: output![0]!,
        gradient: gradient!,
        ...(imageGradient ? { imageGradient } : {}),
        ...(predicted ? { predicted: inUnits(predicted, predicts, { mean, scale }) } : {}),
      };
    },
    dispose: () => runner.dispose(),
  };
}

function constantsOf({ title, constants }: LivePolicyDocument): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(constants).map(([name, text]) => {
      try {
        return [name, new Float32Array(fromBase64(text).buffer)];
      } catch {
        throw new UsageError(`The live policy ${title} is damaged: constants.${name}. Ask for it again.`);
      }
    }),
  );
}

/** Undo the standardisation of the entries `predicts`, with float32's rounding. */
function inUnits(
  predicted: Float32Array,
  predicts: readonly number[],
  { mean, scale }: Normalizer,
): Float32Array {
  return predicted.map((value, k) => Math.fround(value / scale[predicts[k]!]!) + mean[predicts[k]!]!);
}
