// A run's best policy as a bundle: its graph, what a controller must know, and golden vectors, checked.
import { basename } from "node:path";
import type { Engine } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import type { Graph } from "../compile/graph/graph.js";
import { toBase64 } from "../deploy/base64.js";
import { bundleOf, type GoldenVector, type PolicyBundle } from "../deploy/bundle.js";
import { policyGraph } from "../deploy/policy-graph.js";
import { MEMORY_RULE, type PolicyManifest } from "../deploy/policy-manifest.js";
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
import { restorePolicy } from "./restored-policy.js";
import type { RunFolder } from "./run-folder.js";

/** A run's best policy, exported and checked. */
export interface RunBundle {
  readonly bundle: PolicyBundle;
  readonly manifest: PolicyManifest;
  /** What policy.onnx holds. */
  readonly graph: Graph;
  readonly examples: readonly GoldenVector[];
  /** Greatest difference between the exported and the trained policy over `examples`. */
  readonly difference: number;
  /** Entries of the observation that never varied while training. */
  readonly unvaried: readonly UnvariedEntry[];
  /** What ran it, of those that load ONNX. */
  readonly engine: Engine;
}

const EXAMPLE_STEPS = 64;

/** Make the bundle of a run's best policy; `say` gets a line where today's defaults are not the run's, and where another engine is used. */
export async function bundleOfRun(run: RunFolder, say: (line: string) => void): Promise<RunBundle> {
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
  return { bundle, manifest, graph, examples, difference, unvaried, engine: onnxEngine };
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
