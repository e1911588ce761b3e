// The predictors and sources of data that come with armgym, and those of the user's own modules.
import { predictors } from "../../../agents/index.js";
import type { DataSource } from "../../data/data-source.js";
import type { PredictorDefinition } from "../../learn/predictor.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { PACKAGED, portablePath } from "../own-modules.js";
import { AGENTS_MODULE, isModulePath, type Located, locateOwn, ownThing } from "../packaged-modules.js";

/** A fit as far as its modules go. */
export interface FitModules {
  /** Its folder. */
  readonly path: string;
  readonly config: {
    readonly predictor: string;
    readonly predictorModule: string;
    readonly data: string;
    readonly dataModule: string;
  };
  /** Modules that the user named; only those, and those of the project, are loaded. */
  readonly modules: readonly string[];
}

/** Find a predictor by its id, or in a file: `./mine.ts`, or `./mine.ts#my-cnn` where it has several. */
export async function locatePredictor(name: string): Promise<Located<PredictorDefinition>> {
  if (!isModulePath(name)) return packagedPredictor(name);
  return locateOwn(name, isPredictor, "predictor", "Export a PredictorDefinition.");
}

/** Find a predictor that comes with armgym by its id. */
export function packagedPredictor(id: string): Located<PredictorDefinition> {
  const known: Readonly<Record<string, PredictorDefinition>> = predictors;
  if (Object.hasOwn(known, id)) return { thing: known[id]!, source: { module: AGENTS_MODULE, id } };
  throw new UsageError(
    `Unknown predictor "${id}". ${didYouMean(id, Object.keys(known))}There are: ${Object.keys(known).join(", ")}.`,
  );
}

/** Load the predictor of a fit; throws a UsageError where its config names a module that may not be loaded. */
export async function predictorOfFit(fit: FitModules): Promise<PredictorDefinition> {
  const { predictor, predictorModule } = fit.config;
  if (predictorModule === PACKAGED) return packagedPredictor(predictor).thing;
  const own = { module: predictorModule, id: predictor };
  return (await ownThing(fit, own, isPredictor, "predictor")).thing;
}

/** Name a module in a config so that it is found again wherever armgym, or the project, is. */
export function portableFitModule(module: string): string {
  return module === AGENTS_MODULE || module === PACKAGED ? PACKAGED : portablePath(module);
}

/** Return whether an export is a predictor. */
function isPredictor(value: unknown): value is PredictorDefinition {
  return isObject(value) && "createNetwork" in value && "settings" in value;
}

/** Return whether an export is a source of data. */
export function isDataSource(value: unknown): value is DataSource {
  return isObject(value) && "load" in value && "settings" in value;
}

function isObject(value: unknown): value is { readonly id: unknown } {
  return typeof value === "object" && value !== null && "id" in value;
}
