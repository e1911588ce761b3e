// Geoms: the shapes of a body, what touches, what is drawn and what weighs.

import { add, scale, type Vec3 } from "../../../../math/vector.js";
import type { Color } from "../../../../scene/scene.js";
import type { DescribedGeometry, DescribedShape, Pose } from "../../description.js";
import type { XmlElement } from "../xml.js";
import { mainLine, mistake, numberOf, numbersOf } from "../xml-values.js";
import { type Assets, colorOf, type MeshAsset } from "./assets.js";
import type { MjcfPart } from "./bodies.js";
import { type CompilerSettings, choice } from "./compiler.js";
import { compose, poseOf, quaternionToZ } from "./poses.js";
import type { SolidType } from "./solids.js";

/** A geom, read. */
export interface MjcfGeom {
  readonly name?: string;
  readonly element: XmlElement;
  /** In its body's frame. */
  readonly pose: Pose;
  readonly type: SolidType | "mesh" | "plane" | "hfield" | "sdf";
  /** As MJCF means them: radii, half lengths; [3] */
  readonly size: Vec3;
  readonly mesh?: MeshAsset;
  readonly color: Color;
  readonly group: number;
  /** Bits of what it touches. */
  readonly contype: number;
  readonly conaffinity: number;
  /** Missing where the density counts. kg */
  readonly mass?: number;
  /** kg/m³, kg/m² of a shell */
  readonly density: number;
  readonly shell: boolean;
}

const TYPES = [
  ...(["sphere", "capsule", "cylinder", "box", "ellipsoid"] as const),
  ...(["mesh", "plane", "hfield", "sdf"] as const),
] as const;
/** Sizes that a type needs. */
const SIZES: Readonly<Record<SolidType, number>> = {
  sphere: 1,
  capsule: 2,
  cylinder: 2,
  box: 3,
  ellipsoid: 3,
};
const GREY: Color = [0.5, 0.5, 0.5, 1];
/** Directions of an ellipsoid's points: rings about z, and both ends. */
const RINGS = 5;
const POINTS_PER_RING = 12;

/** Read a geom. */
export function readGeom(
  { element, frame }: MjcfPart,
  { settings, assets }: { readonly settings: CompilerSettings; readonly assets: Assets },
): MjcfGeom {
  const type = choice(element, "type", TYPES, "sphere");
  const mesh = meshOf(element, type, assets);
  const { size, pose } = place(element, type, settings);
  const material = element.attributes.get("material");
  // a primitive with a mesh is fitted to it by MuJoCo: the mesh itself is nearer to what is meant
  const isMesh = mesh !== undefined;
  const name = element.attributes.get("name");
  const mass = element.attributes.has("mass") ? numberOf(element, "mass") : undefined;
  if (mass !== undefined && mass < 0) throw mistake(element, `a geom has a mass of ${mass} kg`);
  return {
    ...(name ? { name } : {}),
    element,
    pose: compose(frame, isMesh ? compose(pose, mesh.pose) : pose),
    type: isMesh ? "mesh" : type,
    size,
    ...(isMesh ? { mesh } : {}),
    color: colorOf(element, "rgba") ?? (material ? assets.colors.get(material) : undefined) ?? GREY,
    group: numberOf(element, "group", { fallback: 0 }),
    contype: numberOf(element, "contype", { fallback: 1 }),
    conaffinity: numberOf(element, "conaffinity", { fallback: 1 }),
    ...(mass === undefined ? {} : { mass }),
    density: numberOf(element, "density", { fallback: 1000 }),
    shell: isMesh ? mesh.shell : choice(element, "shellinertia", ["false", "true"], "false") === "true",
  };
}

/** Whether a geom touches nothing, unless a contact pair names it. */
export function isVisual({ contype, conaffinity, name }: MjcfGeom, paired: ReadonlySet<string>): boolean {
  return contype === 0 && conaffinity === 0 && !(name !== undefined && paired.has(name));
}

/** Return the geom's shape; undefined for planes and height fields, which no robot is made of. */
export function shapeOf(geom: MjcfGeom): DescribedShape | undefined {
  const geometry = geometryOf(geom);
  return (
    geometry && {
      line: mainLine(geom.element),
      pose: geom.pose,
      geometry,
      color: geom.color,
    }
  );
}

function geometryOf({ type, size: [a, b, c], mesh }: MjcfGeom): DescribedGeometry | undefined {
  switch (type) {
    case "sphere":
      return { type, radius: a };
    case "capsule":
    case "cylinder":
      return { type, radius: a, length: 2 * b };
    case "box":
      return { type, size: [2 * a, 2 * b, 2 * c] };
    case "ellipsoid":
      return { type: "convex", points: ellipsoidPoints(a, b, c) };
    case "mesh":
      if (!mesh) return undefined;
      if (mesh.filename !== undefined) return { type: "mesh", filename: mesh.filename, scale: mesh.scale };
      return { type: "convex", points: mesh.points };
    default:
      return undefined;
  }
}

function meshOf(element: XmlElement, type: string, { meshes }: Assets): MeshAsset | undefined {
  const name = element.attributes.get("mesh");
  if (name === undefined) {
    if (type === "mesh" || type === "sdf") throw mistake(element, `a geom of type ${type} lacks mesh`);
    return undefined;
  }
  if (type === "plane" || type === "hfield") return undefined;
  const mesh = meshes.get(name);
  if (mesh) return mesh;
  throw mistake(element, `a geom names the mesh "${name}", which is not among the assets`);
}

/** Place and size of a geom, which a segment from one point to another may give. */
function place(
  element: XmlElement,
  type: MjcfGeom["type"],
  settings: CompilerSettings,
): { readonly size: Vec3; readonly pose: Pose } {
  const given = numbersOf(element, "size", { fallback: [] });
  const [a = 0, b = 0, c = 0] = given;
  if (!isSolid(type) || element.attributes.has("mesh")) {
    return { size: [a, b, c], pose: poseOf(element, settings) };
  }
  const ends = element.attributes.has("fromto") ? numbersOf(element, "fromto", { count: 6 }) : undefined;
  const needed = ends ? 1 : SIZES[type];
  if (given.length < needed || given.slice(0, needed).some((value) => !(value > 0))) {
    throw mistake(
      element,
      `a ${type} has size "${element.attributes.get("size") ?? ""}", expected ${needed} numbers above 0, in m`,
    );
  }
  if (!ends || type === "sphere") return { size: [a, b, c], pose: poseOf(element, settings) };
  const from: Vec3 = [ends[0]!, ends[1]!, ends[2]!];
  const to: Vec3 = [ends[3]!, ends[4]!, ends[5]!];
  const along = add(from, scale(-1, to));
  const length = Math.hypot(...along);
  if (length < 1e-10) throw mistake(element, "fromto of a geom begins where it ends");
  const half = length / 2;
  return {
    size: type === "box" || type === "ellipsoid" ? [a, a, half] : [a, half, 0],
    pose: {
      position: scale(0.5, add(from, to)),
      quaternion: quaternionToZ(scale(1 / length, along)),
    },
  };
}

/** Whether a type is a body of its own, whose volume is known. */
export function isSolid(type: string): type is SolidType {
  return type in SIZES;
}

function ellipsoidPoints(a: number, b: number, c: number): Vec3[] {
  const points: Vec3[] = [
    [0, 0, c],
    [0, 0, 0 - c],
  ];
  for (let ring = 1; ring <= RINGS; ring++) {
    const polar = (Math.PI * ring) / (RINGS + 1);
    for (let k = 0; k < POINTS_PER_RING; k++) {
      const turn = (2 * Math.PI * k) / POINTS_PER_RING;
      points.push([
        a * Math.sin(polar) * Math.cos(turn),
        b * Math.sin(polar) * Math.sin(turn),
        c * Math.cos(polar),
      ]);
    }
  }
  return points;
}
