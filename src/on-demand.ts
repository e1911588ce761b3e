// Parts of the public API that load what they need when they are first called: TensorFlow.js, zod's schemas of files, MCAP and the
// engines take three times as long to load as an environment, which every rollout worker and every command does.
import type { Engine, EngineName } from "./compile/engines/engine.js";
import type { TensorFunction } from "./compile/trace/trace.js";
import type { PlainSettings } from "./data/data-source.js";
import type { DataSplits } from "./data/dataset.js";
import type { ExportedPolicy, GoldenVector, PolicyBundle } from "./deploy/bundle.js";
import type { PolicyManifest } from "./deploy/policy-manifest.js";
import type { EvaluatePredictorOptions } from "./learn/evaluate-predictor.js";
import type { FitOptions, Fitted } from "./learn/fit-definition.js";
import type { PredictorDefinition } from "./learn/predictor.js";
import type { PredictorReport } from "./learn/predictor-report.js";
import type { EpisodeRecording } from "./recording/recording.js";
import type { EvaluationSummary } from "./rl/evaluate.js";
import type { EvaluatePolicyOptions } from "./rl/evaluate-policy.js";
import type { Pretraining, PretrainingOptions } from "./rl/pretraining/encoder-pretraining.js";
import type { TrainOptions } from "./rl/training-options.js";
import type { TrainResult } from "./rl/training-report.js";
import type { ConnectPolicyOptions, PolicyConnection } from "./serve/policy/policy-client.js";

/**
 * Train until `totalSteps`, a callback, the signal, or what validation decides; the same options give the same bits.
 *
 * @throws UsageError for what does not fit together; DivergenceError where a loss or a parameter is no longer finite.
 * @example
 * const { policy } = await train({ env: envs["Reach-v1"], agent: agents["ppo-mlp"], seed: 1 });
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const trainer = await import("./rl/trainer.js");
  return trainer.train(options);
}

/**
 * Play episodes by the policy's mean, one per seed, and sum them up; success is that of the last step.
 *
 * @throws UsageError for an option out of its range, and for a policy that was trained for another agent or environment.
 * @example
 * const { successRate, successInterval } = await evaluatePolicy({ env, agent, policy, episodes: 40 });
 */
export async function evaluatePolicy(options: EvaluatePolicyOptions): Promise<EvaluationSummary> {
  const evaluation = await import("./rl/evaluate-policy.js");
  return evaluation.evaluatePolicy(options);
}

/**
 * Fit a predictor to data until its epochs are done, patience runs out, a callback or the signal ends it; the same options give the
 * same bits, in a piece or from the state of a fit that was stopped.
 *
 * @throws UsageError for settings out of range and data that the predictor cannot learn from; DivergenceError where a loss or a
 * parameter is no longer finite.
 * @example
 * const { trained, history } = await fit(predictor, splits, { seed: 1, settings: { epochs: 5 } });
 */
export async function fit<Own extends PlainSettings>(
  predictor: PredictorDefinition<Own>,
  splits: Pick<DataSplits, "train" | "validation">,
  options: FitOptions<Own> = {},
): Promise<Fitted> {
  const fits = await import("./learn/fit-definition.js");
  return fits.fitDefinition(predictor, splits, options);
}

/**
 * Evaluate a predictor on all rows of a data set: its loss, metrics by objective, the loss of each row, and what it predicts where
 * that is asked for.
 *
 * @throws UsageError where the data set is not what the network reads or learns, or holds what is no number or class.
 * @example
 * const { metrics } = await evaluatePredictor({ network, weights: trained, dataset: await splits.test(), engine });
 */
export async function evaluatePredictor(options: EvaluatePredictorOptions): Promise<PredictorReport> {
  const evaluation = await import("./learn/evaluate-predictor.js");
  return evaluation.evaluatePredictor(options);
}

/**
 * Train an encoder for the cameras of `env` to say where things are; the same options give the same bits.
 *
 * @throws UsageError for an environment in which nothing is to be seen; DivergenceError where the loss is no longer finite.
 * @example
 * const { encoder, errors } = await pretrainEncoder({ env: envs["PickPlace-v1"], scenes: 20_000 });
 */
export async function pretrainEncoder(options: PretrainingOptions): Promise<Pretraining> {
  const pretraining = await import("./rl/pretraining/encoder-pretraining.js");
  return pretraining.pretrainEncoder(options);
}

/**
 * Load an engine; the default is "native".
 *
 * Where the native library is not installed, or cannot be loaded, "wasm" is taken instead, and `say` (default `console.warn`) gets
 * one line about it.
 *
 * @throws UsageError for an unknown name, for "tensorflow" where `@tensorflow/tfjs-node` is not installed or does not run, and for
 * "wasm" where `onnxruntime-web` cannot be loaded.
 * @example
 * const engine = await loadEngine("wasm");
 */
export async function loadEngine(name?: EngineName, say?: (line: string) => void): Promise<Engine> {
  const engines = await import("./compile/engines/load-engine.js");
  return engines.loadEngine(name, say);
}

/**
 * Make a bundle of `policy` (obs -> actions, its constants captured) and check it.
 *
 * `examples` are observations with the actions that the trained policy gave, those of an episode in their order; the exported
 * graph, run by `engine`, must repeat them within 1e-6 (1e-5 with memory) of each action entry's scale. Returns the bundle and the
 * greatest difference found.
 *
 * @throws Error where the exported policy differs by more; UsageError for a function that cannot be traced.
 * @example
 * const { bundle, difference } = await exportBundle(policy, manifest, examples, await loadEngine());
 */
export async function exportBundle(
  policy: TensorFunction,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
  engine: Engine,
): Promise<{ bundle: PolicyBundle; difference: number }> {
  const bundles = await import("./deploy/bundle.js");
  return bundles.exportBundle(policy, manifest, examples, engine);
}

/**
 * Load a bundle, ready to act.
 *
 * @throws UsageError where a file is damaged or the files do not belong together.
 * @example
 * const policy = await loadBundle({ policyOnnx, policyJson, vectorsJson }, await loadEngine());
 */
export async function loadBundle(bundle: PolicyBundle, engine: Engine): Promise<ExportedPolicy> {
  const bundles = await import("./deploy/bundle.js");
  return bundles.loadBundle(bundle, engine);
}

/**
 * Connect to a policy that `armgym serve` serves, in Node or in a page; each connection is a session with a memory of its own.
 *
 * `url` is the server's address. In a page the server takes connections from pages of its own machine, and from others with a token.
 *
 * @throws UsageError for an address that is none; Error where no policy is served there, or the token is missing or wrong.
 * @example
 * const policy = await connectPolicy("ws://127.0.0.1:8000");
 * const command = await policy.infer(observation.state); // in the units of policy.metadata.action
 */
export async function connectPolicy(
  url: string,
  options: ConnectPolicyOptions = {},
): Promise<PolicyConnection> {
  const client = await import("./serve/policy/policy-client.js");
  return client.connectPolicy(url, options);
}

/**
 * Return a recording as the bytes of an MCAP file; equal recordings give equal bytes, as all times are simulated ones.
 *
 * @throws Nothing.
 * @example
 * writeFileSync("episode.mcap", await writeRecording(episode.recording()));
 */
export async function writeRecording(recording: EpisodeRecording): Promise<Uint8Array> {
  const mcap = await import("./recording/mcap-write.js");
  return mcap.writeRecording(recording);
}
