// A camera: pictures of a scene by casting rays at its shapes, the same bits in every engine.
import type { CameraDescription, Look } from "../../replay/camera-description.js";
import { POSE_SIZE, type SceneDescription } from "../../replay/scene.js";
import { lengthOf, rotationMatrix, tangentOfHalf, turnedQuaternion } from "./camera-frame.js";
import { drawGoalDisc, drawGoalOverlay } from "./goal-marker.js";
import { FLOOR_HEIGHT, PLAIN_LOOK } from "./look.js";
import { addNoise, blurPicture } from "./picture-effects.js";
import { PlacedPrimitives } from "./placed-primitives.js";
import { buildPrimitives, type Primitives, WORLD } from "./primitives.js";
import { RayTarget } from "./ray-target.js";
import { type Paints, shade } from "./shade.js";
import { ShadowGrid } from "./shadow-grid.js";
import { SurfaceLight } from "./surface-light.js";
import { TEXTURES } from "./texture.js";

/** The disc below the goal: how much wider and how much darker than the goal itself. */
const DISC_RADIUS = 1.2;
const DISC_SHADE = 0.6;

/** A camera that stands in the world is aimed without them. */
const NO_POSES = new Float64Array(0);

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
  private blurred: Uint8ClampedArray | undefined;
  private readonly primitives: Primitives;
  private readonly placed: PlacedPrimitives;
  private target: RayTarget;
  private readonly surface: SurfaceLight;
  private readonly paints: Paints;
  /** Shadows of what moves, and of what does not; all of the first for a camera that moves itself. */
  private readonly movingShadows: ShadowGrid;
  private readonly fixedShadows: ShadowGrid;
  private readonly scene: SceneDescription;
  private look = PLAIN_LOOK;
  /** Where it stands in its mount's frame or the world's. */
  private readonly place = new Float64Array(3);
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

  constructor(scene: SceneDescription, description: CameraDescription, look: Look = PLAIN_LOOK) {
    const { width, height, fovDeg, link, goalMarker } = description;
    const { entities } = scene;
    this.scene = scene;
    this.description = description;
    this.mount = link === undefined ? -1 : entities.findIndex(({ id }) => id === link);
    this.goal = goalOf(scene);
    const isShown = (index: number) => {
      const { kind } = entities[index]!;
      // what the camera is fixed to would only stand before its lens
      return kind !== "region" && index !== this.mount && (kind !== "goal" || goalMarker === "solid");
    };
    const isFixed = (index: number) => entities[index]!.kind === "table" || entities[index]!.id === "base";
    this.primitives = buildPrimitives(scene, FLOOR_HEIGHT, isShown, isFixed);
    this.placed = new PlacedPrimitives(this.primitives);
    const throws = (entity: number) => entities[entity]!.kind !== "goal";
    const { firstMoving, count } = this.primitives;
    const split = this.mount < 0 ? firstMoving : 0;
    this.movingShadows = new ShadowGrid(this.placed, split, count, throws);
    this.fixedShadows = new ShadowGrid(this.placed, 0, split, throws);
    this.target = new RayTarget(width, height, tangentOfHalf(fovDeg));
    this.pixels = new Uint8ClampedArray(3 * width * height);
    this.rgb = new Uint8Array(this.pixels.buffer);
    this.sky = new Uint8ClampedArray(this.pixels.length);
    this.spanLeft = new Int16Array(height);
    this.spanRight = new Int16Array(height);
    // the last part is the disc below the goal
    const numParts = this.primitives.numParts + 1;
    this.surface = new SurfaceLight(numParts);
    this.paints = {
      textures: new Uint8Array(numParts),
      scales: new Float64Array(numParts),
      contrasts: new Float64Array(numParts),
      primitives: new Int16Array(numParts).fill(-1),
    };
    this.partLabels = new Uint16Array(numParts);
    this.onTable = new Uint8Array(numParts);
    if (this.mount < 0) {
      const fixed = entities.flatMap((_, index) => (isFixed(index) ? [index] : []));
      this.background = createBackground(this.target, fixed);
    }
    this.setLook(look);
  }

  /** Make the scene look like `look` from now on. */
  setLook(look: Look): void {
    const { description, primitives, place, ownTurn, sky } = this;
    const { name, width, height, fovDeg, position, quaternion } = description;
    const change = look.cameras[name];
    this.look = look;
    this.target = new RayTarget(width, height, tangentOfHalf(fovDeg + (change?.fovDeg ?? 0)));
    for (let k = 0; k < 3; k++) place[k] = position[k]! + (change?.shift[k] ?? 0);
    rotationMatrix(change ? turnedQuaternion(quaternion, change.turn) : quaternion, 0, ownTurn);
    for (let o = 0; o < sky.length; o++) sky[o] = 255 * look.skyColor[o % 3]!;
    for (let p = 0; p < primitives.count; p++) this.paintPrimitive(p);
    this.paintDisc();
    if (this.mount < 0) this.aim(NO_POSES);
    if (this.background) this.background.drawn = false;
  }

  /**
   * Draw the scene with its entities at `poses`, `POSE_SIZE` numbers each, and return `rgb`, which the next call overwrites.
   *
   * `frame` numbers the pictures of an episode: each has its own noise, where the look has any.
   */
  render(poses: Float64Array, frame = 0): Uint8Array {
    const { primitives, background, target, pixels, look, movingShadows } = this;
    const { firstMoving, count } = primitives;
    const firstMovingPart = primitives.firstPart[firstMoving] ?? primitives.numParts;
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
    if (look.shadows) {
      movingShadows.update(this.surface.direction);
      if (background)
        movingShadows.darken(target, firstMovingPart, background.positions, background.dark, pixels);
    }
    this.shade(background ? firstMovingPart : 1, look.shadows ? [movingShadows, this.fixedShadows] : []);
    this.drawOverlay(poses);
    if (look.blur > 0) blurPicture(pixels, target.width, target.height, look.blur, this.scratch());
    if (look.noise > 0) addNoise(pixels, look.noise, look.seed, frame);
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

  /** Set the colours and labels of a primitive's parts. */
  private paintPrimitive(p: number): void {
    const { primitives, surface, partLabels, onTable, paints, look, scene } = this;
    const { firstPart, numParts, colors } = primitives;
    const index = primitives.entities[p]!;
    const entity = scene.entities[index];
    const paint = look.paints[entity?.id ?? "floor"];
    const own = entity ? [colors[3 * p]!, colors[3 * p + 1]!, colors[3 * p + 2]!] : scaled(look.floorColor);
    const [red, green, blue] = own.map((value, k) =>
      Math.max(0, Math.min(255, value + 255 * (paint?.shift[k] ?? 0))),
    );
    for (let part = firstPart[p]!; part < (firstPart[p + 1] ?? numParts); part++) {
      surface.red[part] = red!;
      surface.green[part] = green!;
      surface.blue[part] = blue!;
      partLabels[part] = index === WORLD ? 0 : index + 1;
      onTable[part] = entity?.kind === "table" ? 1 : 0;
      paints.primitives[part] = p;
      paints.textures[part] = TEXTURES[paint?.texture ?? "plain"];
      paints.scales[part] = 1 / (paint?.size ?? 1);
      paints.contrasts[part] = paint?.contrast ?? 0;
    }
  }

  private paintDisc(): void {
    const { goal, surface, partLabels } = this;
    const { numParts } = this.primitives;
    if (!goal) return;
    surface.red[numParts] = DISC_SHADE * goal.color[0]!;
    surface.green[numParts] = DISC_SHADE * goal.color[1]!;
    surface.blue[numParts] = DISC_SHADE * goal.color[2]!;
    partLabels[numParts] = goal.entity + 1;
  }

  /** Set where the camera is and how it looks. */
  private aim(poses: Float64Array): void {
    const { eye, view, mount, mountTurn, ownTurn } = this;
    const { place } = this;
    if (mount < 0) eye.set(place);
    else {
      const o = POSE_SIZE * mount;
      const turn = mountTurn;
      rotationMatrix(poses, o + 3, turn);
      for (let k = 0; k < 3; k++) {
        eye[k] =
          poses[o + k]! +
          turn[3 * k]! * place[0]! +
          turn[3 * k + 1]! * place[1]! +
          turn[3 * k + 2]! * place[2]!;
      }
    }
    for (let k = 0; k < 3; k++) {
      // columns of the camera's turn are right, up and back
      for (let column = 0; column < 3; column++) {
        let entry = ownTurn[3 * k + column]!;
        if (mount >= 0) {
          entry = 0;
          for (let j = 0; j < 3; j++) entry += mountTurn[3 * k + j]! * ownTurn[3 * j + column]!;
        }
        view[3 * column + k] = column === 2 ? -entry : entry;
      }
    }
    const { light } = this.look;
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
    if (this.look.shadows) this.renderShadowed(background);
    else this.shade(1, []);
    background.pixels.set(pixels);
    background.inverseDepths.set(target.inverseDepths);
    background.parts.set(target.parts);
    for (const [k, entity] of background.entities.entries())
      background.poses.set(poses.subarray(POSE_SIZE * entity, POSE_SIZE * (entity + 1)), POSE_SIZE * k);
    background.drawn = true;
    this.clearSpans();
  }

  /** Paint the background twice: with the shadows of what never moves, and all in shadow. */
  private renderShadowed(background: Background): void {
    const { look, target, pixels, fixedShadows } = this;
    this.look = { ...look, diffuse: 0 };
    this.shade(1, []);
    background.dark.set(pixels);
    this.look = look;
    fixedShadows.update(this.surface.direction);
    fixedShadows.locate(target, background.positions);
    this.shade(1, [fixedShadows]);
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

  private shade(firstPart: number, shadows: readonly ShadowGrid[]): void {
    const { target, surface, placed, paints, look, spanLeft, spanRight, pixels } = this;
    shade(target, surface, placed, paints, shadows, look, spanLeft, spanRight, firstPart, pixels);
  }

  private scratch(): Uint8ClampedArray {
    this.blurred ??= new Uint8ClampedArray(this.pixels.length);
    return this.blurred;
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
  /** The same in shadow, and where its points lie across the light; filled where there are shadows. */
  readonly dark: Uint8ClampedArray;
  readonly positions: Float32Array;
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
    dark: new Uint8ClampedArray(3 * width * height),
    positions: new Float32Array(2 * width * height),
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
  return { entity, radius: shape.radius, color: scaled(shape.color) };
}

function scaled([red, green, blue]: readonly [number, number, number, ...unknown[]]): number[] {
  return [255 * red, 255 * green, 255 * blue];
}
