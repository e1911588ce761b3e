// A picture of an environment for people: a camera that sees the arm and the things around it.
import { UsageError } from "../math/usage-error.js";
import type { Vec3 } from "../math/vector.js";
import { POSE_SIZE, type SceneDescription } from "../scene/scene.js";
import { Camera } from "../sensors/camera/camera.js";
import { resolveCameras } from "../sensors/camera/camera-config.js";
import type { Simulation } from "./simulation.js";

/** From where it looks: in front of the arm, to its right, above. */
const DIRECTION = [0.95, -0.85, 0.7] as const;
const FOV_DEG = 40;
/** What is added around the origins of links and things, m. */
const MARGIN = 0.2;
/** Pixels. */
const LARGEST = 4096;

/** Draws a simulation; the camera is placed by the first picture of a scene. */
export class SceneRenderer {
  private readonly id: string;
  private readonly simulation: Simulation;
  private size = 0;
  private camera: Camera | undefined;
  private drawnScene = "";

  /** `id` is the environment's. */
  constructor(id: string, simulation: Simulation) {
    this.id = id;
    this.simulation = simulation;
  }

  /**
   * Draw the present state: uint8 [size, size, 3], a fresh array; `size` is in pixels.
   *
   * Throws a UsageError where there is nothing to draw, and for a size that is no whole number of pixels from 1 to 4096.
   */
  render(size = 480): Uint8Array {
    const { id, simulation } = this;
    if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST))
      throw new UsageError(
        `${id}: render() got the size ${size}, expected a whole number of pixels from 1 to ${LARGEST}.`,
      );
    const scene = simulation.scene?.() ?? { entities: [] };
    if (!simulation.poses || scene.entities.length === 0)
      throw new UsageError(
        `${id} cannot be drawn: its simulation has no scene and poses. Return them from its build.`,
      );
    const poses = new Float64Array(POSE_SIZE * scene.entities.length);
    simulation.poses(poses);
    const text = JSON.stringify(scene.entities);
    if (!this.camera || text !== this.drawnScene || size !== this.size) {
      const camera = { name: "render", width: size, height: size, fovDeg: FOV_DEG, ...stand(scene, poses) };
      const [description] = resolveCameras([camera], { known: {}, links: [], owner: id });
      this.camera = new Camera(scene, description!);
      this.drawnScene = text;
      this.size = size;
    }
    return this.camera.render(poses).slice();
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
