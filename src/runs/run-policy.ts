// A run's trained policy, ready to act in the environment that it was trained for.
import { loadEngine } from "../compile/engines/load-engine.js";
import type { EnvInfo } from "../env/env.js";
import type { Observation } from "../env/observation.js";
import { clippedAction } from "../math/clipped-action.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelRunner } from "../model/model-runner.js";
import { observe } from "../rl/policy-inputs.js";
import { policyRunner, policyWeights } from "../rl/policy-model.js";
import { requireFiniteMean } from "../rl/rollout/finite-mean.js";
import type { TrainedPolicy } from "../rl/training-state.js";
import { type PolicyChoice, restorePolicy } from "./restored-policy.js";
import type { RunFolder } from "./run-folder.js";

/** What a policy says of one observation. */
export interface Prediction {
  /** Mean of the action's distribution, as the network gives it: not clipped. [A] */
  readonly mean: Float32Array;
  /** Standard deviation of the exploration noise, the same for all observations. [A] */
  readonly std: Float32Array;
  /** Expected sum of discounted rewards from here on; without meaning where the observation lacks what only the critic reads. */
  readonly value: number;
}

/** A trained policy that acts one step after another; it remembers the episode where it has a memory. */
export interface RunPolicy {
  /** Of the environment that it was trained for. */
  readonly spec: EnvInfo;
  /** Environment steps that it was trained for. */
  readonly steps: number;
  /** Share of the validation episodes that it solved, 0 to 1; null for the last policy, and where none was validated. */
  readonly successRate: number | null;
  /** Its parameters and the statistics that normalise its observations. */
  readonly trained: TrainedPolicy;
  /** Its compiled network, one observation at a time. */
  readonly runner: ModelRunner;
  /** Forget the episode so far: call it before the first step of each; needless for a policy without memory. */
  reset(): void;
  /**
   * Return the action [A] for an observation, within [-1, 1], without exploration: what an environment's `step` takes.
   *
   * Rejects with a UsageError where the observation is of another size, or lacks the image that the policy reads.
   */
  act(observation: Observation): Promise<Float32Array>;
  /** Return what `act` is made from, and the value; a policy with memory remembers the step. */
  predict(observation: Observation): Promise<Prediction>;
  /** Let the compiled network go. */
  dispose(): Promise<void>;
}

/** Make a policy of a run ready to act; throws a UsageError where there is none yet, or it does not belong to the run's agent. */
export async function runPolicy(
  folder: RunFolder,
  choice: PolicyChoice,
  say: (line: string) => void,
): Promise<RunPolicy> {
  const { trained, steps, successRate, network, spec, settings } = await restorePolicy(folder, choice, say);
  const runner = await policyRunner(network, await loadEngine(folder.config.engine, say));
  runner.load(policyWeights(trained));
  const predict = async (observation: Observation): Promise<Prediction> => {
    requireFittingObservation(observation, spec);
    observe(runner, 0, observation);
    const { mean, logStd, value } = await runner.predict();
    requireFiniteMean(mean as Float32Array, spec, 1);
    return {
      mean: mean as Float32Array,
      std: Float32Array.from(logStd!, Math.exp),
      value: value![0]! / settings.rewardScale,
    };
  };
  return {
    spec,
    steps,
    successRate,
    trained,
    runner,
    reset: () => runner.reset(),
    async act(observation) {
      const { mean } = await predict(observation);
      return mean.map(clippedAction);
    },
    predict,
    dispose: () => runner.dispose(),
  };
}

function requireFittingObservation(
  { state, image }: Observation,
  { id, observation, image: expected }: EnvInfo,
): void {
  const way = "Give what the environment's reset() or step() returned.";
  if (state.length !== observation.length)
    throw new UsageError(
      `The policy reads ${observation.length} numbers of ${id}, the observation has ${state.length}. ${way}`,
    );
  if (!expected) return;
  const { height, width, channels } = expected;
  if (image?.length === height * width * channels) return;
  throw new UsageError(
    `The policy reads ${height} x ${width} x ${channels} bytes (height, width, channels) of ${id}, the observation has ${image ? `${image.length} bytes` : "no image"}. ${way}`,
  );
}
