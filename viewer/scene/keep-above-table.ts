// The camera stays above the table, as whoever stands there does.
import type { PerspectiveCamera } from "three";
import type { OrbitControls } from "three/addons/controls/OrbitControls.js";

/** Lowest the camera goes, and what it looks at, m above the table. */
const LOWEST_EYE = 0.03;
const LOWEST_TARGET = 0;

/** Lift the camera where it has gone too low, together with what it looks at where that has. */
export function keepAboveTable(camera: PerspectiveCamera, controls: OrbitControls): void {
  const { target } = controls;
  if (target.z < LOWEST_TARGET) {
    camera.position.z += LOWEST_TARGET - target.z;
    target.z = LOWEST_TARGET;
  }
  if (camera.position.z >= LOWEST_EYE) return;
  camera.position.z = LOWEST_EYE;
  camera.lookAt(target);
}
