// What disturbs an environment besides the policy's action, as it is recorded with a frame.
import { z } from "zod";

const point = z.tuple([z.number(), z.number(), z.number()]);
const factor = z.number().positive();

/** A perturbation as read from a file. */
export const perturbationSchema = z.object({
  /** A spring from a point of an entity of the scene, in its own frame, to a target in the world, m; for one step. */
  pull: z.object({ entity: z.string(), point, target: point }).optional(),
  /** Where the goal is from now on, m. */
  goal: point.optional(),
  /** Mass of free bodies by entity, as a factor of what they were made with, from now on. */
  mass: z.record(z.string(), factor).optional(),
  /** Friction of everything, as a factor of what it was made with, from now on. */
  friction: factor.optional(),
});

/** What disturbs one control step: the pull ends with the step, all else stays. */
export type Perturbation = z.infer<typeof perturbationSchema>;
