// The camera of the 3-D view: what it looks at, and how it moves.
import { type Color, Fog, PerspectiveCamera, type Scene, Vector3 } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { type Bounds, boundsOf, framing, union } from "../../src/recording/framing.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { SceneEntity } from "../../src/scene/scene.js";
import { keepAboveTable } from "./keep-above-table.js";
import { directionOf, type ViewName } from "./view-presets.js";

/** Seen where nothing is shown yet, m. */
const NOTHING: Bounds = { low: [-0.2, -0.4, 0], high: [0.7, 0.4, 0.7] };
/** Fog begins and ends at so many times the distance of what is looked at, and begins no nearer than this, m. */
const FOG = { begin: 1.5, end: 3.2, nearest: 2.6 } as const;
const WIDE_FOV = 36;
const TALL_FOV = 48;

/** Stands where robot and task fit the picture, until the user moves it. */
export class SceneCamera {
  readonly camera = new PerspectiveCamera(WIDE_FOV, 1, 0.02, 20);
  readonly controls: OrbitControls;
  private readonly scene: Scene;
  private readonly changed: () => void;
  private readonly aspect: () => number;
  /** What is looked at: all of it, and where the task is done. */
  private bounds: { readonly all: Bounds; readonly task: Bounds } = { all: NOTHING, task: NOTHING };
  /** Tasks and robots that the view was chosen for. */
  private framed = "";
  private view: ViewName = "start";
  /** Whether the user has moved the camera since. */
  private isMoved = false;
  private follows = false;
  private followed: Vector3 | undefined;

  /** `changed` is called when something else is seen; `aspect` tells the width of a picture over its height. */
  constructor(canvas: HTMLCanvasElement, scene: Scene, changed: () => void, aspect: () => number) {
    this.scene = scene;
    this.changed = changed;
    this.aspect = aspect;
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.minDistance = 0.15;
    this.controls.addEventListener("start", () => {
      this.isMoved = true;
    });
    this.controls.addEventListener("change", () => {
      keepAboveTable(this.camera, this.controls);
      changed();
    });
  }

  /** Look at another task or robot as it fits the picture; a view that the user has chosen stays for the same one. */
  open(recordings: readonly EpisodeRecording[]): void {
    this.followed = undefined;
    if (recordings.length === 0) return;
    const framed = [...new Set(recordings.map(({ header: { env, robot } }) => `${env} ${robot}`))].join();
    const isOther = framed !== this.framed;
    this.framed = framed;
    if (isOther) this.bounds = boundsToSee(recordings);
    if (isOther || !this.isMoved) this.look(isOther ? "start" : this.view);
  }

  /** Look from a point of view, at all there is or, "close", at where the task is done. */
  look(view: ViewName): void {
    const { camera, controls, bounds } = this;
    this.view = view;
    this.isMoved = false;
    const aspect = this.aspect();
    const seen = view === "close" ? bounds.task : bounds.all;
    const picture = { fov: (fovOf(aspect) * Math.PI) / 180, aspect };
    const { position, target } = framing(seen, directionOf(view), picture);
    camera.position.set(...position);
    controls.target.set(...target);
    const distance = camera.position.distanceTo(controls.target);
    controls.maxDistance = Math.max(6, 3 * distance);
    camera.far = Math.max(20, 6 * distance);
    controls.update();
    keepAboveTable(camera, controls);
    this.paint(this.scene.background as Color);
    this.changed();
  }

  /** Let what is far away fade into `color`, however large the robot is. */
  paint(color: Color): void {
    const near = Math.max(FOG.nearest, FOG.begin * this.camera.position.distanceTo(this.controls.target));
    this.scene.background = color;
    this.scene.fog = new Fog(color, near, (near * FOG.end) / FOG.begin);
  }

  /** Take the width over the height of what is drawn next. */
  setAspect(aspect: number): void {
    this.camera.aspect = aspect;
    this.camera.fov = fovOf(aspect);
    this.camera.updateProjectionMatrix();
  }

  /** The picture has another size: what fitted it is to fit again. */
  resized(): void {
    if (!this.isMoved) this.look(this.view);
  }

  /** Move along with the tool, or no longer. */
  setFollow(follows: boolean): void {
    this.follows = follows;
    this.followed = undefined;
  }

  /** Move along with the tool of a frame where that is wanted. */
  follow({ tool }: RecordedFrame): void {
    if (!this.follows || !tool?.every(Number.isFinite)) return;
    const now = new Vector3(tool[0], tool[1], tool[2]);
    // from the first frame on the camera keeps its distance; before, it turns to the tool
    const moved = now.clone().sub(this.followed ?? this.controls.target);
    this.camera.position.add(moved);
    this.controls.target.add(moved);
    this.controls.update();
    this.followed = now;
    this.isMoved = true;
  }
}

/** What a small picture of an episode shows, m. */
export function boundsToPicture(recording: EpisodeRecording): Bounds {
  return boundsOf(recording, isPartOfTask) ?? NOTHING;
}

/** A table reaches further than what is done on it. */
function isPartOfTask({ kind }: SceneEntity): boolean {
  return kind !== "table";
}

function boundsToSee(recordings: readonly EpisodeRecording[]): {
  readonly all: Bounds;
  readonly task: Bounds;
} {
  const all = union(recordings.map(boundsToPicture))!;
  const parts = recordings.flatMap((recording) => {
    const { toolLinks = [] } = recording.header;
    const isNear = ({ kind, id }: SceneEntity) =>
      kind === "object" || kind === "goal" || toolLinks.includes(id);
    return boundsOf(recording, isNear) ?? [];
  });
  return { all, task: union(parts) ?? all };
}

function fovOf(aspect: number): number {
  return aspect < 1 ? TALL_FOV : WIDE_FOV;
}
