// Inertials that a file leaves out or that no body has: from geometry, mended, or lent.
import type { VolumeIntegrals } from "../../../math/convex-hull.js";
import { rotateVector } from "../../../math/quaternion.js";
import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { LinkModel } from "../../../physics/articulation/articulation-model.js";
import { type MassProperties, massProperties } from "../../../physics/bodies/body-shape.js";
import type {
  DescribedInertial,
  DescribedLink,
  DescribedShape,
  DescribedSolid,
  RobotDescription,
} from "../description.js";
import { turnedInertia } from "../inertia.js";
import { convexParts } from "./convex-parts.js";
import { hullSolid } from "./hull-solid.js";
import type { MeshLibrary } from "./mesh-library.js";
import { meshVolume } from "./mesh-mass.js";
import { type Inertia, mendedInertia } from "./principal-moments.js";
import type { TriangleMesh } from "./triangle-mesh.js";

/** kg/m³ */
const DENSITY = 1000;
/** What a moving link gets that weighs nothing: a ball of 5 cm. */
const LENT = { mass: 0.1, moment: 1e-4 } as const;

/** Mass, centre and inertia about it along the link's axes. */
interface Mass {
  readonly mass: number;
  readonly centre: Vec3;
  readonly inertia: Inertia;
}

/**
 * Give every link of `description` but its `root` an inertial that a body can have.
 *
 * A missing one follows from the link's solids, or its collision shapes at 1000 kg/m³; a mass of 0 is a frame of its parent's. A
 * negative mass, or one that is no number, is refused with file and line.
 */
export function completeInertials(
  description: RobotDescription,
  root: string,
  meshes: MeshLibrary,
  assume: (assumption: string) => void,
): RobotDescription {
  const links = description.links.map((link): DescribedLink => {
    if (link.name === root) return link;
    const { inertial, ...rest } = link;
    const found = inertial
      ? writtenInertial(inertial, link.name, description.file, assume)
      : solidInertial(link, meshes, assume);
    return found ? { ...rest, inertial: found } : rest;
  });
  return { ...description, links };
}

function writtenInertial(
  inertial: DescribedInertial,
  link: string,
  file: string,
  assume: (assumption: string) => void,
): DescribedInertial | undefined {
  const { mass, line } = inertial;
  const where = `${file}:${line}: link "${link}"`;
  if (!(mass >= 0 && mass < 1e9))
    throw new UsageError(`${where} has a mass of ${mass} kg, expected 0 or more.`);
  const numbers = [...inertial.centerOfMass, ...inertial.inertia];
  if (!numbers.every(Number.isFinite))
    throw new UsageError(`${where} has an inertial of ${numbers.join(" ")}, expected finite numbers.`);
  if (mass === 0) {
    assume(`link "${link}" has a mass of 0: it is a frame of its parent`);
    return undefined;
  }
  const { inertia, mended } = mendedInertia(inertial.inertia, mass);
  if (mended) assume(`link "${link}": ${mended}`);
  return { ...inertial, inertia };
}

function solidInertial(
  link: DescribedLink,
  meshes: MeshLibrary,
  assume: (assumption: string) => void,
): DescribedInertial | undefined {
  const solids = link.solids ?? link.collisions.map((shape) => ({ ...shape, density: DENSITY }));
  const masses = solids.flatMap((solid) => {
    const found = massOf(solid, meshes);
    return found && found.mass > 0 ? [found] : [];
  });
  if (masses.length === 0) return undefined;
  const { mass, centre, inertia } = sumOf(masses);
  if (!link.solids) {
    assume(
      `link "${link.name}" has no inertial: ${Number(mass.toPrecision(3))} kg, its collision shapes at ${DENSITY} kg/m³`,
    );
  }
  return { line: link.line, mass, centerOfMass: centre, inertia: mendedInertia(inertia, mass).inertia };
}

/** Mass of a solid in its link's frame. */
function massOf(solid: DescribedSolid, meshes: MeshLibrary): Mass | undefined {
  const unit = unitMass(solid, meshes);
  if (!unit) return undefined;
  const mass = solid.mass ?? solid.density * unit.volume;
  const { position, quaternion } = solid.pose;
  const shift = rotateVector(quaternion, unit.centre);
  return {
    mass,
    centre: [position[0] + shift[0], position[1] + shift[1], position[2] + shift[2]],
    inertia: turnedInertia(unit.inertia.map((value) => value * mass) as unknown as Inertia, quaternion),
  };
}

/** Volume of a shape, m³, and where 1 kg of it is. */
function unitMass(
  { geometry, line }: DescribedShape,
  meshes: MeshLibrary,
): (MassProperties & { readonly volume: number }) | undefined {
  switch (geometry.type) {
    case "sphere":
      return { ...massProperties(geometry, 1), volume: (4 / 3) * Math.PI * geometry.radius ** 3 };
    case "box": {
      const [x, y, z] = geometry.size;
      return { ...massProperties({ type: "box", halfExtents: [x / 2, y / 2, z / 2] }, 1), volume: x * y * z };
    }
    case "capsule":
    case "cylinder": {
      const { radius, length } = geometry;
      const ends = geometry.type === "capsule" ? (4 / 3) * radius : 0;
      return { ...massProperties(geometry, 1), volume: Math.PI * radius ** 2 * (length + ends) };
    }
    case "convex": {
      const hull = hullSolid(Float64Array.from(geometry.points.flat()));
      return hull && unitOf([hull.integrals]);
    }
    case "mesh": {
      const mesh = meshes.mesh(geometry, line);
      return mesh && unitOf(integralsOf(mesh));
    }
  }
}

/** What a mesh holds: where it is closed its volume, else that of its convex parts. */
function integralsOf(mesh: TriangleMesh): readonly VolumeIntegrals[] {
  const own = meshVolume(mesh);
  return own ? [own] : (convexParts(mesh)?.hulls.map(({ integrals }) => integrals) ?? []);
}

function unitOf(
  parts: readonly VolumeIntegrals[],
): (MassProperties & { readonly volume: number }) | undefined {
  const volume = parts.reduce((sum, part) => sum + part.volume, 0);
  if (!(volume > 0)) return undefined;
  const { centre, inertia } = sumOf(
    parts.map((part): Mass => {
      const [xx, yy, zz, xy, xz, yz] = part.moments;
      return { mass: part.volume, centre: part.centre, inertia: [yy + zz, xx + zz, xx + yy, -xy, -xz, -yz] };
    }),
  );
  return { volume, centre, inertia: inertia.map((value) => value / volume) as unknown as Inertia };
}

/** Masses as one, by the parallel axis theorem. */
function sumOf(masses: readonly Mass[]): Mass {
  const mass = masses.reduce((sum, part) => sum + part.mass, 0);
  const centre = [0, 1, 2].map(
    (k) => masses.reduce((sum, part) => sum + part.mass * part.centre[k]!, 0) / mass,
  ) as unknown as Vec3;
  const inertia: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  for (const part of masses) {
    const [x, y, z] = [0, 1, 2].map((k) => part.centre[k]! - centre[k]!) as [number, number, number];
    const shifted = [y * y + z * z, x * x + z * z, x * x + y * y, -x * y, -x * z, -y * z];
    for (const k of [0, 1, 2, 3, 4, 5] as const) inertia[k] += part.inertia[k] + part.mass * shifted[k]!;
  }
  return { mass, centre, inertia };
}

/**
 * Return `links` with a small mass for each that a joint moves but that weighs nothing with all that hangs on it.
 *
 * A massless link that carries a moving one with a mass is what a body of several joints is made of: it needs none.
 */
export function lendMasses(links: readonly LinkModel[], assume: (assumption: string) => void): LinkModel[] {
  return links.map((link, index) => {
    if (!link.joint) return link;
    const carried = new Set([index]);
    for (const [other, { parent }] of links.entries()) if (carried.has(parent)) carried.add(other);
    if ([...carried].some((part) => links[part]!.mass > 0)) return link;
    const { mass, moment } = LENT;
    assume(`link "${link.name}" moves but weighs nothing: ${mass} kg and ${moment} kg m² assumed`);
    return { ...link, mass, centerOfMass: [0, 0, 0], inertia: [moment, moment, moment, 0, 0, 0] };
  });
}
