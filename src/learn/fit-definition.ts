// Fit a predictor by its definition: its network for the data's fields, its settings, an engine, a trained model at the end.
import type { EngineName } from "../compile/engines/engine.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import type { PlainSettings } from "../data/data-source.js";
import type { DataSplits } from "../data/dataset.js";
import type { TrainedModel } from "../model/trained-model.js";
import { VERSION } from "../version.js";
import type { FitPredictorOptions } from "./fit-options.js";
import { fitPredictor } from "./fit-predictor.js";
import type { FitResult } from "./fit-state.js";
import type { FitSettings, PredictorDefinition, PredictorNetwork } from "./predictor.js";

/** How a predictor is fitted. */
export interface FitOptions<Own extends PlainSettings = PlainSettings>
  extends Omit<Partial<FitPredictorOptions>, "network" | "settings" | "splits" | "engine"> {
  /** Overrides of the predictor's settings. */
  readonly settings?: Partial<FitSettings & Own>;
  /** Default "native". */
  readonly engine?: EngineName;
}

/** A fit with what it was of. */
export interface Fitted extends FitResult {
  /** The predictor for the data's fields. */
  readonly network: PredictorNetwork;
  /** The best epoch's model, with where it comes from. */
  readonly trained: TrainedModel;
}

/** As `fit` of the package says. */
export async function fitDefinition<Own extends PlainSettings>(
  predictor: PredictorDefinition<Own>,
  splits: Pick<DataSplits, "train" | "validation">,
  options: FitOptions<Own> = {},
): Promise<Fitted> {
  const { settings: overrides, engine, seed = 1, ...rest } = options;
  const { provenance, fields } = splits.train;
  const settings: FitSettings & Own = {
    ...predictor.settings,
    ...predictor.tuned?.[provenance.name],
    ...overrides,
  };
  const network = predictor.createNetwork(fields, settings);
  const loaded = await loadEngine(engine);
  const result = await fitPredictor({ ...rest, network, settings, splits, seed, engine: loaded });
  const trained: TrainedModel = {
    model: network.model,
    ...result.best,
    provenance: {
      version: VERSION,
      predictor: predictor.id,
      data: provenance,
      settings,
      seed,
      epoch: result.bestEpoch,
      metrics: result.state.best?.metrics ?? {},
    },
  };
  return { ...result, network, trained };
}
