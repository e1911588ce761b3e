// Where the scene can be looked at from.
import type { PerspectiveCamera } from "three";
import type { OrbitControls } from "three/addons/controls/OrbitControls.js";

/** A point of view: where the camera stands and what it looks at, m. */
interface View {
  readonly position: readonly [number, number, number];
  readonly target: readonly [number, number, number];
}

const TABLE = [0.42, 0, 0.18] as const;
const VIEWS = {
  start: { position: [1.42, -0.98, 0.78], target: [0.27, 0, 0.31] },
  front: { position: [1.95, 0, 0.5], target: [0.3, 0, 0.3] },
  left: { position: [0.4, 1.7, 0.45], target: [0.3, 0, 0.3] },
  right: { position: [0.4, -1.7, 0.45], target: [0.3, 0, 0.3] },
  top: { position: [0.4201, 0, 1.7], target: TABLE },
  close: { position: [0.86, -0.46, 0.34], target: [0.45, 0, 0.08] },
} as const satisfies Readonly<Record<string, View>>;

/** Name of a point of view. */
export type ViewName = keyof typeof VIEWS;

/** Tell whether `name` is a point of view. */
export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(VIEWS, name);
}

/** Look at the scene from a point of view. */
export function lookFrom(name: ViewName, camera: PerspectiveCamera, controls: OrbitControls): void {
  const { position, target }: View = VIEWS[name];
  camera.position.set(...position);
  controls.target.set(...target);
  controls.update();
}
