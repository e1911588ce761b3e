// An exported policy: make its files, check them, run them.
import { z } from "zod";
import { emitOnnx } from "../compile/emit/onnx/emit-onnx.js";
import type { Arrays, CompiledFunction, Engine } from "../compile/engines/engine.js";
import type { Graph } from "../compile/graph/graph.js";
import type { TensorFunction } from "../compile/trace/trace.js";
import { clippedAction } from "../math/clipped-action.js";
import { UsageError } from "../math/usage-error.js";
import { fromBase64 } from "./base64.js";
import { policyGraph } from "./policy-graph.js";
import { type PolicyManifest, parseManifest } from "./policy-manifest.js";
import { requireFiniteAnswer, requireReadings } from "./readings.js";

/** The three files of a bundle. */
export interface PolicyBundle {
  /**
   * Input `obs` [1, O] raw observation, output `actions` [1, A] in physical units; normaliser and scaling inside. Of a
   * policy that reads images also `image`, uint8 [1, height, width, channels]; of a
   * policy with memory its parts as well, as policy.json lists them: for an LSTM `h_in`, `c_in`, `h_out`, `c_out`.
   */
  readonly policyOnnx: Uint8Array;
  /** The manifest: see `parseManifest`. */
  readonly policyJson: string;
  /** Observations and the physical commands that the trained policy gave for them. */
  readonly vectorsJson: string;
}

/** A policy that is ready to act, one step after another. */
export interface ExportedPolicy {
  /** What policy.json says: names, units, rates. */
  readonly manifest: PolicyManifest;
  /** Forget the episode so far: call it before the first step of each; needless where `manifest.memory` is absent. */
  reset(): void;
  /**
   * Return the command [A] for a raw observation [O], in the units of the manifest: what a robot's controller takes. A
   * policy that reads images needs the image as well, bytes [height, width, channels]. Rejects with a UsageError that names the
   * entry where one is not a finite number, and where the answer would not be finite.
   */
  command(observation: ArrayLike<number>, image?: Uint8Array): Promise<Float32Array>;
  /** Return the same as an action in [-1, 1] [A]: what an environment's `step` takes. */
  act(observation: ArrayLike<number>, image?: Uint8Array): Promise<Float32Array>;
  /** Make another one of the same loaded model, with a memory of its own, empty: for an episode beside this one. `dispose` lets both go. */
  fork(): ExportedPolicy;
  /** Run the golden vectors and reset; returns the greatest difference, relative to each action entry's scale. */
  verify(): Promise<number>;
  dispose(): Promise<void>;
}

/** Greatest difference between the exported and the trained policy, relative to the action entries' scales. */
const TOLERANCE = 1e-6;
/** The same with memory, in which differences build up over an episode. */
const MEMORY_TOLERANCE = 1e-5;

const vectorsSchema = z
  .array(
    z.object({
      obs: z.array(z.number()),
      /** Of a policy that reads images: the image's bytes in base64. */
      image: z.string().optional(),
      actions: z.array(z.number()),
      /** Whether an episode starts here, before which memory is emptied; older bundles say so of a start only. */
      isStart: z.boolean().optional(),
    }),
  )
  .min(1);

/** An observation and the physical commands that the trained policy gave for it, in the order of an episode's steps. */
export type GoldenVector = z.infer<typeof vectorsSchema>[number];

/**
 * Make a bundle of `policy` (obs -> actions, its constants captured) and check it.
 *
 * `examples` are observations with the actions that the trained policy gave, those of an episode in their order; the
 * exported graph, run by `engine`, must repeat them within 1e-6 (1e-5 with memory), else an Error is thrown. Returns the bundle and the greatest difference seen.
 */
export async function exportBundle(
  policy: TensorFunction,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
  engine: Engine,
): Promise<{ bundle: PolicyBundle; difference: number }> {
  return bundleOf(await policyGraph(policy, manifest, engine), manifest, examples, engine);
}

/** Do the same with what `policyGraph` gave for the policy. */
export async function bundleOf(
  graph: Graph,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
  engine: Engine,
): Promise<{ bundle: PolicyBundle; difference: number }> {
  const metadata = { armgym_policy: JSON.stringify(manifest) };
  const bundle = {
    policyOnnx: emitOnnx(graph, { metadata, simplified: true }),
    policyJson: `${JSON.stringify(manifest, null, 2)}\n`,
    vectorsJson: `${JSON.stringify(examples)}\n`,
  };
  const tolerance = manifest.memory ? MEMORY_TOLERANCE : TOLERANCE;
  const loaded = await loadBundle(bundle, engine);
  return { bundle, difference: await checkedDifference(loaded, "the exported policy", tolerance) };
}

/**
 * Return how far a policy is from the one that gave its golden vectors and dispose of it; throws an Error that names it, as `what`,
 * where it is farther than `tolerance`.
 */
export async function checkedDifference(
  policy: ExportedPolicy,
  what: string,
  tolerance: number,
): Promise<number> {
  const difference = await policy.verify();
  await policy.dispose();
  if (difference <= tolerance) return difference;
  throw new Error(`${what} differs from the trained one by ${difference}, allowed is ${tolerance}`);
}

/** Load a bundle; throws a UsageError where a file is damaged or the files do not belong together. */
export async function loadBundle(bundle: PolicyBundle, engine: Engine): Promise<ExportedPolicy> {
  const manifest = parseManifest(bundle.policyJson, "policy.json");
  const compiled = await engine.load(bundle.policyOnnx);
  const size = manifest.observation.length;
  if (compiled.inputs.obs?.shape[1] !== size) {
    const got = compiled.inputs.obs ? `takes ${compiled.inputs.obs.shape[1]} numbers` : 'has no input "obs"';
    throw new UsageError(
      `policy.onnx ${got}, policy.json lists ${size}. The files do not belong together; export again.`,
    );
  }
  requireImage(compiled, manifest);
  requireMemory(compiled, manifest);
  await requireOutputs(compiled, manifest);
  return runningPolicy(compiled, manifest, bundle.vectorsJson, "policy.onnx");
}

/** Return the policy that a loaded model is; `file` is what the model stands in. */
export function runningPolicy(
  compiled: CompiledFunction,
  manifest: PolicyManifest,
  vectorsJson: string,
  file: string,
): ExportedPolicy {
  let memory = emptyMemory(manifest);
  const reset = () => {
    memory = emptyMemory(manifest);
  };
  const command = async (observation: ArrayLike<number>, image?: Uint8Array) => {
    const outputs = await runPolicy(compiled, observation, image, memory, manifest);
    requireFiniteAnswer(outputs.actions!, manifest.action, file);
    memory = Object.fromEntries(
      (manifest.memory?.parts ?? []).map(({ input, output }) => [input, outputs[output]!]),
    );
    return outputs.actions as Float32Array;
  };
  return {
    manifest,
    reset,
    command,
    async act(observation, image) {
      const { action } = manifest;
      return (await command(observation, image)).map((value, k) => {
        return clippedAction((value - action[k]!.offset) / action[k]!.scale);
      });
    },
    async verify() {
      let worst = 0;
      reset();
      for (const { obs, image, actions, isStart } of parseVectors(vectorsJson, manifest)) {
        if (isStart) reset();
        const given = await command(obs, image === undefined ? undefined : fromBase64(image));
        for (const [k, wanted] of actions.entries()) {
          worst = Math.max(worst, Math.abs((given[k]! - wanted) / manifest.action[k]!.scale));
        }
      }
      reset();
      return worst;
    },
    fork: () => runningPolicy(compiled, manifest, vectorsJson, file),
    dispose: () => compiled.dispose(),
  };
}

async function runPolicy(
  compiled: CompiledFunction,
  observation: ArrayLike<number>,
  image: Uint8Array | undefined,
  memory: Arrays,
  { observation: entries, image: seen }: PolicyManifest,
): Promise<Arrays> {
  const obs = requireReadings(observation, entries);
  if (!seen) return compiled.run({ obs, ...memory });
  const { height, width, channels } = seen;
  if (image?.length !== height * width * channels) {
    throw new UsageError(
      `The policy needs an image of ${height} x ${width} x ${channels} bytes (height, width, channels) besides the observation; ` +
        `${image ? `${image.length} bytes were` : "none was"} given.`,
    );
  }
  return compiled.run({ obs, image, ...memory });
}

function emptyMemory({ memory }: PolicyManifest): Arrays {
  return Object.fromEntries((memory?.parts ?? []).map(({ input, size }) => [input, new Float32Array(size)]));
}

function requireImage({ inputs }: CompiledFunction, { image }: PolicyManifest): void {
  const taken = inputs.image?.shape.slice(1).join(" x ") ?? "none";
  const listed = image ? [image.height, image.width, image.channels].join(" x ") : "none";
  if (taken === listed) return;
  throw new UsageError(
    `policy.onnx takes the image ${taken}, policy.json lists ${listed}. The files do not belong together; export again.`,
  );
}

function requireMemory({ inputs }: CompiledFunction, { memory }: PolicyManifest): void {
  const listed = new Map((memory?.parts ?? []).map(({ input, size }) => [input, size]));
  const taken = Object.entries(inputs).filter(([name]) => name !== "obs" && name !== "image");
  const fits =
    taken.length === listed.size && taken.every(([name, { shape }]) => listed.get(name) === shape[1]);
  if (fits) return;
  const describe = (entries: Iterable<readonly [string, number | undefined]>) =>
    [...entries].map(([name, size]) => `${name} (${size})`).join(", ") || "none";
  throw new UsageError(
    `policy.onnx has the memory inputs ${describe(taken.map(([name, { shape }]) => [name, shape[1]]))}, ` +
      `policy.json lists ${describe(listed)}. The files do not belong together; export again.`,
  );
}

/** Try it once, on zeros: engines do not say how many numbers a file gives. */
async function requireOutputs(compiled: CompiledFunction, manifest: PolicyManifest): Promise<void> {
  const { observation, image, memory, action } = manifest;
  const blank = image && new Uint8Array(image.height * image.width * image.channels);
  const outputs = await runPolicy(
    compiled,
    new Float32Array(observation.length),
    blank,
    emptyMemory(manifest),
    manifest,
  );
  const listed = [
    ["actions", action.length] as const,
    ...(memory?.parts ?? []).map(({ output, size }) => [output, size] as const),
  ];
  for (const [name, size] of listed) {
    const given = outputs[name]?.length;
    if (given === size) continue;
    throw new UsageError(
      `policy.onnx gives ${given === undefined ? `no ${name}` : `${given} numbers of ${name}`}, policy.json lists ${size}. The files do not belong together; export again.`,
    );
  }
  requireFiniteAnswer(outputs.actions!, action, "policy.onnx");
}

function parseVectors(text: string, { observation, action, image }: PolicyManifest): GoldenVector[] {
  let vectors: GoldenVector[];
  try {
    vectors = vectorsSchema.parse(JSON.parse(text));
    for (const vector of vectors) if (vector.image !== undefined) fromBase64(vector.image);
  } catch {
    throw new UsageError("vectors.json is damaged. Export the policy again.");
  }
  const wrong = vectors.findIndex(
    ({ obs, actions, image: seen }) =>
      obs.length !== observation.length ||
      actions.length !== action.length ||
      (seen === undefined) !== (image === undefined),
  );
  if (wrong < 0) return vectors;
  throw new UsageError(
    `Vector ${wrong} of vectors.json is not of the size that policy.json lists. The files do not belong together; export again.`,
  );
}
