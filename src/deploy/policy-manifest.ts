// policy.json: what a controller must know to run policy.onnx.
import { z } from "zod";
import { firstIssue } from "../math/first-issue.js";
import { UsageError } from "../math/usage-error.js";
import { cameraDescriptionSchema } from "../scene/camera-description.js";
import { VERSION } from "../version.js";

const entry = z.object({
  index: z.number().int(),
  name: z.string(),
  unit: z.string(),
  low: z.number(),
  high: z.number(),
});

/** Entries that stand where their index says. */
function inOrder<Entry extends z.ZodObject<{ index: z.ZodNumber; low: z.ZodNumber; high: z.ZodNumber }>>(
  schema: Entry,
) {
  return z.array(schema).superRefine((entries, context) => {
    for (const [place, { index, low, high }] of entries.entries()) {
      if (index !== place)
        context.addIssue({
          code: "custom",
          path: [place, "index"],
          message: `is ${index}, expected ${place}`,
        });
      if (low > high)
        context.addIssue({ code: "custom", path: [place, "low"], message: `is ${low}, above high ${high}` });
    }
  });
}

const FORMAT_VERSION = 1;
/** What a manifest of any format says of itself. */
const versionSchema = z.looseObject({
  format: z.literal("armgym-policy"),
  formatVersion: z.number(),
  armgymVersion: z.string(),
});

/** The file's content. */
export const policyManifestSchema = z.object({
  format: z.literal("armgym-policy"),
  formatVersion: z.literal(FORMAT_VERSION),
  armgymVersion: z.string(),
  env: z.string(),
  agent: z.string(),
  robot: z.string(),
  jointNames: z.array(z.string()),
  controlMode: z.string(),
  /** Hz */
  controlRate: z.number().positive(),
  /** Raw observation entries, in the order of the input `obs`. */
  observation: inOrder(entry.extend({ group: z.string() })),
  /**
   * Action entries, in the order of the output `actions`, with their limits in physical units; an environment's action
   * in [-1, 1] is (physical - offset) / scale.
   */
  action: inOrder(
    entry.extend({
      meaning: z.string(),
      scale: z.number().refine((scale) => scale !== 0),
      offset: z.number(),
    }),
  ),
  /** The image that the policy reads, where it does: the input `image` of policy.onnx, uint8 [1, height, width, channels]. */
  image: z
    .object({
      height: z.number().int().positive(),
      width: z.number().int().positive(),
      /** 3 per camera, in their order: red, green, blue. */
      channels: z.number().int().positive(),
      /** Where the cameras stand, or on which link, and what they show of the goal. */
      cameras: z.array(cameraDescriptionSchema),
    })
    .optional(),
  /** What the policy remembers from step to step, where it does: further inputs and outputs of policy.onnx, [1, size] each. */
  memory: z
    .object({
      parts: z
        .array(z.object({ input: z.string(), output: z.string(), size: z.number().int().positive() }))
        .min(1),
      /** When to set it to zeros and how to pass it on, for authors of controllers. */
      rule: z.string(),
    })
    .optional(),
  training: z.object({
    run: z.string(),
    seed: z.union([z.string(), z.number()]),
    steps: z.number(),
    successRate: z.number().nullable(),
    /** Entries of the observation that never varied while training: what other values mean was not learned. */
    unvaried: z
      .array(z.object({ name: z.string(), unit: z.string(), mean: z.number(), deviation: z.number() }))
      .optional(),
  }),
});

/** How a memory is used, as policy.json states it. */
export const MEMORY_RULE =
  "Zeros in every memory input at the first step of an episode; after that, each output goes in again at the next step.";

/** Content of policy.json, validated. */
export type PolicyManifest = z.infer<typeof policyManifestSchema>;

/**
 * Parse policy.json.
 *
 * @throws UsageError that names `file` and the entry that is wrong.
 * @example
 * const { controlRate } = parseManifest(policyJson, "policy.json");
 */
export function parseManifest(text: string, file: string): PolicyManifest {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. Export the policy again.`);
  }
  const later = versionSchema.safeParse(data);
  if (later.success && later.data.formatVersion !== FORMAT_VERSION) {
    const { formatVersion, armgymVersion } = later.data;
    throw new UsageError(
      `${file} is of format ${formatVersion}, written by armgym ${armgymVersion}; armgym ${VERSION} reads format ${FORMAT_VERSION}. ` +
        `Run "npx armgym@${armgymVersion}", or export the policy again.`,
    );
  }
  const parsed = policyManifestSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} is damaged: ${firstIssue(parsed.error)}. Export the policy again.`);
}
