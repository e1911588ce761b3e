// A camera: pictures of a scene by casting rays at its shapes, the same bits in every engine.
import type { CameraDescription, Look } from "../../scene/camera-description.js";
import { findEntity, POSE_SIZE, type SceneDescription, standingEntities } from "../../scene/scene.js";
import { tangentOfHalf } from "./raycast/camera-frame.js";
import { PlacedPrimitives } from "./raycast/placed-primitives.js";
import { buildPrimitives, type Primitives } from "./raycast/primitives.js";
import { RayTarget } from "./raycast/ray-target.js";
import { ShadowGrid } from "./raycast/shadow-grid.js";
import { Viewpoint } from "./raycast/viewpoint.js";
import { Background } from "./shading/background.js";
import { drawGoalDisc, drawGoalOverlay, type Goal, goalOf } from "./shading/goal-marker.js";
import { LitPixels } from "./shading/lit-pixels.js";
import { FLOOR_HEIGHT, PLAIN_LOOK } from "./shading/look.js";
import { Paints } from "./shading/paints.js";
import { addNoise, blurPicture } from "./shading/picture-effects.js";
import { shade } from "./shading/shade.js";
import { SurfaceLight } from "./shading/surface-light.js";

/** How much wider the disc below the goal is than the goal itself. */
const DISC_RADIUS = 1.2;

/** A camera that stands in the world is aimed without them. */
const NO_POSES = new Float64Array(0);

/**
 * Draws one camera's pictures into buffers that it keeps.
 *
 * @example
 * const image = new Camera(env.scene(), description).render(poses, 0);
 */
export class Camera {
  /** Where it is and what it draws. */
  readonly description: CameraDescription;
  /** What `render` drew: uint8 [height, width, 3]. */
  readonly rgb: Uint8Array;
  private readonly pixels: Uint8ClampedArray;
  private readonly sky: Uint8ClampedArray;
  private blurred: Uint8ClampedArray | undefined;
  private readonly scene: SceneDescription;
  private readonly primitives: Primitives;
  private readonly placed: PlacedPrimitives;
  private readonly surface: SurfaceLight;
  private readonly paints: Paints;
  private readonly viewpoint: Viewpoint;
  private readonly goal: Goal | undefined;
  /** Where the goal is in the camera's frame. */
  private readonly goalPoint = new Float64Array(3);
  private target: RayTarget;
  private look = PLAIN_LOOK;
  /** Columns of each row that something may have been drawn in. */
  private readonly spanLeft: Int16Array;
  private readonly spanRight: Int16Array;
  /** Of a camera that stands in the world. */
  private readonly background: Background | undefined;
  /** Made for the first look that has shadows. */
  private shadows: ShadowGrid | undefined;
  private litPixels: LitPixels | undefined;

  constructor(scene: SceneDescription, description: CameraDescription, look: Look = PLAIN_LOOK) {
    const { width, height, fovDeg, link, goalMarker } = description;
    const { entities } = scene;
    this.scene = scene;
    this.description = description;
    const mount = link === undefined ? -1 : findEntity(scene, link);
    this.viewpoint = new Viewpoint(mount);
    this.goal = goalOf(scene);
    const isShown = (index: number) => {
      const { kind } = entities[index]!;
      // what the camera is fixed to would only stand before its lens
      return kind !== "region" && index !== mount && (kind !== "goal" || goalMarker === "solid");
    };
    const standing = standingEntities(scene);
    const isFixed = (index: number) => standing[index]!;
    this.primitives = buildPrimitives(scene, FLOOR_HEIGHT, isShown, isFixed);
    this.placed = new PlacedPrimitives(this.primitives);
    this.target = new RayTarget(width, height, tangentOfHalf(fovDeg));
    this.pixels = new Uint8ClampedArray(3 * width * height);
    this.rgb = new Uint8Array(this.pixels.buffer);
    this.sky = new Uint8ClampedArray(this.pixels.length);
    this.spanLeft = new Int16Array(height);
    this.spanRight = new Int16Array(height);
    this.surface = new SurfaceLight(this.primitives.numParts + 1);
    this.paints = new Paints(this.primitives);
    if (mount < 0) {
      const fixed = entities.flatMap((_, index) => (isFixed(index) ? [index] : []));
      this.background = new Background(this.target, fixed);
    }
    this.setLook(look);
  }

  /** Make the scene look like `look` from now on. */
  setLook(look: Look): void {
    const { description, primitives, placed, viewpoint, sky, scene } = this;
    const { name, width, height, fovDeg } = description;
    const change = look.cameras[name];
    this.look = look;
    this.target = new RayTarget(width, height, tangentOfHalf(fovDeg + (change?.fovDeg ?? 0)));
    viewpoint.stand(description, change);
    for (let o = 0; o < sky.length; o++) sky[o] = 255 * look.skyColor[o % 3]!;
    this.paints.apply(look, scene, primitives, this.goal, this.surface);
    if (look.shadows) {
      this.shadows ??= new ShadowGrid(placed, (entity) => scene.entities[entity]!.kind !== "goal");
      this.litPixels ??= this.background && new LitPixels(width * height);
    }
    if (this.background) this.aim(NO_POSES);
    this.background?.discard();
  }

  /**
   * Draw the scene with its entities at `poses`, `POSE_SIZE` numbers each, and return `rgb`, which the next call overwrites.
   *
   * `frame` numbers the pictures of an episode: each has its own noise, where the look has any, and a goal may be seen in the
   * first ones only.
   */
  render(poses: Float64Array, frame = 0): Uint8Array {
    const { primitives, background, target, pixels, look, surface } = this;
    const { firstMoving, count } = primitives;
    const shadows = look.shadows ? this.shadows : undefined;
    const { goal } = this;
    const showsGoal = goal !== undefined && frame < goal.seenInFirst;
    let firstPart = 1;
    if (background) {
      if (!background.shows(poses)) this.renderBackground(background, poses);
      background.restore(target, pixels);
      firstPart = primitives.firstPart[firstMoving] ?? primitives.numParts;
      this.clearSpans();
    } else {
      this.aim(poses);
      this.clear();
      this.draw(0, firstMoving, poses);
    }
    if (showsGoal) this.drawDisc(goal, poses);
    if (showsGoal || !goal) this.draw(firstMoving, count, poses);
    else this.drawAllBut(goal, poses);
    shadows?.update(surface.direction, count);
    if (shadows && background) this.litPixels!.darken(target.parts, firstPart, shadows, pixels);
    this.shade(firstPart, shadows);
    if (showsGoal) this.drawOverlay(goal, poses);
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
    const { labels } = this.paints;
    const { parts } = this.target;
    for (let o = 0; o < parts.length; o++) out[o] = labels[parts[o]!]!;
    return out;
  }

  private aim(poses: Float64Array): void {
    this.viewpoint.aim(poses);
    this.viewpoint.turnToCamera(this.look.light, this.surface.direction);
  }

  private draw(first: number, end: number, poses: Float64Array): void {
    const { placed, target, surface, viewpoint } = this;
    placed.move(first, end, poses, viewpoint.eye, viewpoint.view);
    placed.cast(first, end, target, surface, this.spanLeft, this.spanRight);
  }

  private drawAllBut({ entity }: Goal, poses: Float64Array): void {
    const { firstMoving, count, entities } = this.primitives;
    const first = entities.indexOf(entity);
    const end = entities.lastIndexOf(entity) + 1;
    this.draw(firstMoving, first < 0 ? count : first, poses);
    if (first >= 0) this.draw(end, count, poses);
  }

  private renderBackground(background: Background, poses: Float64Array): void {
    const { target, pixels, look, surface, litPixels } = this;
    const { firstMoving } = this.primitives;
    this.clear();
    this.draw(0, firstMoving, poses);
    if (look.shadows) {
      this.look = { ...look, diffuse: 0 };
      this.shade(1, undefined);
      litPixels!.dark.set(pixels);
      this.look = look;
      this.shadows!.update(surface.direction, firstMoving);
      this.shade(1, this.shadows);
      litPixels!.sort(target, this.shadows!, pixels);
    } else this.shade(1, undefined);
    background.keep(target, pixels, poses);
  }

  private clear(): void {
    const { target, pixels, sky } = this;
    target.inverseDepths.fill(0);
    target.parts.fill(0);
    pixels.set(sky);
    this.clearSpans();
  }

  private clearSpans(): void {
    this.spanLeft.fill(this.target.width);
    this.spanRight.fill(-1);
  }

  private shade(firstPart: number, shadows: ShadowGrid | undefined): void {
    const { target, surface, placed, paints, spanLeft, spanRight, pixels } = this;
    shade({ target, surface, placed, paints, spanLeft, spanRight, pixels }, this.look, shadows, firstPart);
  }

  private scratch(): Uint8ClampedArray {
    this.blurred ??= new Uint8ClampedArray(this.pixels.length);
    return this.blurred;
  }

  private drawDisc(goal: Goal, poses: Float64Array): void {
    const { goalPoint, target, surface, viewpoint, spanLeft, spanRight } = this;
    if (!this.description.goalFootprint) return;
    const x = poses[POSE_SIZE * goal.entity]!;
    const y = poses[POSE_SIZE * goal.entity + 1]!;
    const { view } = viewpoint;
    const part = this.primitives.numParts;
    viewpoint.toCamera(x, y, 0, goalPoint);
    surface.setFlat(part, view[2]!, view[5]!, view[8]!);
    const radius = DISC_RADIUS * goal.radius;
    if (!drawGoalDisc(target, x, y, goalPoint, radius, viewpoint, this.paints.onTable, part)) return;
    for (let row = target.top; row <= target.bottom; row++) {
      spanLeft[row] = Math.min(spanLeft[row]!, target.left);
      spanRight[row] = Math.max(spanRight[row]!, target.right);
    }
  }

  private drawOverlay(goal: Goal, poses: Float64Array): void {
    const { goalPoint, target, pixels } = this;
    if (this.description.goalMarker !== "overlay") return;
    const o = POSE_SIZE * goal.entity;
    this.viewpoint.toCamera(poses[o]!, poses[o + 1]!, poses[o + 2]!, goalPoint);
    drawGoalOverlay(target, pixels, goalPoint, goal.radius, goal.color);
  }
}
