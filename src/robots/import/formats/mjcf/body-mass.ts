// How bodies resist: what <inertial> says, or what their geoms weigh.
import type { Vec3 } from "../../../../math/vector.js";
import type { DescribedSolid } from "../../description.js";
import { turnedInertia } from "../../inertia.js";
import type { XmlElement } from "../xml.js";
import { mistake, numberOf, numbersOf, vectorOf } from "../xml-values.js";
import type { CompilerSettings } from "./compiler.js";
import { isSolid, type MjcfGeom, shapeOf } from "./geoms.js";
import { rotationOf } from "./poses.js";
import { principalAxes } from "./principal-axes.js";
import { combined, type Inertia, type MassProperties, massOfShape, massOfTriangles } from "./solids.js";

/** The mass of a body in its frame, or where meshes give it the shapes that do. */
export type BodyMass =
  | { readonly known: MassProperties; readonly line: number }
  | { readonly solids: readonly DescribedSolid[] };

/** Return what a body weighs, of its `<inertial>` or its geoms. */
export function massOfBody(
  body: { readonly element: XmlElement; readonly name: string; readonly inertial?: XmlElement },
  geoms: readonly MjcfGeom[],
  settings: CompilerSettings,
): BodyMass {
  const { inertial } = body;
  const line = inertial?.line ?? body.element.line;
  if (inertial && settings.inertiaFromGeom !== "true") {
    return { known: bounded(given(inertial, body.name, settings), settings), line };
  }
  if (settings.inertiaFromGeom === "false") return { solids: [] };
  const [first, last] = settings.inertiaGroups;
  const weighing = geoms.filter(
    ({ group, mass, density }) => group >= first && group <= last && (mass ?? density) > 0,
  );
  const parts = weighing.flatMap((geom) => partMass(geom) ?? []);
  if (parts.length === weighing.filter(hasBody).length) {
    return parts.length === 0 ? { solids: [] } : { known: bounded(combined(parts), settings), line };
  }
  return {
    solids: weighing.flatMap((geom) => {
      const shape = shapeOf(geom);
      const { mass, density } = geom;
      return shape ? [{ ...shape, density, ...(mass === undefined ? {} : { mass }) }] : [];
    }),
  };
}

/** Planes and height fields weigh nothing. */
function hasBody({ type }: MjcfGeom): boolean {
  return isSolid(type) || type === "mesh" || type === "sdf";
}

/** Undefined where the geom's mesh cannot be read, or has no triangles. */
function partMass(geom: MjcfGeom): MassProperties | undefined {
  const { type, size, pose, mesh } = geom;
  if (isSolid(type)) return massOfShape(type, size, geom, pose);
  if (!mesh || mesh.shell) return undefined;
  const surface = mesh.surface();
  return (
    surface && massOfTriangles(surface.points, surface.triangles, { ...geom, signed: mesh.signed }, pose)
  );
}

function given(element: XmlElement, body: string, settings: CompilerSettings): MassProperties {
  const mass = numberOf(element, "mass");
  if (mass < 0) throw mistake(element, `body "${body}" has a mass of ${mass} kg, expected 0 or more`);
  const center = vectorOf(element, "pos", [0, 0, 0]);
  if (element.attributes.has("fullinertia")) {
    if (element.attributes.has("diaginertia")) {
      throw mistake(element, `body "${body}" has both fullinertia and diaginertia; give one of them`);
    }
    const inertia = numbersOf(element, "fullinertia", { count: 6 }) as unknown as Inertia;
    return { mass, center, inertia: turnedInertia(inertia, rotationOf(element, settings)) };
  }
  const [xx, yy, zz] = vectorOf(element, "diaginertia", [0, 0, 0]);
  return { mass, center, inertia: turnedInertia([xx, yy, zz, 0, 0, 0], rotationOf(element, settings)) };
}

/** What the compiler settings make of mass properties: bounds, and moments that a body can have. */
function bounded(properties: MassProperties, settings: CompilerSettings): MassProperties {
  const { balanceInertia, boundMass, boundInertia } = settings;
  if (!balanceInertia && boundInertia === 0 && boundMass === 0) return properties;
  const mass = Math.max(properties.mass, boundMass);
  const { moments, rotation } = principalAxes(properties.inertia);
  let raised = moments.map((moment) => Math.max(moment, boundInertia)) as unknown as Vec3;
  const sum = raised[0] + raised[1] + raised[2];
  if (balanceInertia && raised.some((moment) => moment > sum - moment)) raised = [sum / 3, sum / 3, sum / 3];
  if (raised.every((moment, k) => moment === moments[k])) return { ...properties, mass };
  return { ...properties, mass, inertia: turnedInertia([...raised, 0, 0, 0], rotation) };
}
