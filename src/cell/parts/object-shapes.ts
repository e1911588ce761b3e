// What free bodies and fixtures look like: their collision shapes, as scene entities.
import { IDENTITY_QUATERNION } from "../../math/quaternion.js";
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import type { Fixture } from "../../physics/bodies/fixture.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import { drawnCollision } from "../../robots/looks/drawn-collision.js";
import type { Color, SceneEntity, SceneShape, ShapeGeometry } from "../../scene/scene.js";

/** Draw `body`; the entity's pose is that of the body. */
export function bodyEntity(body: FreeBody, color: Color): SceneEntity {
  return { id: body.name, kind: "object", shapes: [placed(geometryOf(body), color)] };
}

/** Draw `fixture`; the entity's pose is that of the fixture. */
export function fixtureEntity({ name, halfExtents: [x, y, z] }: Fixture, color: Color): SceneEntity {
  return { id: name, kind: "table", shapes: [placed({ type: "box", size: [2 * x, 2 * y, 2 * z] }, color)] };
}

/** Draw a link of a mechanism; the entity's pose is that of the link. */
export function linkEntity({ name, collision }: LinkModel, color: Color): SceneEntity {
  const shapes = collision.map((shape) => drawnCollision(shape, color));
  return { id: name, kind: "link", shapes };
}

function geometryOf({ shape, centreOfMass: [x, y, z] }: FreeBody): ShapeGeometry {
  if (shape.type === "box") {
    const [hx, hy, hz] = shape.halfExtents;
    return { type: "box", size: [2 * hx, 2 * hy, 2 * hz] };
  }
  // a convex body's frame stands in its centre of mass
  if (shape.type === "convex")
    return { type: "convex", points: shape.points.map((p) => [p[0] - x, p[1] - y, p[2] - z]) };
  return shape;
}

function placed(geometry: ShapeGeometry, color: Color): SceneShape {
  return { ...geometry, position: [0, 0, 0], quaternion: IDENTITY_QUATERNION, color };
}
