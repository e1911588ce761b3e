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

/** Patterns that a surface may have. */
export const TEXTURE_NAMES = ["plain", "checker", "stripes", "mosaic"] as const;

/** One of `TEXTURE_NAMES`. */
export type Texture = (typeof TEXTURE_NAMES)[number];

const paint = z.object({
  /** Added to red, green and blue, 0 to 1, of its shapes. */
  shift: vector,
  texture: z.enum(TEXTURE_NAMES),
  /** Size of the pattern's fields, m. */
  size: z.number().positive(),
  /** How much darker its dark fields are, 0 to 1. */
  contrast: z.number(),
});

/** How a scene looks: light, shadows, what surfaces are painted with, and what cameras do to it. */
export const lookSchema = z.object({
  /** Where the light comes from; its length does not matter. */
  light: vector,
  /** Brightness of a surface in the dark, and what is added where the light falls straight on it. */
  ambient: z.number(),
  diffuse: z.number(),
  /** Whether things throw shadows. */
  shadows: z.boolean(),
  /** Red, green and blue, 0 to 1. */
  skyColor: vector,
  floorColor: vector,
  /** By id of the entity, "floor" for the floor. */
  paints: z.record(z.string(), paint),
  /** By name of the camera: how far it stands from its place (m), is turned (half-angle tangents about its axes) and zooms. */
  cameras: z.record(z.string(), z.object({ shift: vector, turn: vector, fovDeg: z.number() })),
  /** Pixels that a picture is blurred over to each side. */
  blur: z.number(),
  /** Standard deviation of what is added to each value, of 255. */
  noise: z.number(),
  /** Of the noise. */
  seed: z.number(),
});

/** How a scene looks. */
export type Look = z.infer<typeof lookSchema>;

/** What a surface is painted with. */
export type Paint = z.infer<typeof paint>;
