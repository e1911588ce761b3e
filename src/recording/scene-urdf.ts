// A scene as a URDF, for programs that draw robot descriptions and know no foxglove.SceneUpdate.
import { escapeXml } from "../math/escape-xml.js";
import { type Quat, rotateVector } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";
import type { SceneDescription, SceneShape } from "../scene/scene.js";
import { capsuleEnds, frameName } from "./foxglove-scene.js";

/**
 * Return the scene as one URDF: a link per entity that floats in "world", where /tf says it is.
 *
 * A capsule is a cylinder and two spheres; a convex shape is the box around its points, as URDF has hulls in files only.
 */
export function sceneUrdf(name: string, { entities }: SceneDescription): string {
  const links = entities.map(({ id, shapes }) => {
    const frame = escapeXml(frameName(id));
    return `<link name="${frame}">${shapes.map(visuals).join("")}</link>
<joint name="world_to_${frame}" type="floating"><parent link="world"/><child link="${frame}"/></joint>
`;
  });
  return `<?xml version="1.0"?>
<robot name="${escapeXml(name)}">
<link name="world"/>
${links.join("")}</robot>
`;
}

function visuals(shape: SceneShape): string {
  const { position } = shape;
  switch (shape.type) {
    case "box":
      return visual(shape, position, `<box size="${words(shape.size)}"/>`);
    case "sphere":
      return visual(shape, position, `<sphere radius="${words([shape.radius])}"/>`);
    case "cylinder":
      return visual(
        shape,
        position,
        `<cylinder radius="${words([shape.radius])}" length="${words([shape.length])}"/>`,
      );
    case "capsule": {
      const ends = capsuleEnds(shape).map((end) => ({ ...shape, type: "sphere" as const, position: end }));
      return [{ ...shape, type: "cylinder" as const }, ...ends].map(visuals).join("");
    }
    case "convex": {
      const { size, center } = boxAround(shape.points);
      return visual(shape, offset(shape, center), `<box size="${words(size)}"/>`);
    }
  }
}

function visual({ quaternion, color }: SceneShape, position: Vec3, geometry: string): string {
  const rgba = words(color);
  const origin = `<origin xyz="${words(position)}" rpy="${words(rollPitchYaw(quaternion))}"/>`;
  const material = `<material name="${frameName(rgba)}"><color rgba="${rgba}"/></material>`;
  return `<visual>${origin}<geometry>${geometry}</geometry>${material}</visual>`;
}

function boxAround(points: readonly Vec3[]): { readonly size: Vec3; readonly center: Vec3 } {
  const span = (axis: number) => {
    const values = points.map((point) => point[axis]!);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [x, y, z] = [span(0), span(1), span(2)];
  const each = (of: (low: number, high: number) => number): Vec3 => [of(...x), of(...y), of(...z)];
  return { size: each((low, high) => high - low), center: each((low, high) => (low + high) / 2) };
}

/** A point of the shape's frame in its entity's. */
function offset({ position: [x, y, z], quaternion }: SceneShape, point: Vec3): Vec3 {
  const [dx, dy, dz] = rotateVector(quaternion, point);
  return [x + dx, y + dy, z + dz];
}

/** Angles about the fixed axes x, y and z, in this order, as URDF has them, rad. */
function rollPitchYaw([x, y, z, w]: Quat): Vec3 {
  const sine = Math.max(-1, Math.min(1, 2 * (w * y - z * x)));
  // straight up or down only the sum or difference of roll and yaw counts: all of it is roll
  if (1 - Math.abs(sine) < 1e-12) return [2 * Math.atan2(x, w), (Math.sign(sine) * Math.PI) / 2, 0];
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(sine),
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
  ];
}

/** To the micrometre, microradian and millionth of a colour: nobody sees more. */
function words(values: readonly number[]): string {
  return values.map((value) => Number(value.toFixed(6))).join(" ");
}
