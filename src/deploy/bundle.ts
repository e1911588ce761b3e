// An exported policy: make its files, check them, run them.
import { z } from "zod";
import type { CompiledFunction, Engine } from "../compile/engine.js";
import { type TensorFunction, traceToOnnx } from "../compile/trace.js";
import { UsageError } from "../math/usage-error.js";
import { type PolicyManifest, parseManifest } from "./policy-manifest.js";

/** The three files of a bundle. */
export interface PolicyBundle {
  /** Input `obs` [1, O] raw observation, output `actions` [1, A] in physical units; normaliser and scaling inside. */
  readonly policyOnnx: Uint8Array;
  readonly policyJson: string;
  /** Observations and the physical commands that the trained policy gave for them. */
  readonly vectorsJson: string;
}

/** A policy that is ready to act. */
export interface ExportedPolicy {
  readonly manifest: PolicyManifest;
  /** Return the command [A] for a raw observation [O], in the units of the manifest: what a robot's controller takes. */
  command(observation: ArrayLike<number>): Promise<Float32Array>;
  /** Return the same as an action in [-1, 1] [A]: what an environment's `step` takes. */
  act(observation: ArrayLike<number>): Promise<Float32Array>;
  /** Run the golden vectors; returns the greatest difference, relative to each action entry's scale. */
  verify(): Promise<number>;
  dispose(): Promise<void>;
}

/** Greatest difference between the exported and the trained policy, relative to the action entries' scales. */
const TOLERANCE = 1e-6;

const vectorsSchema = z.array(z.object({ obs: z.array(z.number()), actions: z.array(z.number()) })).min(1);

/**
 * Make a bundle of `policy` (obs -> actions, its constants captured) and check it.
 *
 * `examples` are observations with the actions that the trained policy gave; the exported graph, run by `engine`, must
 * repeat them within 1e-6, else an Error is thrown. Returns the bundle and the greatest difference seen.
 */
export async function exportBundle(
  policy: TensorFunction,
  manifest: PolicyManifest,
  examples: readonly { readonly obs: readonly number[]; readonly actions: readonly number[] }[],
  engine: Engine,
): Promise<{ bundle: PolicyBundle; difference: number }> {
  const metadata = { armgym_policy: JSON.stringify(manifest) };
  const bundle = {
    policyOnnx: traceToOnnx(policy, { obs: { shape: [1, manifest.observation.length] } }, metadata),
    policyJson: `${JSON.stringify(manifest, null, 2)}\n`,
    vectorsJson: `${JSON.stringify(examples)}\n`,
  };
  const loaded = await loadBundle(bundle, engine);
  const difference = await loaded.verify();
  await loaded.dispose();
  if (!(difference <= TOLERANCE)) {
    throw new Error(
      `the exported policy differs from the trained one by ${difference}, allowed is ${TOLERANCE}`,
    );
  }
  return { bundle, difference };
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
  const command = (observation: ArrayLike<number>) => runPolicy(compiled, observation, manifest);
  return {
    manifest,
    command,
    async act(observation) {
      const { action } = manifest;
      return (await command(observation)).map((value, k) => {
        return Math.max(-1, Math.min(1, (value - action[k]!.offset) / action[k]!.scale));
      });
    },
    async verify() {
      let worst = 0;
      for (const { obs, actions } of parseVectors(bundle.vectorsJson)) {
        const given = await command(obs);
        for (const [k, wanted] of actions.entries()) {
          worst = Math.max(worst, Math.abs((given[k]! - wanted) / manifest.action[k]!.scale));
        }
      }
      return worst;
    },
    dispose: () => compiled.dispose(),
  };
}

async function runPolicy(
  compiled: CompiledFunction,
  observation: ArrayLike<number>,
  { observation: entries }: PolicyManifest,
): Promise<Float32Array> {
  if (observation.length !== entries.length) {
    throw new UsageError(
      `The observation has ${observation.length} entries, the policy needs ${entries.length}.`,
    );
  }
  const { actions } = await compiled.run({ obs: Float32Array.from(observation) });
  return actions as Float32Array;
}

function parseVectors(text: string): z.infer<typeof vectorsSchema> {
  try {
    return vectorsSchema.parse(JSON.parse(text));
  } catch {
    throw new UsageError("vectors.json is damaged. Export the policy again.");
  }
}
