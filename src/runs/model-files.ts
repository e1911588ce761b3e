// A run's best policy as a trained model on disk: weights as safetensors beside their description in JSON.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../math/usage-error.js";
import { decodeModel, encodeModel, type TrainedModel } from "../model/trained-model.js";
import { policyFor } from "../rl/policy.js";
import { policyModel } from "../rl/policy-model.js";
import type { BestPolicy } from "../rl/training-state.js";
import { VERSION } from "../version.js";
import { LARGEST, readWholeFile } from "./read-file.js";
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

/** Load the run's model.safetensors and model.json; throws a UsageError where they are missing, damaged, or of another network. */
export async function loadBestModel(folder: RunFolder): Promise<TrainedModel> {
  const weights = join(folder.path, "model.safetensors");
  const description = join(folder.path, "model.json");
  const missing = [weights, description].find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new UsageError(
      `There is no file ${missing}: it is written with the run's first validation. Train the run further.`,
    );
  const { agent, settings, spec } = await runInForce(folder);
  const files = {
    weights: readWholeFile(weights, LARGEST.checkpoint),
    description: readWholeFile(description, LARGEST.json).toString("utf8"),
  };
  const model = policyModel(policyFor(agent.thing, spec, settings), spec);
  return decodeModel(model, files, { weights, description });
}
