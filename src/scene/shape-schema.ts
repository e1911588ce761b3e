// Shapes as read from a file.
import { z } from "zod";

const vector = z.tuple([z.number(), z.number(), z.number()]);
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const placed = {
  ...{ position: vector, quaternion, color: quaternion },
  seenBy: z.enum(["people", "cameras"]).optional(),
};
/** A shape as read from a file. */
export const shapeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("box"), size: vector, ...placed }),
  z.object({ type: z.literal("sphere"), radius: z.number(), ...placed }),
  z.object({ type: z.literal("capsule"), radius: z.number(), length: z.number(), ...placed }),
  z.object({ type: z.literal("cylinder"), radius: z.number(), length: z.number(), ...placed }),
  z.object({ type: z.literal("convex"), points: z.array(vector), ...placed }),
  z.object({ type: z.literal("lathe"), profile: z.array(z.tuple([z.number(), z.number()])), ...placed }),
  z.object({
    type: z.literal("mesh"),
    // it becomes part of a file's name
    file: z.string().regex(/^[0-9a-f]{64}$/),
    mesh: z.number().int().nonnegative(),
    low: vector,
    high: vector,
    ...placed,
  }),
]);
