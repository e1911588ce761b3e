// What a fit's best epoch came to on the rows that it is chosen by, as its folder holds it and a viewer shows it.
import { z } from "zod";

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
export const fitValidationSchema = z.object({
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

/** What a fit's best epoch came to. */
export type FitValidation = z.infer<typeof fitValidationSchema>;
/** A row that was predicted badly. */
export type FitExample = z.infer<typeof exampleSchema>;
