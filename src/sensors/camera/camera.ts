// A camera: pictures of a scene by casting rays at its shapes, the same bits in every engine.
import type { CameraDescription } from "../../replay/camera-description.js";
import { POSE_SIZE, type SceneDescription } from "../../replay/scene.js";
import { APPEARANCE, type Appearance, FLOOR_HEIGHT } from "./appearance.js";
import { lengthOf, rotationMatrix, tangentOfHalf } from "./camera-frame.js";
import { drawGoalDisc, drawGoalOverlay } from "./goal-marker.js";
import { PlacedPrimitives } from "./placed-primitives.js";
import { buildPrimitives, type Primitives, WORLD } from "./primitives.js";
import { RayTarget } from "./ray-target.js";
import { SurfaceLight } from "./surface-light.js";

/** The disc below the goal: how much wider and how much darker than the goal itself. */
const DISC_RADIUS = 1.2;
const DISC_SHADE = 0.6;

interface Goal {
  readonly entity: number;
  readonly radius: number;
  /** 0 to 255 */
  readonly color: readonly number[];
}

/** Draws one camera's pictures into buffers that it keeps. */
export class Camera {
  readonly description: CameraDescription;
  /** What `render` drew: uint8 [height, width, 3]. */
  readonly rgb: Uint8Array;
  private readonly pixels: Uint8ClampedArray;
  private readonly sky: Uint8ClampedArray;
  private readonly primitives: Primitives;
  private readonly placed: PlacedPrimitives;
  private readonly target: RayTarget;
  private readonly surface: SurfaceLight;
  private readonly appearance: Appearance;
  private readonly goal: Goal | undefined;
  /** Index of the entity that it is fixed to, or -1. */
  private readonly mount: number;
  private readonly eye = new Float64Array(3);
  /** Rows: right, up and forward in world axes. */
  private readonly view = new Float64Array(9);
  /** Turn of the mount, and of the camera on it. */
  private readonly mountTurn = new Float64Array(9);
  private readonly ownTurn = new Float64Array(9);
  /** A goal's place in the world and in the camera's frame. */
  private readonly goalPoint = new Float64Array(3);
  private readonly seenPoint = new Float64Array(3);
  /** Columns of each row that something may have been drawn in. */
  private readonly spanLeft: Int16Array;
  private readonly spanRight: Int16Array;
  /** Per part: index of its entity + 1; 0 for sky and floor. */
  private readonly partLabels: Uint16Array;
  /** Per part: whether it is the table's. */
  private readonly onTable: Uint8Array;
  private readonly background: Background | undefined;

  constructor(scene: SceneDescription, description: CameraDescription, appearance: Appearance = APPEARANCE) {
    const { width, height, fovDeg, link, goalMarker } = description;
    const { entities } = scene;
    this.description = description;
    this.appearance = appearance;
    this.mount = link === undefined ? -1 : entities.findIndex(({ id }) => id === link);
    this.goal = goalOf(scene);
    const isShown = (index: number) => {
      const { kind } = entities[index]!;
      // what the camera is fixed to would only stand before its lens
      return kind !== "region" && index !== this.mount && (kind !== "goal" || goalMarker === "solid");
    };
    const isFixed = (index: number) => entities[index]!.kind === "table" || entities[index]!.id === "base";
    const floor = { height: FLOOR_HEIGHT, color: [...appearance.floorColor, 1] as const };
    this.primitives = buildPrimitives(scene, floor, isShown, isFixed);
    this.placed = new PlacedPrimitives(this.primitives);
    this.target = new RayTarget(width, height, tangentOfHalf(fovDeg));
    this.pixels = new Uint8ClampedArray(3 * width * height);
    this.rgb = new Uint8Array(this.pixels.buffer);
    const { skyColor } = appearance;
    this.sky = Uint8ClampedArray.from(this.pixels, (_, o) => 255 * skyColor[o % 3]!);
    this.spanLeft = new Int16Array(height);
    this.spanRight = new Int16Array(height);
    // the last part is the disc below the goal
    const numParts = this.primitives.numParts + 1;
    this.surface = new SurfaceLight(numParts);
    this.partLabels = new Uint16Array(numParts);
    this.onTable = new Uint8Array(numParts);
    this.describeParts(scene);
    rotationMatrix(description.quaternion, 0, this.ownTurn);
    if (this.mount < 0) {
      this.aim(new Float64Array(0));
      const fixed = entities.flatMap((_, index) => (isFixed(index) ? [index] : []));
      this.background = createBackground(this.target, fixed);
    }
  }

  /** Draw the scene with its entities at `poses`, `POSE_SIZE` numbers each, and return `rgb`, which the next call overwrites. */
  render(poses: Float64Array): Uint8Array {
    const { primitives, background, target, pixels } = this;
    const { firstMoving, count } = primitives;
    this.clearSpans();
    if (background) {
      if (hasMoved(background, poses)) this.renderBackground(background, poses);
      target.inverseDepths.set(background.inverseDepths);
      target.parts.set(background.parts);
      pixels.set(background.pixels);
    } else {
      this.aim(poses);
      this.clear();
      this.draw(0, firstMoving, poses);
    }
    this.drawDisc(poses);
    this.draw(firstMoving, count, poses);
    this.shade(background ? (primitives.firstPart[firstMoving] ?? primitives.numParts) : 1);
    this.drawOverlay(poses);
    return this.rgb;
  }

  /** Write the depth of what `render` drew along the direction of view into `out` [height, width], m; infinite in the sky. */
  depth(out: Float32Array): Float32Array {
    const { inverseDepths } = this.target;
    for (let o = 0; o < inverseDepths.length; o++) out[o] = 1 / inverseDepths[o]!;
    return out;
  }

  /** Write the entity that each pixel shows, its index in the scene + 1, 0 for floor and sky, into `out` [height, width]. */
  segmentation(out: Uint16Array): Uint16Array {
    const { partLabels } = this;
    const { parts } = this.target;
    for (let o = 0; o < parts.length; o++) out[o] = partLabels[parts[o]!]!;
    return out;
  }

  private describeParts({ entities }: SceneDescription): void {
    const { primitives, surface, partLabels, onTable, goal } = this;
    const { count, firstPart, numParts, colors } = primitives;
    for (let p = 0; p < count; p++) {
      const entity = primitives.entities[p]!;
      for (let part = firstPart[p]!; part < (firstPart[p + 1] ?? numParts); part++) {
        surface.red[part] = colors[3 * p]!;
        surface.green[part] = colors[3 * p + 1]!;
        surface.blue[part] = colors[3 * p + 2]!;
        partLabels[part] = entity === WORLD ? 0 : entity + 1;
        onTable[part] = entity !== WORLD && entities[entity]!.kind === "table" ? 1 : 0;
      }
    }
    if (!goal) return;
    const [red, green, blue] = goal.color as [number, number, number];
    surface.red[numParts] = DISC_SHADE * red;
    surface.green[numParts] = DISC_SHADE * green;
    surface.blue[numParts] = DISC_SHADE * blue;
    partLabels[numParts] = goal.entity + 1;
  }

  /** Set where the camera is and how it looks. */
  private aim(poses: Float64Array): void {
    const { eye, view, mount, mountTurn, ownTurn } = this;
    const [x, y, z] = this.description.position;
    let turn = ownTurn;
    if (mount < 0) {
      eye[0] = x;
      eye[1] = y;
      eye[2] = z;
    } else {
      const o = POSE_SIZE * mount;
      turn = mountTurn;
      rotationMatrix(poses, o + 3, turn);
      for (let k = 0; k < 3; k++)
        eye[k] = poses[o + k]! + turn[3 * k]! * x + turn[3 * k + 1]! * y + turn[3 * k + 2]! * z;
    }
    for (let k = 0; k < 3; k++) {
      // columns of the camera's turn are right, up and back
      for (let column = 0; column < 3; column++) {
        let entry = ownTurn[3 * k + column]!;
        if (mount >= 0) {
          entry = 0;
          for (let j = 0; j < 3; j++) entry += turn[3 * k + j]! * ownTurn[3 * j + column]!;
        }
        view[3 * column + k] = column === 2 ? -entry : entry;
      }
    }
    const { light } = this.appearance;
    const length = lengthOf(light);
    const { direction } = this.surface;
    for (let k = 0; k < 3; k++) {
      const o = 3 * k;
      direction[k] = (view[o]! * light[0] + view[o + 1]! * light[1] + view[o + 2]! * light[2]) / length;
    }
  }

  private draw(first: number, end: number, poses: Float64Array): void {
    const { placed, target, surface } = this;
    placed.move(first, end, poses, this.eye, this.view);
    placed.cast(first, end, target, surface, this.spanLeft, this.spanRight);
  }

  private renderBackground(background: Background, poses: Float64Array): void {
    const { target, pixels } = this;
    this.clear();
    this.draw(0, this.primitives.firstMoving, poses);
    this.shade(1);
    background.pixels.set(pixels);
    background.inverseDepths.set(target.inverseDepths);
    background.parts.set(target.parts);
    for (const [k, entity] of background.entities.entries())
      background.poses.set(poses.subarray(POSE_SIZE * entity, POSE_SIZE * (entity + 1)), POSE_SIZE * k);
    background.drawn = true;
    this.clearSpans();
  }

  private clear(): void {
    const { target, pixels, sky } = this;
    target.inverseDepths.fill(0);
    target.parts.fill(0);
    pixels.set(sky);
  }

  private clearSpans(): void {
    this.spanLeft.fill(this.target.width);
    this.spanRight.fill(-1);
  }

  /** Paint the pixels whose part is `firstPart` or a later one. */
  private shade(firstPart: number): void {
    const { target, surface, pixels, spanLeft, spanRight } = this;
    const { width, height, us, vs, inverseDepths, parts } = target;
    const { x, y, z, offset, red, green, blue } = surface;
    const { ambient, diffuse } = this.appearance;
    // neighbours mostly show the same part
    let last = -1;
    let isFlat = false;
    let dx = 0;
    let dy = 0;
    let dz = 0;
    let shift = 0;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let row = 0; row < height; row++) {
      const v = vs[row]!;
      const end = spanRight[row]!;
      for (let column = spanLeft[row]!; column <= end; column++) {
        const o = row * width + column;
        const part = parts[o]!;
        if (part < firstPart) continue;
        if (part !== last) {
          last = part;
          dx = x[part]!;
          dy = y[part]!;
          dz = z[part]!;
          shift = offset[part]!;
          r = red[part]!;
          g = green[part]!;
          b = blue[part]!;
          isFlat = dx === 0 && dy === 0 && dz === 0;
          if (isFlat) {
            const brightness = shift < 0 ? ambient - diffuse * shift : ambient;
            r *= brightness;
            g *= brightness;
            b *= brightness;
          }
        }
        let brightness = 1;
        if (!isFlat) {
          const light = (dx * us[column]! + dy * v + dz) / inverseDepths[o]! - shift;
          brightness = light > 0 ? ambient + diffuse * light : ambient;
        }
        pixels[3 * o] = brightness * r;
        pixels[3 * o + 1] = brightness * g;
        pixels[3 * o + 2] = brightness * b;
      }
    }
  }

  private drawDisc(poses: Float64Array): void {
    const { goal, goalPoint, seenPoint, target, primitives, spanLeft, spanRight } = this;
    if (!goal || !this.description.goalFootprint) return;
    const o = POSE_SIZE * goal.entity;
    goalPoint[0] = poses[o]!;
    goalPoint[1] = poses[o + 1]!;
    goalPoint[2] = 0;
    this.toCamera(goalPoint, seenPoint);
    const radius = DISC_RADIUS * goal.radius;
    const { eye, view, onTable, surface } = this;
    surface.setFlat(primitives.numParts, view[2]!, view[5]!, view[8]!);
    if (!drawGoalDisc(target, goalPoint, seenPoint, radius, eye, view, onTable, primitives.numParts)) return;
    for (let row = target.top; row <= target.bottom; row++) {
      spanLeft[row] = Math.min(spanLeft[row]!, target.left);
      spanRight[row] = Math.max(spanRight[row]!, target.right);
    }
  }

  private drawOverlay(poses: Float64Array): void {
    const { goal, goalPoint, seenPoint, target, pixels } = this;
    if (!goal || this.description.goalMarker !== "overlay") return;
    const o = POSE_SIZE * goal.entity;
    for (let k = 0; k < 3; k++) goalPoint[k] = poses[o + k]!;
    this.toCamera(goalPoint, seenPoint);
    drawGoalOverlay(target, pixels, seenPoint, goal.radius, goal.color);
  }

  private toCamera(point: Float64Array, out: Float64Array): void {
    const { eye, view } = this;
    const x = point[0]! - eye[0]!;
    const y = point[1]! - eye[1]!;
    const z = point[2]! - eye[2]!;
    for (let k = 0; k < 3; k++) out[k] = view[3 * k]! * x + view[3 * k + 1]! * y + view[3 * k + 2]! * z;
  }
}

/** The picture of what never moves. */
interface Background {
  readonly pixels: Uint8ClampedArray;
  readonly inverseDepths: Float32Array;
  readonly parts: Uint16Array;
  /** Indices of the entities in it, and where they stood. */
  readonly entities: readonly number[];
  readonly poses: Float64Array;
  drawn: boolean;
}

function createBackground({ width, height }: RayTarget, entities: readonly number[]): Background {
  return {
    pixels: new Uint8ClampedArray(3 * width * height),
    inverseDepths: new Float32Array(width * height),
    parts: new Uint16Array(width * height),
    entities,
    poses: new Float64Array(POSE_SIZE * entities.length),
    drawn: false,
  };
}

function hasMoved({ entities, poses, drawn }: Background, now: Float64Array): boolean {
  if (!drawn) return true;
  for (let k = 0; k < entities.length; k++) {
    const o = POSE_SIZE * entities[k]!;
    for (let i = 0; i < POSE_SIZE; i++) if (poses[POSE_SIZE * k + i] !== now[o + i]) return true;
  }
  return false;
}

function goalOf({ entities }: SceneDescription): Goal | undefined {
  const entity = entities.findIndex(({ kind }) => kind === "goal");
  const shape = entities[entity]?.shapes[0];
  if (shape?.type !== "sphere") return undefined;
  return { entity, radius: shape.radius, color: shape.color.slice(0, 3).map((value) => 255 * value) };
}
