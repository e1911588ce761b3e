// What an environment's cameras add to its observation.
import { UsageError } from "../math/usage-error.js";
import type { CameraDescription, Look } from "../scene/camera-description.js";
import { entityNames, POSE_SIZE } from "../scene/scene.js";
import { type CameraEntry, resolveCameras, stackedShape } from "../sensors/camera/camera-config.js";
import { CameraRig } from "../sensors/camera/camera-rig.js";
import { APPEARANCE, type Appearance, lookOf } from "../sensors/camera/shading/look.js";
import {
  parseVisualRandomization,
  requireCamerasSee,
  type VisualRandomizationSetting,
  VisualRandomizer,
  type VisualRandomizerSnapshot,
} from "./randomization/visual-randomization.js";
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
  /** How scenes look; default: plain colours without shadows. */
  readonly appearance?: Appearance;
  /** How much that varies from episode to episode; default "none". */
  readonly visualRandomization?: VisualRandomizationSetting;
}

/** The image of an observation, as plain data. */
export interface ImageSpec {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 3 per camera: red, green, blue of the first, then of the second. */
  readonly channels: number;
  /** In the order of the channels. */
  readonly cameras: readonly CameraDescription[];
}

/** Draws the image of an environment's observations. */
export class CameraObservation {
  readonly spec: ImageSpec;
  private readonly simulation: Simulation;
  private readonly plain: Look;
  private readonly visual: VisualRandomizer | undefined;
  private rig: CameraRig;
  private poses: Float64Array;
  /** The scene that the rig was made for, as text: bodies may change their sizes between episodes. */
  private drawnScene = "";

  private constructor(
    id: string,
    simulation: Simulation,
    cameras: readonly CameraDescription[],
    { appearance = APPEARANCE, visualRandomization }: CameraObservationConfig,
  ) {
    const scene = simulation.scene!();
    this.simulation = simulation;
    this.plain = lookOf(appearance, id);
    const ranges = parseVisualRandomization(visualRandomization, id);
    this.visual = ranges && new VisualRandomizer(ranges, this.plain, cameras, `${id}/0`);
    this.rig = new CameraRig(scene, cameras, this.plain);
    this.poses = new Float64Array(POSE_SIZE * scene.entities.length);
    this.drawnScene = JSON.stringify(scene);
    const [height, width, channels] = this.rig.shape;
    this.spec = { height, width, channels, cameras };
  }

  /** Return undefined in mode "state"; throws a UsageError where the mode or a camera is not possible for environment `id`. */
  static create(
    id: string,
    simulation: Simulation,
    config: CameraObservationConfig,
  ): CameraObservation | undefined {
    const { observationMode = "state", cameras, appearance, visualRandomization } = config;
    if (!OBSERVATION_MODES.includes(observationMode)) {
      const modes = OBSERVATION_MODES.map((mode) => `"${mode}"`).join(", ");
      throw new UsageError(`Setting "observationMode" of ${id} is "${observationMode}", expected ${modes}.`);
    }
    // mistakes are reported before a camera is used: a run may be evaluated or watched in another mode
    if (appearance) lookOf(appearance, id);
    const ranges = parseVisualRandomization(visualRandomization, id);
    const known = simulation.cameras?.();
    if (observationMode === "state" && !(known && simulation.scene)) return undefined;
    if (!simulation.scene || !simulation.poses) {
      throw new UsageError(
        `${id} cannot be drawn: its simulation has no scene and poses. Set observationMode=state.`,
      );
    }
    const surroundings = { known: known ?? {}, links: entityNames(simulation.scene()), owner: id };
    const resolved = resolveCameras(cameras ?? Object.keys(surroundings.known), surroundings);
    stackedShape(resolved);
    if (ranges) requireCamerasSee(ranges, resolved, simulation.scene(), id);
    return observationMode === "state" ? undefined : new CameraObservation(id, simulation, resolved, config);
  }

  /** How the present episode looks. */
  get look(): Look {
    return this.visual?.look ?? this.plain;
  }

  /** Restart the random streams. */
  seed(name: string): void {
    this.visual?.seed(name);
  }

  /** Draw how the episode looks; call after the simulation was reset. */
  begin(): void {
    this.visual?.begin(this.simulation.scene!());
    this.show();
  }

  /** Draw the present state, `frame` control steps after the reset: a fresh uint8 array [height, width, channels]. */
  render(frame: number): Uint8Array {
    this.simulation.poses!(this.poses);
    return this.rig.render(this.poses, frame);
  }

  snapshot(): VisualRandomizerSnapshot | undefined {
    return this.visual?.snapshot();
  }

  /** Become what `snapshot` was; call after the simulation was restored. */
  restore(snapshot: VisualRandomizerSnapshot | undefined): void {
    if (snapshot) this.visual?.restore(snapshot);
    this.show();
  }

  private show(): void {
    const scene = this.simulation.scene!();
    const text = JSON.stringify(scene);
    if (text !== this.drawnScene) {
      this.drawnScene = text;
      this.rig = new CameraRig(scene, this.spec.cameras, this.look);
      this.poses = new Float64Array(POSE_SIZE * scene.entities.length);
    } else if (this.visual) this.rig.setLook(this.look);
  }
}
