// Scenes and cameras for the tests of the ray caster.
import type { CameraDescription } from "../../../src/scene/camera-description.js";
import type { SceneDescription, SceneEntity, ShapeGeometry } from "../../../src/scene/scene.js";
import { type CameraSettings, resolveCameras } from "../../../src/sensors/camera/camera-config.js";

/** A pose: position and quaternion. */
export type Pose = readonly [number, number, number, number, number, number, number];

/** Where nothing is moved or turned. */
export const AT_ORIGIN: Pose = [0, 0, 0, 0, 0, 0, 1];

/** An object made of one grey shape. */
export function object(
  id: string,
  geometry: ShapeGeometry,
  kind: SceneEntity["kind"] = "object",
): SceneEntity {
  const placed = { position: [0, 0, 0], quaternion: [0, 0, 0, 1], color: [0.5, 0.4, 0.6, 1] } as const;
  return { id, kind, shapes: [{ ...geometry, ...placed }] };
}

/** Put entities into a scene. */
export function sceneOf(...entities: SceneEntity[]): SceneDescription {
  return { entities };
}

/** Put poses one after another. */
export function posesOf(...poses: Pose[]): Float64Array {
  return Float64Array.from(poses.flat());
}

/** Settle a camera. */
export function cameraAt(settings: Partial<CameraSettings>): CameraDescription {
  const all = { name: "test", width: 33, height: 25, fovDeg: 40, ...settings };
  return resolveCameras([all], { known: {}, links: ["hand"], owner: "a test" })[0]!;
}
