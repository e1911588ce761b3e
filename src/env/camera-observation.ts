// What an environment's cameras add to its observation.
import { UsageError } from "../math/usage-error.js";
import type { CameraDescription } from "../replay/camera-description.js";
import { POSE_SIZE } from "../replay/scene.js";
import { type CameraEntry, resolveCameras } from "../sensors/camera/camera-config.js";
import { CameraRig } from "../sensors/camera/camera-rig.js";
import type { Simulation } from "./simulation.js";

/** Whether a policy sees the full state, pictures with what the robot knows of itself, or pictures with the full state. */
export const OBSERVATION_MODES = ["state", "camera", "camera+state"] as const;

/** One of `OBSERVATION_MODES`. */
export type ObservationMode = (typeof OBSERVATION_MODES)[number];

/** Settings of a config that concern cameras; every environment with a scene may have them. */
export interface CameraObservationConfig {
  /** Default "state". */
  readonly observationMode?: ObservationMode;
  /** Default: all cameras that the simulation offers by name. */
  readonly cameras?: readonly CameraEntry[];
}

/** The image of an observation, as plain data. */
export interface ImageSpec {
  readonly height: number;
  readonly width: number;
  /** 3 per camera: red, green, blue of the first, then of the second. */
  readonly channels: number;
  readonly cameras: readonly CameraDescription[];
}

/** Draws the image of an environment's observations. */
export class CameraObservation {
  readonly spec: ImageSpec;
  private rig: CameraRig;
  private readonly simulation: Simulation;
  private readonly poses: Float64Array;

  private constructor(simulation: Simulation, cameras: readonly CameraDescription[]) {
    const scene = simulation.scene?.() ?? { entities: [] };
    this.simulation = simulation;
    this.poses = new Float64Array(POSE_SIZE * scene.entities.length);
    this.rig = new CameraRig(scene, cameras);
    const [height, width, channels] = this.rig.shape;
    this.spec = { height, width, channels, cameras };
  }

  /** Return undefined in mode "state"; throws a UsageError where the mode or a camera is not possible for environment `id`. */
  static create(
    id: string,
    simulation: Simulation,
    { observationMode = "state", cameras }: CameraObservationConfig,
  ): CameraObservation | undefined {
    if (!OBSERVATION_MODES.includes(observationMode)) {
      const modes = OBSERVATION_MODES.map((mode) => `"${mode}"`).join(", ");
      throw new UsageError(`Setting "observationMode" of ${id} is "${observationMode}", expected ${modes}.`);
    }
    if (observationMode === "state") return undefined;
    if (!simulation.scene || !simulation.poses) {
      throw new UsageError(
        `${id} cannot be seen: its simulation has no scene and poses. Set observationMode=state.`,
      );
    }
    const known = simulation.cameras?.() ?? {};
    const links = simulation.scene().entities.map((entity) => entity.id);
    const entries = cameras ?? Object.keys(known);
    return new CameraObservation(simulation, resolveCameras(entries, { known, links, owner: id }));
  }

  /** Look at the scene anew: randomisation has changed the sizes of its objects. */
  refresh(): void {
    this.rig = new CameraRig(this.simulation.scene!(), this.spec.cameras);
  }

  /** Draw the present state: a fresh uint8 array [height, width, channels]. */
  render(): Uint8Array {
    this.simulation.poses!(this.poses);
    return this.rig.render(this.poses);
  }
}
