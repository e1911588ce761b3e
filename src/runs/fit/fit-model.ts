// A fit's best model on disk: weights as safetensors beside their description in JSON.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PlainSettings } from "../../data/data-source.js";
import type { FitState } from "../../learn/fit-state.js";
import type { FitSettings, PredictorNetwork } from "../../learn/predictor.js";
import { UsageError } from "../../math/usage-error.js";
import { decodeModel, encodeModel, type TrainedModel } from "../../model/trained-model.js";
import { VERSION } from "../../version.js";
import { LARGEST, readWholeFile } from "../read-file.js";
import type { FitFolder } from "./fit-folder.js";
import { predictorOfFit } from "./fit-modules.js";

/** Make the network of a fit again: from its settings and the fields that it learned from, so that no data are read. */
export async function networkOfFit(folder: FitFolder): Promise<PredictorNetwork> {
  const { dataset, resolved } = folder.config;
  const definition = await predictorOfFit(folder);
  // a setting that came later has today's default
  const settings = { ...definition.settings, ...resolved.settings } as FitSettings & PlainSettings;
  return definition.createNetwork(dataset.fields, settings);
}

/** Write the best epoch of `state` as the fit's model.safetensors and model.json. */
export async function saveBestFit(
  folder: FitFolder,
  { model }: PredictorNetwork,
  { best, normalizers }: FitState,
): Promise<void> {
  if (!best) return;
  const { predictor, data, seed, dataset } = folder.config;
  const files = await encodeModel({
    model,
    parameters: best.parameters,
    normalizers,
    provenance: {
      version: VERSION,
      predictor,
      data,
      dataset: dataset.provenance,
      seed,
      epoch: best.epoch,
      validation: best.metrics,
    },
  });
  folder.saveModel(files);
}

/** Load the fit's model.safetensors and model.json; throws a UsageError where they are missing, damaged, or of another network. */
export async function loadBestFit(folder: FitFolder, { model }: PredictorNetwork): Promise<TrainedModel> {
  const weights = join(folder.path, "model.safetensors");
  const description = join(folder.path, "model.json");
  const missing = [weights, description].find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new UsageError(
      `There is no file ${missing}: it is written after the first epoch. Resume the fit first.`,
    );
  const files = {
    weights: readWholeFile(weights, LARGEST.checkpoint),
    description: readWholeFile(description, LARGEST.json).toString("utf8"),
  };
  return decodeModel(model, files, { weights, description });
}
