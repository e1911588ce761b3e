// A picture of an environment for people: a camera that sees the arm and the things around it.
import type { Env } from "../env/env.js";
import type { Vec3 } from "../math/vector.js";
import { POSE_SIZE, type SceneDescription } from "../scene/scene.js";
import { Camera } from "../sensors/camera/camera.js";
import { resolveCameras } from "../sensors/camera/camera-config.js";

/** From where it looks: in front of the arm, to its right, above. */
const DIRECTION = [0.95, -0.85, 0.7] as const;
const FOV_DEG = 40;
/** What is added around the origins of links and things, m. */
const MARGIN = 0.2;

/** Draws one environment; the camera is placed by the first picture of a scene. */
export class SceneRenderer {
  private readonly env: Env;
  private readonly size: number;
  private camera: Camera | undefined;
  private drawnScene = "";

  /** `size` is the width and the height of a picture in pixels. */
  constructor(env: Env, size: number) {
    this.env = env;
    this.size = size;
  }

  /** Tell whether it draws this environment at this size. */
  fits(env: Env, size: number): boolean {
    return env === this.env && size === this.size;
  }

  /** Draw the present state: uint8 [size, size, 3], overwritten by the next call. Throws a UsageError where there is nothing to draw. */
  render(): Uint8Array {
    const { env, size } = this;
    const scene = env.scene();
    const poses = new Float64Array(POSE_SIZE * scene.entities.length);
    env.poses(poses);
    const text = JSON.stringify(scene);
    if (!this.camera || text !== this.drawnScene) {
      const camera = { name: "render", width: size, height: size, fovDeg: FOV_DEG, ...stand(scene, poses) };
      const [description] = resolveCameras([camera], { known: {}, links: [], owner: env.id });
      this.camera = new Camera(scene, description!);
      this.drawnScene = text;
    }
    return this.camera.render(poses);
  }
}

/** Return where a camera stands and looks so that it sees all links, things and goals. */
function stand({ entities }: SceneDescription, poses: Float64Array): { eye: Vec3; target: Vec3 } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  entities.forEach(({ kind }, index) => {
    if (kind === "table" || kind === "region") return;
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, poses[POSE_SIZE * index + axis]!);
      high[axis] = Math.max(high[axis]!, poses[POSE_SIZE * index + axis]!);
    }
  });
  const centre = (axis: number) => (Number.isFinite(low[axis]) ? (low[axis]! + high[axis]!) / 2 : 0);
  const half = (axis: number) => (Number.isFinite(low[axis]) ? (high[axis]! - low[axis]!) / 2 : 0);
  const radius = MARGIN + Math.hypot(half(0), half(1), half(2));
  const away = radius / Math.sin((FOV_DEG * Math.PI) / 360) / Math.hypot(...DIRECTION);
  const target: Vec3 = [centre(0), centre(1), centre(2)];
  return { eye: [0, 1, 2].map((axis) => target[axis]! + away * DIRECTION[axis]!) as unknown as Vec3, target };
}
