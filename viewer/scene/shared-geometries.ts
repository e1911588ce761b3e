// Geometries that all recordings of a robot draw: one that is closed must not free them, the others would upload them again.
import type { BufferGeometry } from "three";

const shared = new WeakSet<BufferGeometry>();

/** Mark a geometry as one that outlives the recording that it is drawn for. */
export function share(geometry: BufferGeometry): BufferGeometry {
  shared.add(geometry);
  return geometry;
}

/** Tell whether a geometry outlives the recording that it is drawn for. */
export function isShared(geometry: BufferGeometry): boolean {
  return shared.has(geometry);
}
