// What is to be fitted, as the folder of a new fit.
import { resolve } from "node:path";
import { type EngineName, requireEngineName } from "../../compile/engines/engine.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import type { PlainSettings } from "../../data/data-source.js";
import type { DataSplits } from "../../data/dataset.js";
import { mergeLayers, originsOf, overlay } from "../../env/settings/layers.js";
import { requireFitSettings } from "../../learn/fit-settings.js";
import type { FitSettings, PredictorDefinition } from "../../learn/predictor.js";
import { trainingOrder } from "../../learn/row-order.js";
import { requireFields, surveyData } from "../../learn/survey-data.js";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";
import { VERSION } from "../../version.js";
import { defaultDataFolder } from "../open-data.js";
import { PACKAGED } from "../own-modules.js";
import { AGENTS_MODULE } from "../packaged-modules.js";
import { requirePossibleSeed } from "../training-request.js";
import type { FitConfig } from "./fit-config.js";
import { type LocatedData, loadSplits, locateData } from "./fit-data.js";
import { FitFolder } from "./fit-folder.js";
import { locatePredictor, packagedPredictor, portableFitModule } from "./fit-modules.js";
import { type FitSettingsFile, readFitSettingsFile } from "./fit-settings-file.js";

type Plain = Readonly<Record<string, unknown>>;

/** What is to be fitted, and how; what is left out, a settings file may say. */
export interface CreateFitOptions {
  /** Id of a predictor ("classifier-cnn"), or a module of your own that exports one: "./mine.ts". */
  readonly predictor?: string;
  /** Id of a source of data ("mnist"), a module of your own that exports one, or the path of your data. Default: the predictor's. */
  readonly data?: string;
  /** Folder that files of known sets lie in. Default: the variable ARMGYM_DATA, else "data". */
  readonly dataFolder?: string;
  /** Seed of everything random but the parts of the data, which are the same for all. Default 1. */
  readonly seed?: number | string;
  /** Overrides by name alone, below `settings` and `dataSettings`: of the predictor's settings, or of the source's. */
  readonly overrides?: Plain;
  /** Overrides of the predictor's settings, above its tuning and the settings file. */
  readonly settings?: Plain;
  /** Overrides of the source's settings. */
  readonly dataSettings?: Plain;
  /** Settings file, YAML or JSON, as `armgym show` writes it; all else here goes above it. */
  readonly settingsFile?: string;
  /** Folder that the fit's folder is made in. Default "runs". */
  readonly out?: string;
  /** What runs the network. Default "native". */
  readonly engine?: EngineName;
  /** Modules of your own that the predictor or the data are in, for those outside of the folder that the program runs in. */
  readonly modules?: readonly string[];
}

/** A new fit: its folder, and what was loaded to make it. */
export interface NewFit {
  readonly folder: FitFolder;
  readonly splits: DataSplits;
}

/** Check everything that was asked for, then make the fit's folder; nothing is written where something is wrong. */
export async function createFitFolder(
  request: CreateFitOptions,
  say: (line: string) => void = () => {},
): Promise<NewFit> {
  requirePossibleSeed(request.seed);
  const file = request.settingsFile === undefined ? undefined : readFitSettingsFile(request.settingsFile);
  const located = await predictorOf(request.predictor, file);
  const definition = located.thing;
  const dataFolder = request.dataFolder ?? defaultDataFolder();
  const data = await locateData(request.data ?? file?.data ?? definition.data, dataFolder);
  const resolved = resolveFit(definition, data, file, sortedOverrides(request, definition, data));
  const engine = request.engine ?? requireEngineName(file?.engine ?? "native");
  await loadEngine(engine, say);
  const splits = await loadSplits(data, resolved.dataSettings.values);
  requireLearnable(definition, splits, resolved.settings.values);
  const { fields, provenance } = splits.train;
  const config: FitConfig = {
    kind: "fit",
    version: VERSION,
    predictor: definition.id,
    predictorModule: portableFitModule(located.source.module),
    data: data.name,
    dataModule: portableFitModule(data.module),
    ...(data.source.files.length > 0 ? { dataFolder: resolve(dataFolder) } : {}),
    seed: request.seed ?? file?.seed ?? 1,
    engine,
    settings: resolved.settings.overrides,
    dataSettings: resolved.dataSettings.overrides,
    resolved: {
      settings: { ...resolved.settings.values },
      dataSettings: resolved.dataSettings.values,
      origins: { settings: resolved.settings.origins, dataSettings: resolved.dataSettings.origins },
    },
    dataset: {
      provenance: structuredClone(provenance),
      fields,
      rows: { train: splits.train.size, validation: splits.validation.size },
    },
  };
  const own = [
    ...(located.source.module === AGENTS_MODULE ? [] : [request.predictor!]),
    ...(data.module === PACKAGED ? [] : [request.data!]),
  ];
  const modules = [...own, ...(request.modules ?? [])];
  return { folder: FitFolder.create(request.out ?? "runs", config, modules), splits };
}

/** The predictor that is asked for; a settings file is data: it may name one that comes with armgym, and no module. */
async function predictorOf(asked: string | undefined, file: FitSettingsFile | undefined) {
  if (asked !== undefined) return locatePredictor(asked);
  if (file?.predictor !== undefined) return packagedPredictor(file.predictor);
  const where = file ? `${file.file} names no predictor` : "No predictor is named";
  throw new UsageError(`${where}. Name one, for example classifier-cnn.`);
}

interface Overrides {
  readonly settings: Plain;
  readonly dataSettings: Plain;
}

/** Send each override where its key is known: to the predictor, or to the source. Throws a UsageError for any other. */
function sortedOverrides(
  { overrides = {}, settings, dataSettings }: CreateFitOptions,
  definition: PredictorDefinition,
  { source }: LocatedData,
): Overrides {
  const sorted: Record<"settings" | "dataSettings", Record<string, unknown>> = {
    settings: {},
    dataSettings: {},
  };
  const [own, theirs] = [Object.keys(definition.settings), Object.keys(source.settings)];
  for (const [key, value] of Object.entries(overrides)) {
    if (own.includes(key)) sorted.settings[key] = value;
    else if (theirs.includes(key)) sorted.dataSettings[key] = value;
    else
      throw new UsageError(
        `Unknown setting "${key}". ${didYouMean(key, [...own, ...theirs])}${definition.id} has: ${own.join(", ")}. The data "${source.id}" have: ${theirs.join(", ") || "none"}.`,
      );
  }
  return {
    settings: overlay(sorted.settings, settings),
    dataSettings: overlay(sorted.dataSettings, dataSettings),
  };
}

/** Put settings over each other in their layers, each with its origin. */
function resolveFit(
  definition: PredictorDefinition,
  { source }: LocatedData,
  file: FitSettingsFile | undefined,
  user: Overrides,
) {
  const tuned = definition.tuned?.[source.id] ?? {};
  const layersOf = (section: "settings" | "dataSettings") => [
    { origin: "file" as const, values: file?.[section] ?? {} },
    { origin: "user" as const, values: user[section] },
  ];
  const settings = mergeLayers<FitSettings & PlainSettings, "tuning" | "file" | "user">(
    definition.settings,
    [{ origin: "tuning", values: tuned }, ...layersOf("settings")],
    definition.id,
  );
  requireFitSettings(settings.values);
  const dataSettings = mergeLayers(source.settings, layersOf("dataSettings"), `the data "${source.id}"`);
  return {
    settings: {
      ...settings,
      origins: { ...originsOf(tuned, "tuning"), ...settings.origins },
      overrides: overlay(file?.settings, user.settings),
    },
    dataSettings: { ...dataSettings, overrides: overlay(file?.dataSettings, user.dataSettings) },
  };
}

/** Throw a UsageError, before anything is written, where the network cannot learn from the data or be chosen by them. */
function requireLearnable(
  definition: PredictorDefinition,
  { train, validation }: DataSplits,
  settings: FitSettings & PlainSettings,
): void {
  const network = definition.createNetwork(train.fields, settings);
  requireFields(network, train, "learn from");
  requireFields(network, validation, "choose by");
  trainingOrder(network, train, settings.batchSize);
  surveyData(network, train);
  surveyData(network, validation);
}
