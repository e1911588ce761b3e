// Which shapes of an entity who sees.
import type { SceneEntity, SceneShape, SolidShape } from "./scene.js";

type Shapes = Pick<SceneEntity, "shapes">;

/** Return what cameras see of an entity: no mesh and no turned surface. */
export function shapesOfCameras({ shapes }: Shapes): SolidShape[] {
  return shapes.filter((shape) => isSolid(shape) && shape.seenBy !== "people") as SolidShape[];
}

/** Return what people see of an entity. */
export function shapesOfPeople({ shapes }: Shapes): SceneShape[] {
  return shapes.filter(({ seenBy }) => seenBy !== "cameras");
}

/** Return what people see of an entity where neither meshes nor turned surfaces can be drawn: then what cameras see. */
export function shapesWithoutMeshes(entity: Shapes): SolidShape[] {
  const shapes = shapesOfPeople(entity);
  return shapes.every(isSolid) ? shapes : shapesOfCameras(entity);
}

/** Return the hashes of the files that the meshes of a scene lie in. */
export function meshFilesOf({ entities }: { readonly entities: readonly Shapes[] }): ReadonlySet<string> {
  const shapes = entities.flatMap((entity) => entity.shapes);
  return new Set(shapes.flatMap((shape) => (shape.type === "mesh" ? [shape.file] : [])));
}

function isSolid(shape: SceneShape): shape is SolidShape {
  return shape.type !== "mesh" && shape.type !== "lathe";
}
