// The messages of the JSON protocol as schemas: what is sent over the WebSocket at /json; browser-safe.
import { z } from "zod";
import type { PolicyManifest } from "../../deploy/policy-manifest.js";
import { servedPolicySchema } from "./served-policy.js";

const LONGEST_ID = 128;

const idSchema = z
  .union([z.string().max(LONGEST_ID), z.int()])
  .describe("Comes back in the answer; for clients that do not wait for one before they ask again.");

const imageSchema = z
  .strictObject({
    encoding: z
      .enum(["raw", "png"])
      .describe("raw: bytes in the order height, width, channels. png: 8 bits, RGB or RGBA without meaning."),
    data: z.string().meta({ contentEncoding: "base64" }).describe("The bytes in base64."),
  })
  .describe("A picture of the size that the policy reads.");

const inferSchema = z.strictObject({
  type: z.literal("infer"),
  id: idSchema.optional(),
  reset: z.boolean().optional().describe("Forget the episode so far first: this is the first step of one."),
  observation: z.unknown().optional(),
  image: imageSchema.optional().describe("All channels of all cameras; png where there is one camera."),
  images: z.record(z.string(), imageSchema).optional().describe("By the names of the cameras, RGB each."),
});

const resetSchema = z
  .strictObject({ type: z.literal("reset"), id: idSchema.optional() })
  .describe("Forget the episode so far: an answer of the type reset follows.");

/** What a client sends, but for the observation and the images, whose names and sizes hang on the policy. */
export const requestSchema = z.discriminatedUnion("type", [inferSchema, resetSchema], {
  error: 'expected "infer" or "reset"',
});

/** An image as a client sends it. */
export type JsonImage = z.infer<typeof imageSchema>;

const actionsSchema = z.object({
  type: z.literal("actions"),
  id: idSchema.optional(),
  actions: z.array(z.number()).describe("In physical units, in the order of the metadata's action entries."),
  inferMs: z.number().describe("Time that the policy took, ms."),
});
const forgottenSchema = z.object({ type: z.literal("reset"), id: idSchema.optional() });
const errorSchema = z
  .object({
    type: z.literal("error"),
    id: idSchema.optional(),
    code: z.enum(["bad_request", "busy", "ending", "internal"]),
    message: z.string(),
  })
  .describe(
    "The request was not carried out; memory is as it was. The session goes on, but after internal and ending.",
  );
const metadataSchema = servedPolicySchema
  .extend({ type: z.literal("metadata") })
  .describe("The first message of a session.");

/** What a server sends. */
export const answerSchema = z.discriminatedUnion("type", [
  metadataSchema,
  actionsSchema,
  forgottenSchema,
  errorSchema,
]);

/** What a client of this policy may send, names and sizes included; NaN and infinite numbers are no JSON. */
export function requestSchemaOf({ observation, image }: PolicyManifest) {
  const named = z.strictObject(
    Object.fromEntries(observation.map(({ name, unit }) => [name, z.number().describe(unit)])),
  );
  const listed = z
    .array(z.number())
    .length(observation.length)
    .describe("In the order of the metadata's observation entries.");
  const cameras =
    image && z.strictObject(Object.fromEntries(image.cameras.map(({ name }) => [name, imageSchema])));
  const { image: whole, images: _, ...always } = inferSchema.shape;
  const infer = z.strictObject({
    ...always,
    observation: z.union([listed, named]),
    ...(cameras ? { image: whole, images: cameras.optional() } : {}),
  });
  return z.discriminatedUnion("type", [infer, resetSchema]);
}

/** Return the schema of all messages as JSON Schema. */
export function messagesAsJsonSchema(manifest: PolicyManifest): Readonly<Record<string, unknown>> {
  const { $schema, ...request } = z.toJSONSchema(requestSchemaOf(manifest), { io: "input" });
  const { $schema: _, ...answer } = z.toJSONSchema(answerSchema, { io: "input" });
  return {
    $schema,
    title: `Messages of the policy for ${manifest.env}, over the WebSocket at /json`,
    oneOf: [{ $ref: "#/$defs/request" }, { $ref: "#/$defs/answer" }],
    $defs: { request, answer },
  };
}
