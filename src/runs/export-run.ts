// Export a run's best policy as a bundle that a controller can run.
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { WEIGHTS_FILE } from "../compile/emit/tfjs/tfjs-model.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import { toBase64 } from "../deploy/base64.js";
import { bundleOf, type GoldenVector, type PolicyBundle } from "../deploy/bundle.js";
import { policyGraph } from "../deploy/policy-graph.js";
import { MEMORY_RULE, type PolicyManifest } from "../deploy/policy-manifest.js";
import { checkTfjsBundle, type TfjsBundle, tfjsBundle } from "../deploy/tfjs-bundle.js";
import type { Env } from "../env/env.js";
import { Episode } from "../env/episode.js";
import { clippedAction } from "../math/clipped-action.js";
import type { ModelRunner } from "../model/model-runner.js";
import { TEST_SEED } from "../rl/evaluation-seeds.js";
import { exportedPolicy } from "../rl/exported-policy.js";
import { type UnvariedEntry, unvariedEntries } from "../rl/observation-floor.js";
import { observe } from "../rl/policy-inputs.js";
import { policyModel, policyRunner, policyWeights } from "../rl/policy-model.js";
import type { ActionEntry } from "../spaces/action-entry.js";
import { VERSION } from "../version.js";
import { atomicWrite } from "./atomic-write.js";
import { restorePolicy } from "./restored-policy.js";
import type { RunFolder } from "./run-folder.js";

/** What is written besides policy.onnx, policy.json and vectors.json. */
export interface ExportOptions {
  /**
   * TensorFlow.js models: tfjs_graph_model/model.json for `tf.loadGraphModel`, and where the policy is dense layers alone
   * tfjs_layers_model/model.json for `tf.loadLayersModel`, with weights.bin beside each. Default false.
   */
  readonly tfjs?: boolean;
}

/** What was written for TensorFlow.js. Differences are those from the trained policy over the golden vectors; null: not checked, or no such model. */
export interface TfjsOutcome {
  readonly graphModelDifference: number | null;
  readonly layersModelDifference: number | null;
  /** Why there is no LayersModel; null where there is one. */
  readonly noLayersModel: string | null;
  /** Why nothing was checked; null where it was. */
  readonly unchecked: string | null;
}

/** What was written. */
export interface ExportOutcome {
  readonly folder: string;
  readonly files: readonly string[];
  /** Greatest difference between the exported and the trained policy over the golden vectors. */
  readonly difference: number;
  readonly vectors: number;
  /** Entries of the observation that never varied while training. */
  readonly unvaried: readonly UnvariedEntry[];
  /** Where TensorFlow.js models were asked for. */
  readonly tfjs?: TfjsOutcome;
}

const EXAMPLE_STEPS = 64;

/**
 * Write policy.onnx, policy.json and vectors.json of a run's best policy, and what `options` ask for, into `out` and check them.
 *
 * `say` gets a line where today's defaults are not the run's, where another engine is used, and of a model of an earlier export.
 */
export async function exportRun(
  run: RunFolder,
  out: string,
  say: (line: string) => void = () => {},
  { tfjs = false }: ExportOptions = {},
): Promise<ExportOutcome> {
  const { config } = run;
  const { trained, steps, successRate, network, env, envConfig } = await restorePolicy(run, "best", say);
  const made = env.create(envConfig);
  const { spec } = made;
  const weights = policyWeights(trained);
  const engine = await loadEngine(config.engine, say);
  const onnxEngine =
    engine.name === "native" || engine.name === "wasm" ? engine : await loadEngine("native", say);
  const runner = await policyRunner(network, engine);
  runner.load(weights);
  const examples = await goldenVectors(made, runner);
  await runner.dispose();

  const unvaried = unvariedEntries(spec.observation, trained.statistics);
  const manifest: PolicyManifest = {
    format: "armgym-policy",
    formatVersion: 1,
    armgymVersion: VERSION,
    env: config.env,
    agent: config.agent,
    robot: spec.robot,
    jointNames: [...spec.jointNames],
    controlMode: spec.controlMode,
    controlRate: spec.controlRate,
    // a policy goes after the goal that it observes: nobody relabels goals by a bundle
    observation: spec.observation.map(({ dependsOnGoal: _, ...entry }) => entry),
    action: spec.action.map((entry, index) => ({ ...entry, index, ...physicalLimits(entry) })),
    ...(network.image && spec.image
      ? { image: { ...spec.image, cameras: structuredClone([...spec.image.cameras]) } }
      : {}),
    ...(network.memory
      ? {
          memory: {
            parts: network.memory.map(({ name, size }) => ({
              input: `${name}_in`,
              output: `${name}_out`,
              size,
            })),
            rule: MEMORY_RULE,
          },
        }
      : {}),
    training: {
      run: basename(run.path),
      seed: config.seed,
      steps,
      successRate,
      ...(unvaried.length > 0 ? { unvaried } : {}),
    },
  };
  const exported = exportedPolicy(policyModel(network), weights, spec.action);
  const graph = await policyGraph(exported, manifest, onnxEngine);
  const { bundle, difference } = await bundleOf(graph, manifest, examples, onnxEngine);
  const models = tfjs ? tfjsBundle(graph, manifest) : undefined;
  const checked = models && (await checkedModels(models, manifest, examples));
  const earlier = join(out, "tfjs_layers_model");
  if (checked && checked.noLayersModel !== null && existsSync(earlier))
    say(`${earlier} is of an earlier export: this policy has no LayersModel.`);
  return {
    folder: resolve(out),
    files: [...writeBundle(out, bundle), ...(models ? writeModels(out, models) : [])],
    difference,
    vectors: examples.length,
    unvaried,
    ...(checked ? { tfjs: checked } : {}),
  };
}

async function checkedModels(
  models: TfjsBundle,
  manifest: PolicyManifest,
  examples: readonly GoldenVector[],
): Promise<TfjsOutcome> {
  const checked = await checkTfjsBundle(models, manifest, examples);
  const differences = "none" in checked ? undefined : checked;
  return {
    graphModelDifference: differences?.graphModel ?? null,
    layersModelDifference: differences?.layersModel ?? null,
    noLayersModel: "none" in models.layersModel ? models.layersModel.none : null,
    unchecked: "none" in checked ? checked.none : null,
  };
}

/** Play episodes in a row and list what the policy was given and what it commanded. */
async function goldenVectors(env: Env, runner: ModelRunner): Promise<GoldenVector[]> {
  const { action: entries } = env.spec;
  const examples: GoldenVector[] = [];
  let episode = new Episode(env, TEST_SEED);
  while (examples.length < EXAMPLE_STEPS) {
    const isStart = episode.length === 0;
    if (isStart) runner.reset();
    const { observation } = episode;
    observe(runner, 0, observation);
    const mean = (await runner.predict()).mean!;
    const actions = entries.map(({ scale, offset }, k) => scale * clippedAction(mean[k]!) + offset);
    examples.push({
      obs: [...observation.state],
      ...(runner.inputs.image ? { image: toBase64(observation.image!) } : {}),
      actions,
      isStart,
    });
    episode.step(mean);
    if (episode.done) episode = new Episode(env);
  }
  return examples;
}

/** Limits of what the policy may command, in the entry's unit. */
function physicalLimits({ low, high, scale, offset }: ActionEntry): { low: number; high: number } {
  const ends = [scale * low + offset, scale * high + offset];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Write a bundle's files into a folder and return their names. */
function writeBundle(folder: string, bundle: PolicyBundle): string[] {
  atomicWrite(join(folder, "policy.onnx"), bundle.policyOnnx);
  atomicWrite(join(folder, "policy.json"), bundle.policyJson);
  atomicWrite(join(folder, "vectors.json"), bundle.vectorsJson);
  return ["policy.onnx", "policy.json", "vectors.json"];
}

/** Write the TensorFlow.js models into folders of their own and return the files' names; weights first, so that a model.json finds its own. */
function writeModels(folder: string, { graphModel, layersModel }: TfjsBundle): string[] {
  const models = {
    tfjs_graph_model: graphModel,
    ...("none" in layersModel ? {} : { tfjs_layers_model: layersModel }),
  };
  return Object.entries(models).flatMap(([name, { modelJson, weights }]) => {
    atomicWrite(join(folder, name, WEIGHTS_FILE), weights);
    atomicWrite(join(folder, name, "model.json"), modelJson);
    return [join(name, "model.json"), join(name, WEIGHTS_FILE)];
  });
}
