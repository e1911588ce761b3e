// Train a policy: by PPO, or as a teacher's student; from the beginning, from a policy, demonstrations or a state.
import { requireCloneable } from "./imitation/cloning.js";
import { DaggerLearner } from "./imitation/dagger-learner.js";
import type { Learner } from "./learner.js";
import { observationFloors, observedEntries } from "./observation-floor.js";
import { type Policy, policyFor, policySizes } from "./policy.js";
import { PpoLearner } from "./ppo/ppo-learner.js";
import type { PpoSettings } from "./ppo/ppo-settings.js";
import { requireFit, takeEncoder } from "./pretraining/pretrained-encoder.js";
import { requireFittingState, restoring } from "./require-fitting-state.js";
import { requireSamePolicy } from "./require-same-policy.js";
import { resolveTraining } from "./resolve-settings.js";
import { localPool } from "./rollout/local-pool.js";
import { cancelEvaluation, rolloutControl } from "./rollout/rollout-control.js";
import type { RolloutPlan } from "./rollout/rollout-host.js";
import { TrainingLoop } from "./training-loop.js";
import type { TrainOptions } from "./training-options.js";
import type { TrainResult } from "./training-report.js";
import type { TrainingState } from "./training-state.js";

export type { TrainOptions } from "./training-options.js";
export type { IterationReport, TrainResult } from "./training-report.js";

/**
 * Train until `totalSteps`, a callback, the signal, or what validation decides; the same options give the same bits.
 *
 * Throws a UsageError for what does not fit together, and a DivergenceError where a loss or a parameter is no longer finite.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { env, agent, seed = 1, envConfig = {}, engine = "native", resume } = options;
  const { start, encoder, demonstrations, teacher } = options;
  const resolved = await resolveTraining({
    env,
    agent,
    route: {
      ...(start ? { start: {} } : {}),
      ...(demonstrations ? { demonstrations } : {}),
      teacher: teacher !== undefined,
    },
    user: { settings: { ...options.settings }, envConfig },
  });
  const { settings, spec } = resolved;
  const evalEnv = envConfig;
  const { trainEnv = resolved.trainEnv } = options;
  const policy = policyFor(agent, spec, settings);
  if (demonstrations) requireCloneable(policy, agent.id);
  if (encoder) {
    const { encoder: kind = "patch" } = settings;
    requireFit(encoder, "The encoder", policy, { image: spec.image, encoder: kind, agent: agent.id });
  }
  const known = resume ?? start;
  if (known) requireSamePolicy(known, policy, agent.id);
  const control = rolloutControl();
  const cancel = () => cancelEvaluation(control);
  const plan: RolloutPlan = {
    settings,
    seed,
    trainEnv,
    evalEnv,
    engine,
    sizes: policySizes(policy),
    control,
  };
  const pool = await (options.createPool ? options.createPool(plan) : localPool(plan, env, agent, teacher));
  options.signal?.addEventListener("abort", cancel);
  if (options.signal?.aborted) cancel();
  try {
    const floor = observationFloors(observedEntries(spec, policy));
    const { create } = teacher ? DaggerLearner : PpoLearner;
    const learner: Learner = await create(policy, settings, { seed, engine, floor });
    const loop = new TrainingLoop(options, settings, policy, pool, learner);
    if (encoder && !resume) takeEncoder(learner.optimizer.parameters, policy, encoder);
    return await beginAndRun(loop, options, policy, settings);
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    await pool.close();
  }
}

/** Go on from a state, clone demonstrations or take a policy over, whichever the options ask for, and train. */
async function beginAndRun(
  loop: TrainingLoop,
  { resume, start, demonstrations, seed = 1, engine = "native" }: TrainOptions,
  policy: Policy,
  settings: PpoSettings,
): Promise<TrainResult> {
  // interrupted in what comes before its first iteration, a training begins with that again
  const isNew = !resume || isFresh(resume);
  const clones = demonstrations && !start && isNew;
  if (resume && !clones) {
    requireFittingState(resume, policy, settings);
    await restoring(() => loop.restore(resume));
  }
  let interrupted: TrainingState | undefined;
  if (await loop.begin()) {
    if (clones) interrupted = await loop.clone(demonstrations, seed, engine);
    if (start && isNew) interrupted = await loop.startFrom(start);
  }
  if (interrupted) return loop.end({ settings, state: interrupted, policy: start ?? interrupted });
  return loop.run();
}

function isFresh({ iteration, start }: TrainingState): boolean {
  return iteration === 0 && start === undefined;
}
