// A run's best policy as a trained model on disk: weights that other programs read, beside what they mean.
import { encodeModel } from "../model/trained-model.js";
import { policyFor } from "../rl/policy.js";
import { policyModel } from "../rl/policy-model.js";
import type { BestPolicy } from "../rl/training-state.js";
import { VERSION } from "../version.js";
import type { RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";

/** Write `best` as the run's model.safetensors and model.json. */
export async function saveBestModel(folder: RunFolder, best: BestPolicy): Promise<void> {
  const { seed } = folder.config;
  const { env, agent, settings, spec } = await runInForce(folder);
  const { parameters, statistics, steps, successRate, meanReturn } = best;
  const files = await encodeModel({
    model: policyModel(policyFor(agent.thing, spec, settings), spec),
    parameters,
    normalizers: { observation: statistics },
    provenance: {
      version: VERSION,
      env: env.thing.id,
      agent: agent.thing.id,
      robot: spec.robot,
      controlMode: spec.controlMode,
      controlRate: spec.controlRate,
      seed,
      steps,
      validation: { successRate, meanReturn },
    },
  });
  folder.saveModel(files);
}
