// What the server of the viewer and its pages exchange about runs: lists of runs, metrics and live events.
import { z } from "zod";
import { recordedFrameSchema, recordingHeaderSchema } from "./recording.js";

/** JSON has null in place of a number that is not finite. */
const missing = z.null().transform(() => undefined);

const episodeItemSchema = z.object({
  name: z.string(),
  seed: z.string().optional(),
  return: z.number().or(missing).optional(),
  length: z.number().optional(),
  success: z.boolean().optional(),
  /** Time until the task was first solved, s. */
  successTime: z.number().optional(),
  /** Whether another program recorded it: it has no seed, return and outcome. */
  imported: z.boolean().optional(),
});

/** Settings of a run, of which a page reads these. */
const runConfigSchema = z.looseObject({ env: z.string(), agent: z.string() });

const evaluationSchema = z.looseObject({
  successRate: z.number(),
  successInterval: z.tuple([z.number(), z.number()]).optional(),
  episodes: z.number(),
  steps: z.number(),
  minutes: z.number().optional(),
});

/** A metric of a fit by its name. */
const figureSchema = z.object({ metric: z.string(), value: z.number() });

/** A predictor that was fitted to data, in place of a policy. */
const fitItemSchema = z.object({
  predictor: z.string(),
  /** Name of the data. */
  data: z.string(),
  seed: z.union([z.number(), z.string()]).optional(),
  /** Of the best epoch, on the rows that it is chosen by. */
  validation: figureSchema.extend({ epoch: z.number(), rows: z.number() }).optional(),
  /** Of the rows that nothing was chosen by, where they were opened. */
  test: figureSchema.extend({ rows: z.number(), date: z.string(), openings: z.number() }).optional(),
});

const runItemSchema = z.object({
  run: z.string(),
  /** Null of a fit, of a recording outside of any run, and where the file cannot be read. */
  config: runConfigSchema.nullable(),
  /** Of a fit alone. */
  fit: fitItemSchema.optional(),
  /** Milliseconds since 1970. */
  created: z.number(),
  evaluation: evaluationSchema.nullable(),
  episodes: z.array(episodeItemSchema),
});

const metricRowSchema = z
  .record(z.string(), z.number().or(missing))
  .transform(
    (row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Record<
        string,
        number
      >,
  );

/** Training sends a run's folder; pages know the run by the folder's name. */
const runFolder = z.string().transform((folder) => folder.split(/[\\/]/).at(-1)!);

const liveEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("metrics"), run: runFolder, values: metricRowSchema }),
  z.object({ type: z.literal("episode"), run: runFolder, ...episodeItemSchema.shape }),
  /** A fit has a new best epoch: what it came to is to be fetched. */
  z.object({ type: z.literal("validation"), run: runFolder }),
  /** A line about the server itself. */
  z.object({ type: z.literal("status"), text: z.string() }),
  /** Which run is trained by the server's process; null when none is. */
  z.object({ type: z.literal("training"), run: runFolder.nullable() }),
  /** An episode that another program steps has begun, or is seen from here on. */
  z.object({ type: z.literal("begin"), header: recordingHeaderSchema, frame: recordedFrameSchema }),
  /** The next control step of that episode. */
  z.object({ type: z.literal("frame"), frame: recordedFrameSchema }),
]);

/** An episode of a list; all but its name is missing where the file cannot be read. */
export type EpisodeItem = z.output<typeof episodeItemSchema>;
/** What a list says of a fit. */
export type FitItem = z.output<typeof fitItemSchema>;
/** A run of a list. */
export type RunItem = z.output<typeof runItemSchema>;
/** One row of a run's metrics: values by tag. */
export type MetricRow = z.output<typeof metricRowSchema>;
/** A run as a server lists it, before JSON. */
export type RunListing = z.input<typeof runItemSchema>;
/** An event as it is sent: metrics, a recorded episode, a line, which run is trained, or an episode that another program steps. */
export type LiveEvent = z.input<typeof liveEventSchema>;
/** An event as it was received: runs by their names, values that are not finite left out. */
export type ReceivedEvent = z.output<typeof liveEventSchema>;

/** Read a list of runs; throws where it is none. */
export function parseRuns(found: unknown): RunItem[] {
  return checked(z.array(runItemSchema), found, "the list of runs");
}

/** Read a run's metrics; throws where they are none. */
export function parseMetrics(found: unknown): MetricRow[] {
  return checked(z.array(metricRowSchema), found, "the metrics");
}

/** Read a message of the live channel; undefined where it is none of ours. */
export function parseLiveEvent(message: string): ReceivedEvent | undefined {
  try {
    return liveEventSchema.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}

/** Return what a run's files hold as a list of runs has it: null in place of what is no settings or evaluation. */
export function describeRun(found: {
  readonly config: unknown;
  readonly evaluation: unknown;
}): Pick<RunListing, "config" | "evaluation"> {
  return {
    config: runConfigSchema.safeParse(found.config).data ?? null,
    evaluation: evaluationSchema.safeParse(found.evaluation).data ?? null,
  };
}

function checked<Schema extends z.ZodType>(schema: Schema, found: unknown, what: string): z.output<Schema> {
  const { data, error } = schema.safeParse(found);
  const issue = error?.issues[0];
  if (!issue) return data as z.output<Schema>;
  const where = issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw new Error(
    `${what} cannot be read${where}: ${issue.message}. Are the page and armgym of the same version? Reload the page.`,
  );
}
