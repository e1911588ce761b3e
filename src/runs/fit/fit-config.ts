// What a fit was started with, as config.json of its folder holds it.
import { z } from "zod";
import { ENGINE_NAMES } from "../../compile/engines/engine.js";
import type { DataField, DataProvenance } from "../../data/dataset.js";

/** Where a setting of a fit comes from, each replacing those before it. */
export const FIT_ORIGINS = ["default", "tuning", "file", "user"] as const;

/** As it stands in the file, so that what is no setting ("__proto__") is refused as one, and not left out without a word. */
const record = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected settings by name",
);
const origins = z.record(z.string(), z.enum(FIT_ORIGINS));

/** Larger than any picture or window of a series, so that a damaged file cannot ask for the memory of one. */
const MOST_NUMBERS = 2 ** 26;

const fieldSchema = z.object({
  shape: z
    .array(z.number().int().nonnegative())
    .max(8)
    .refine((shape) => shape.reduce((size, side) => size * side, 1) <= MOST_NUMBERS, "too large"),
  dtype: z.enum(["float32", "uint8", "int32"]).optional(),
  unit: z.string().optional(),
  entries: z.array(z.object({ name: z.string(), unit: z.string() })).optional(),
  classes: z.array(z.string()).optional(),
});

const provenanceSchema = z.object({
  name: z.string(),
  source: z.string(),
  licence: z.string().optional(),
  files: z.record(z.string(), z.string()).optional(),
  settings: record.optional(),
});

const count = z.number().int().nonnegative();

/** What `config.json` of a fit holds. */
export const fitConfigSchema = z.object({
  kind: z.literal("fit"),
  version: z.string(),
  /** Id of the predictor. */
  predictor: z.string(),
  /** "armgym", or a path of the user's own from the project's folder; see own-modules.ts for what is loaded. */
  predictorModule: z.string(),
  /** Id of a source of data, or the absolute path of the user's own data. */
  data: z.string(),
  /** As `predictorModule`, of a source. */
  dataModule: z.string(),
  /** Absolute path of the folder that files of known sets lie in; absent where none was read. */
  dataFolder: z.string().optional(),
  seed: z.union([z.number(), z.string()]),
  engine: z.enum(ENGINE_NAMES),
  /** Overrides as given: of the predictor, and of the source. */
  settings: record,
  dataSettings: record,
  /** Everything that was in force, defaults and tuning included. */
  resolved: z.object({
    settings: record,
    dataSettings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
    /** Where values come from, by path; those without are defaults. */
    origins: z.object({ settings: origins, dataSettings: origins }),
  }),
  /** The data as they were: a fit goes on, and is measured, on the same ones only. */
  dataset: z.object({
    provenance: provenanceSchema,
    fields: z.record(z.string(), fieldSchema),
    rows: z.object({ train: count, validation: count }),
  }),
});

/** What a fit was started with. */
export interface FitConfig extends Omit<z.infer<typeof fitConfigSchema>, "dataset"> {
  /** The data as they were when the fit was made. */
  readonly dataset: {
    readonly provenance: DataProvenance;
    readonly fields: Readonly<Record<string, DataField>>;
    readonly rows: { readonly train: number; readonly validation: number };
  };
}
