// Taking hold of things with the mouse: a spring at an object or a link, or the goal itself.
import {
  Box3,
  BufferGeometry,
  type Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  Plane,
  Raycaster,
  SphereGeometry,
  Vector2,
  Vector3,
} from "three";
import type { Perturbation } from "../../src/scene/perturbation.js";
import { type SceneDescription, type SceneEntity, standingEntities } from "../../src/scene/scene.js";
import type { SceneView } from "../scene/robot-scene.js";

/** Goals stay above the table, m. */
const LOWEST_GOAL = 0.02;
const COLOR = 0xf08c00;

interface Held {
  readonly entity: SceneEntity;
  readonly group: Group;
  /** Where it is held, in its own frame. */
  readonly point: Vector3;
  /** Through the point, facing the camera: the mouse moves in it. */
  readonly plane: Plane;
  readonly target: Vector3;
}

interface Hit {
  readonly entity: SceneEntity;
  readonly group: Group;
  readonly at: Vector3;
}

/** Turns drags over the scene into what a hand does; drags beside things still turn the view. */
export class Grab {
  /** Whether things can be taken hold of now. */
  active = false;
  private readonly view: SceneView;
  private entities: readonly SceneEntity[] = [];
  /** Which of them nothing moves. */
  private standing: readonly boolean[] = [];
  private held: Held | undefined;
  private readonly caster = new Raycaster();
  private readonly line = new Line(
    new BufferGeometry().setFromPoints([new Vector3(), new Vector3()]),
    new LineBasicMaterial({ color: COLOR, depthTest: false, transparent: true }),
  );
  private readonly knob = new Mesh(
    new SphereGeometry(0.008, 20, 12),
    new MeshBasicMaterial({ color: COLOR, depthTest: false, transparent: true }),
  );

  constructor(view: SceneView) {
    this.view = view;
    for (const part of [this.line, this.knob]) {
      part.visible = false;
      part.frustumCulled = false;
      part.renderOrder = 3;
      view.scene.add(part);
    }
    const { canvas } = view;
    // before the camera's controls see the press
    canvas.parentElement!.addEventListener("pointerdown", (event) => this.take(event), { capture: true });
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => this.release());
  }

  /** Take the entities of another recording, in the order of their groups. */
  open(scene: SceneDescription): void {
    this.release();
    this.entities = scene.entities;
    this.standing = standingEntities(scene);
  }

  /** What the hand does in the step that comes. */
  hand(): Perturbation {
    if (!this.held) return {};
    const { entity, point, target } = this.held;
    const { x, y, z } = target;
    if (entity.kind === "goal") return { goal: [x, y, Math.max(LOWEST_GOAL, z)] };
    return { pull: { entity: entity.id, point: [point.x, point.y, point.z], target: [x, y, z] } };
  }

  /** Let go. */
  release(): void {
    if (!this.held) return;
    this.held = undefined;
    this.view.controls.enabled = true;
    this.view.canvas.style.cursor = "";
    this.draw();
  }

  /** Draw the spring where its ends are now. */
  draw(): void {
    const { held, line, knob } = this;
    const shows = held !== undefined && held.entity.kind !== "goal";
    line.visible = shows;
    knob.visible = shows;
    if (shows) {
      held.group.updateWorldMatrix(true, false);
      line.geometry.setFromPoints([held.group.localToWorld(held.point.clone()), held.target]);
      knob.position.copy(held.target);
    }
    this.view.request();
  }

  /** Where an entity's shapes have their middle on the screen, page pixels. */
  screenPoint(index: number): [number, number] {
    const { camera, canvas } = this.view;
    const middle = new Box3()
      .setFromObject(this.view.entities()[index]!)
      .getCenter(new Vector3())
      .project(camera);
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [left + (width * (1 + middle.x)) / 2, top + (height * (1 - middle.y)) / 2];
  }

  private take(event: PointerEvent): void {
    const { view } = this;
    if (!this.active || event.button !== 0 || event.target !== view.canvas) return;
    const hit = this.find(event);
    if (!hit) return;
    view.controls.enabled = false;
    view.canvas.setPointerCapture(event.pointerId);
    view.canvas.style.cursor = "grabbing";
    const facing = view.camera.getWorldDirection(new Vector3());
    const isGoal = hit.entity.kind === "goal";
    const start = isGoal ? hit.group.getWorldPosition(new Vector3()) : hit.at;
    this.held = {
      ...hit,
      point: hit.group.worldToLocal(start.clone()),
      plane: new Plane().setFromNormalAndCoplanarPoint(facing, start),
      target: start.clone(),
    };
    this.draw();
  }

  private move(event: PointerEvent): void {
    const { held, view } = this;
    if (!this.active) return;
    if (!held) {
      if (event.buttons === 0) view.canvas.style.cursor = this.find(event) ? "grab" : "";
      return;
    }
    this.aim(event);
    this.caster.ray.intersectPlane(held.plane, held.target);
    this.draw();
  }

  /** What lies under the pointer first, if it gives way; the goal is seen through, so an object inside it comes first. */
  private find(event: PointerEvent): Hit | undefined {
    this.aim(event);
    const groups = this.view.entities();
    let goal: Hit | undefined;
    for (const { object, point } of this.caster.intersectObjects([...groups], true)) {
      const index = groups.indexOf(object.parent as Group);
      const hit = { entity: this.entities[index]!, group: groups[index]!, at: point };
      const { kind } = hit.entity;
      if (kind === "object") return hit;
      if (kind === "goal") goal ??= hit;
      else if (kind !== "region") return goal ?? (kind === "link" && !this.standing[index] ? hit : undefined);
    }
    return goal;
  }

  private aim({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.view.canvas.getBoundingClientRect();
    const at = new Vector2((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height);
    this.caster.setFromCamera(at, this.view.camera);
  }
}
