// A camera that watches a recorded episode: one of its own at another size, or one that sees all of it.
import { didYouMean } from "../math/nearest.js";
import { IDENTITY_QUATERNION } from "../math/quaternion.js";
import { UsageError } from "../math/usage-error.js";
import { type Bounds, boundsOf, framing } from "../recording/framing.js";
import type { EpisodeRecording } from "../recording/recording.js";
import type { CameraDescription } from "../scene/camera-description.js";
import type { SceneEntity } from "../scene/scene.js";
import { Camera } from "../sensors/camera/camera.js";
import { lookAt } from "../sensors/camera/raycast/camera-frame.js";
import { PLAIN_LOOK } from "../sensors/camera/shading/look.js";
import type { Picture } from "./canvas.js";

/** Name of the camera that sees all of an episode. */
export const OVERVIEW = "overview";

/** As the viewer sees a task: its angle, and the direction from what is seen to the camera. */
const FOV_DEG = 36;
const DIRECTION = [1.15, -0.98, 0.52] as const;
/** Around what is seen, and where nothing is to be seen, m. */
const MARGIN = 0.01;
const NOTHING: Bounds = { low: [-0.2, -0.4, 0], high: [0.7, 0.4, 0.7] };

/** Pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How an episode is seen. */
export interface ViewOptions extends PictureSize {
  /** "fine" has smooth edges and shadows, "fast" takes a fifth of the time. */
  readonly quality: "fine" | "fast";
  /** "overview", or the name of a camera of the recording. */
  readonly camera: string;
}

/** Draws an episode's frames. */
export interface EpisodeView {
  /** Draw frame `frame`, counted from 0, into a picture that the next call overwrites. */
  draw(frame: number): Picture;
}

/**
 * Return what draws a recording of one episode; `file` is what errors call it.
 *
 * Throws a UsageError where there is no such camera, or the scene has no shapes.
 */
export function episodeView(recording: EpisodeRecording, options: ViewOptions, file: string): EpisodeView {
  const { width, height, quality } = options;
  const { header, frames } = recording;
  if (!hasShapes(recording))
    throw new UsageError(
      `${file} has no shapes to draw. Record an environment that describes its scene, for example PickPlace-v1.`,
    );
  const description = describe(recording, options, file);
  const isOverview = options.camera === OVERVIEW;
  const overviewLook = { ...PLAIN_LOOK, shadows: quality === "fine" };
  const look = isOverview ? overviewLook : (frames[0]?.look ?? PLAIN_LOOK);
  const camera = new Camera(header.scene, description, look);
  const picture = { width, height, rgb: new Uint8Array(3 * width * height) };
  return {
    draw(frame) {
      const poses = Float64Array.from(frames[frame]!.poses);
      // people see a goal also where cameras do not any more
      const drawn = camera.render(poses, isOverview ? 0 : frame);
      if (quality === "fast") return { width, height, rgb: drawn };
      average(drawn, picture);
      return picture;
    },
  };
}

/** Tell whether there is anything to be seen. */
export function hasShapes({ header }: EpisodeRecording): boolean {
  return header.scene.entities.some(({ shapes }) => shapes.length > 0);
}

function describe(
  recording: EpisodeRecording,
  { width, height, camera, quality }: ViewOptions,
  file: string,
): CameraDescription {
  const fineness = quality === "fine" ? 2 : 1;
  const size = { width: fineness * width, height: fineness * height };
  if (camera === OVERVIEW) return overview(recording, size);
  const cameras = recording.header.cameras ?? [];
  const own = cameras.find(({ name }) => name === camera);
  if (own) return { ...own, ...size };
  const names = [OVERVIEW, ...cameras.map(({ name }) => name)];
  throw new UsageError(
    `There is no camera "${camera}" in ${file}. ${didYouMean(camera, names)}There are: ${names.join(", ")}.`,
  );
}

/** A camera that sees robot and task over all of the episode, from where the viewer does. */
function overview(recording: EpisodeRecording, size: PictureSize): CameraDescription {
  const bounds = boundsOf(recording, isPartOfTask) ?? boundsOf(recording, () => true) ?? NOTHING;
  const picture = { fov: (FOV_DEG * Math.PI) / 180, aspect: size.width / size.height };
  const { position, target } = framing(grown(bounds), DIRECTION, picture);
  return {
    name: OVERVIEW,
    ...size,
    fovDeg: FOV_DEG,
    position: [...position],
    quaternion: [...(lookAt(position, target) ?? IDENTITY_QUATERNION)],
    goalMarker: "solid",
    goalFootprint: false,
  };
}

/** A point needs room, too. */
function grown({ low, high }: Bounds): Bounds {
  const [[a, b, c], [x, y, z]] = [low, high];
  return { low: [a - MARGIN, b - MARGIN, c - MARGIN], high: [x + MARGIN, y + MARGIN, z + MARGIN] };
}

/** A table reaches further than what is done on it. */
function isPartOfTask({ kind }: SceneEntity): boolean {
  return kind !== "table";
}

/** Average squares of two pixels a side into one each. */
function average(fine: Uint8Array, { width, height, rgb }: Picture): void {
  const row = 6 * width;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 2 * (y * row + 3 * x);
      for (let channel = 0; channel < 3; channel++, to++) {
        const above = from + channel;
        const below = above + row;
        rgb[to] = (fine[above]! + fine[above + 3]! + fine[below]! + fine[below + 3]! + 2) >> 2;
      }
    }
  }
}
