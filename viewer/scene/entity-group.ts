// One entity of a scene as three.js meshes, those of files as soon as they are there.
import { Group, type Mesh } from "three";
import type { SceneEntity } from "../../src/scene/scene.js";
import { shapesOfPeople, shapesWithoutMeshes } from "../../src/scene/seen-shapes.js";
import { loadMeshFile, meshGeometry } from "./mesh-geometries.js";
import { dispose, meshOf } from "./scene-shapes.js";

/** Draws an entity in its own frame; until its mesh files are there, and where they cannot be read, by what cameras see of it. */
export class EntityGroup extends Group {
  private readonly entity: SceneEntity;
  private paints: readonly ((mesh: Mesh) => void)[] = [];

  constructor(entity: SceneEntity) {
    super();
    this.entity = entity;
    this.fill();
    const files = new Set(shapesOfPeople(entity).flatMap((s) => (s.type === "mesh" ? [s.file] : [])));
    const missing = [...files].filter((file) => !meshGeometry(file, 0));
    if (missing.length > 0) void Promise.all(missing.map(loadMeshFile)).then(() => this.fill());
  }

  /** Change how each of its meshes is drawn, also those that come later. */
  paint(change: (mesh: Mesh) => void): void {
    this.paints = [...this.paints, change];
    for (const mesh of this.children) change(mesh as Mesh);
  }

  private fill(): void {
    const shapes = shapesOfPeople(this.entity);
    const isThere = shapes.every((shape) => shape.type !== "mesh" || meshGeometry(shape.file, shape.mesh));
    for (const old of this.children) dispose(old);
    this.clear();
    for (const shape of isThere ? shapes : shapesWithoutMeshes(this.entity)) {
      const mesh = meshOf(shape, this.entity.kind);
      for (const change of this.paints) change(mesh);
      this.add(mesh);
    }
  }
}
