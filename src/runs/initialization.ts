// How a training is initialized: demonstrations, the policy of an earlier run, a pre-trained image encoder.
import { policyFor } from "../rl/policy.js";
import { type PretrainedEncoder, requireFit } from "../rl/pretraining/pretrained-encoder.js";
import type { TrainOptions } from "../rl/training-options.js";
import { readEncoder } from "./encoder-file.js";
import { loadDemonstrations } from "./load-demonstrations.js";
import { loadStart, type TrainingTarget } from "./load-start.js";
import type { RunConfig } from "./run-folder.js";

/** How `train` initializes a policy; by default its parameters are random. */
export type Initialization = Pick<TrainOptions, "demonstrations" | "start" | "encoder">;

/** Load what initializes the policy of a run; throws a UsageError where that is gone or does not fit. */
export async function loadInitialization(
  { demos, from, encoder }: Pick<RunConfig, "demos" | "from" | "encoder">,
  target: TrainingTarget,
  modules: readonly string[],
): Promise<Initialization> {
  return {
    ...(demos === undefined ? {} : { demonstrations: await loadDemonstrations(demos, target.spec) }),
    ...(from === undefined ? {} : { start: await loadStart(from, target, modules) }),
    ...(encoder === undefined ? {} : { encoder: await loadEncoder(encoder, target) }),
  };
}

/** Load a pre-trained encoder; throws a UsageError where what is to be trained cannot start from it. */
export async function loadEncoder(
  file: string,
  { agent, spec, settings }: TrainingTarget,
): Promise<PretrainedEncoder> {
  const encoder = await readEncoder(file);
  const { encoder: kind = "patch" } = settings;
  const target = { image: spec.image, encoder: kind, agent: agent.id };
  requireFit(encoder, file, policyFor(agent, spec, settings), target);
  return encoder;
}
