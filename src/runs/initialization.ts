// How a training is initialized: demonstrations, the policy of an earlier run, a pre-trained image encoder.
import { existsSync } from "node:fs";
import type { EnvInfo } from "../env/env.js";
import { UsageError } from "../math/usage-error.js";
import { readRecording } from "../recording/mcap-read.js";
import { type Demonstrations, demonstrationsFrom } from "../rl/imitation/demonstrations.js";
import { policyFor } from "../rl/policy.js";
import { type PretrainedEncoder, requireFit } from "../rl/pretraining/pretrained-encoder.js";
import type { TrainOptions } from "../rl/training-options.js";
import { demoCommand } from "./command-names.js";
import { readEncoder } from "./encoder-file.js";
import { loadStart, type TrainingTarget } from "./load-start.js";
import { LARGEST, readWholeFile } from "./read-file.js";
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
    ...(demos === undefined ? {} : { demonstrations: loadDemonstrations(demos, target.spec) }),
    ...(from === undefined ? {} : { start: await loadStart(from, target, modules) }),
    ...(encoder === undefined ? {} : { encoder: await loadEncoder(encoder, target) }),
  };
}

/** Load demonstrations of the environment with this spec; throws a UsageError where the file is missing or of another. */
export function loadDemonstrations(file: string, spec: EnvInfo): Demonstrations {
  if (!existsSync(file)) {
    throw new UsageError(`There is no file ${file}. Record one: ${demoCommand(spec.id, file)}`);
  }
  return demonstrationsFrom(readRecording(readWholeFile(file, LARGEST.recording), file), file, spec);
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
