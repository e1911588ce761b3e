// What a fit's best epoch came to on the rows that it is chosen by, as its folder holds it and a viewer shows it.
import { z } from "zod";
import type { FitItem } from "./run-events.js";

const numbers = z.array(z.number());

const pictureSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** 1: shades, 3: colours. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Base64 of the bytes [height, width, channels], 0 dark to 255. */
  bytes: z.string(),
});

const exampleSchema = z.object({
  /** Of the data set. */
  row: z.number().int().nonnegative(),
  loss: z.number(),
  truth: z.string(),
  prediction: z.string(),
  picture: pictureSchema.optional(),
});

/** What validation.json holds. */
const fitValidationSchema = z.object({
  /** Counted from 1. */
  epoch: z.number().int().nonnegative(),
  /** Rows that it was validated on. */
  rows: z.number().int().nonnegative(),
  metrics: z.record(z.string(), z.number()),
  /** Of the first objective, where it is of classes. */
  classes: z
    .object({
      names: z.array(z.string()),
      /** `[class][taken for]` */
      confusion: z.array(numbers).optional(),
    })
    .optional(),
  /** Of the first objective, where it is of numbers: some rows, by their truth. */
  pairs: z
    .object({
      name: z.string(),
      unit: z.string().optional(),
      truth: numbers,
      prediction: numbers,
      /** Ends of the interval that quantiles give. */
      low: numbers.optional(),
      high: numbers.optional(),
    })
    .optional(),
  /** Rows of the greatest loss, the greatest first. */
  worst: z.array(exampleSchema),
});

/** Files of a fit's folder, as far as lists show them. */
const filesSchema = z.object({
  config: z.looseObject({
    kind: z.literal("fit"),
    predictor: z.string(),
    seed: z.union([z.number(), z.string()]),
    dataset: z.looseObject({ provenance: z.looseObject({ name: z.string() }) }),
  }),
  validation: z.looseObject({
    epoch: z.number(),
    rows: z.number(),
    metrics: z.record(z.string(), z.number()),
  }),
  evaluation: z.looseObject({
    openings: z.array(
      z.looseObject({
        date: z.string(),
        figures: z.looseObject({ rows: z.number(), metrics: z.record(z.string(), z.number()) }).optional(),
      }),
    ),
  }),
});

/** Return the metric that says most to people: accuracy or an error, before the loss. */
export function shownMetric(
  metrics: Readonly<Record<string, number>>,
): readonly [name: string, value: number] {
  const shown = ["accuracy", "rmse", "mae", "iou", "f1_macro"].find((name) => metrics[name] !== undefined);
  return [shown ?? "loss", metrics[shown ?? "loss"] ?? Number.NaN];
}

/** Write a metric as people read it: shares in percent, others by four digits. */
export function metricText(name: string, value: number): string {
  const isShare = /(^|\/)(accuracy|precision|recall|f1|iou|coverage)/.test(name);
  return isShare ? `${(100 * value).toFixed(2)} %` : String(Number(value.toPrecision(4)));
}

/** Return what a fit's files hold as a list of runs has it; undefined where the config is no fit's. */
export function describeFitRun(found: {
  readonly config: unknown;
  readonly validation: unknown;
  readonly evaluation: unknown;
}): FitItem | undefined {
  const { shape } = filesSchema;
  const config = shape.config.safeParse(found.config).data;
  if (!config) return undefined;
  const validation = shape.validation.safeParse(found.validation).data;
  const openings = shape.evaluation.safeParse(found.evaluation).data?.openings ?? [];
  const measured = openings.findLast(({ figures }) => figures !== undefined);
  const figure = (metrics: Readonly<Record<string, number>>) => {
    const [metric, value] = shownMetric(metrics);
    return { metric, value };
  };
  return {
    predictor: config.predictor,
    data: config.dataset.provenance.name,
    seed: config.seed,
    ...(validation
      ? {
          validation: { ...figure(validation.metrics), epoch: validation.epoch, rows: validation.rows },
        }
      : {}),
    ...(measured
      ? {
          test: {
            ...figure(measured.figures!.metrics),
            rows: measured.figures!.rows,
            date: measured.date,
            openings: openings.length,
          },
        }
      : {}),
  };
}

/** Read what a server sends of a fit's best epoch; undefined where there is none. */
export function parseFitValidation(found: unknown): FitValidation | undefined {
  return fitValidationSchema.safeParse(found).data;
}

/** What a fit's best epoch came to. */
export type FitValidation = z.infer<typeof fitValidationSchema>;
/** A row that was predicted badly. */
export type FitExample = z.infer<typeof exampleSchema>;
