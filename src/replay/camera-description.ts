// What a camera is, and how an episode looked to it: the data from which its pictures can be drawn again.
import { z } from "zod";

const vector = z.tuple([z.number(), z.number(), z.number()]);
const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** A camera with everything settled. */
export const cameraDescriptionSchema = z.object({
  /** Unique among the cameras of an environment. */
  name: z.string(),
  /** Pixels. */
  width: z.number(),
  height: z.number(),
  /** Vertical field of view, degrees. */
  fovDeg: z.number(),
  /** Entity of the scene that it is fixed to; without it, the world. */
  link: z.string().optional(),
  /** In the link's frame or the world's, m. */
  position: vector,
  /** It looks along its -z axis, its y axis points up in the picture. */
  quaternion,
  /** "solid": a ball like any other; "overlay": drawn over everything, translucent; "hidden": not at all. */
  goalMarker: z.enum(["solid", "overlay", "hidden"]),
  /** Whether a disc on the table shows where below the goal is. */
  goalFootprint: z.boolean(),
});

/** A camera with everything settled. */
export type CameraDescription = z.infer<typeof cameraDescriptionSchema>;
