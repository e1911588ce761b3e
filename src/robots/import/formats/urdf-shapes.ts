// Shapes of a URDF's links with their places and colours; those that have no extent, or that URDF does not know, are left out.
import type { Vec3 } from "../../../math/vector.js";
import type { Color } from "../../../scene/scene.js";
import type { DescribedGeometry, DescribedShape } from "../description.js";
import { poseOf } from "./urdf-values.js";
import type { XmlElement } from "./xml.js";
import {
  childOf,
  childrenOf,
  mainLine,
  mistake,
  numberOf,
  numbersOf,
  textOf,
  vectorOf,
} from "./xml-values.js";

/** No robot has more, and more could be neither drawn nor simulated. */
const MOST_SHAPES = 5000;

/** Reads the `<collision>` or `<visual>` elements of the link called `link`. */
export type ReadShapes = (link: string, elements: readonly XmlElement[]) => DescribedShape[];

/** Return what reads shapes of the robot `root`; `note` is told what is left out. */
export function shapeReader(root: XmlElement, note: (text: string) => void): ReadShapes {
  const colors = namedColors(root);
  const readShape = (link: string, element: XmlElement): DescribedShape | undefined => {
    const holder = childOf(element, "geometry");
    const shape = holder?.children[0];
    const left = (reason: string) =>
      note(`link "${link}": a <${element.name}> ${reason} is left out (line ${mainLine(element)})`);
    if (!shape) return left("without a shape") ?? undefined;
    const geometry = readGeometry(shape);
    if (!geometry) return left(`of the unknown shape <${shape.name}>`) ?? undefined;
    if (!hasExtent(geometry)) return left(`whose <${shape.name}> has a size of 0`) ?? undefined;
    const material = childOf(element, "material");
    const color = material && (colorOf(material) ?? colors.get(material.attributes.get("name") ?? ""));
    return { line: mainLine(shape), pose: poseOf(element), geometry, ...(color ? { color } : {}) };
  };
  let numShapes = 0;
  return (link, elements) =>
    elements.flatMap((element) => {
      numShapes += 1;
      if (numShapes > MOST_SHAPES) throw mistake(element, `the robot has more than ${MOST_SHAPES} shapes`);
      return readShape(link, element) ?? [];
    });
}

/** Undefined for a shape that URDF does not know. */
function readGeometry(shape: XmlElement): DescribedGeometry | undefined {
  const sized = (value: number) => {
    if (value >= 0) return value;
    throw mistake(shape, `<${shape.name}> has a size of ${value} m, expected more than 0`);
  };
  switch (shape.name) {
    case "box": {
      const [x, y, z] = vectorOf(shape, "size");
      return { type: "box", size: [sized(x), sized(y), sized(z)] };
    }
    case "sphere":
      return { type: "sphere", radius: sized(numberOf(shape, "radius")) };
    case "cylinder":
    case "capsule":
      return {
        type: shape.name,
        radius: sized(numberOf(shape, "radius")),
        length: sized(numberOf(shape, "length")),
      };
    case "mesh":
      return { type: "mesh", filename: textOf(shape, "filename"), scale: scaleOf(shape) };
    default:
      return undefined;
  }
}

/** Three factors, or one for all axes. */
function scaleOf(mesh: XmlElement): Vec3 {
  const [x, y, z, ...rest] = numbersOf(mesh, "scale", { fallback: [1, 1, 1] });
  if (y === undefined) return [x!, x!, x!];
  if (z !== undefined && rest.length === 0) return [x!, y, z];
  throw mistake(mesh, `scale="${mesh.attributes.get("scale")}" of <mesh> is not three numbers`);
}

function hasExtent(geometry: DescribedGeometry): boolean {
  switch (geometry.type) {
    case "box":
      return geometry.size.every((side) => side > 0);
    case "sphere":
    case "capsule":
      return geometry.radius > 0;
    case "cylinder":
      return geometry.radius > 0 && geometry.length > 0;
    case "mesh":
      return geometry.scale.every((factor) => factor !== 0);
    default:
      return true;
  }
}

/** Colours of materials by name: those of the robot, and those that a link gives for others to refer to. */
function namedColors(root: XmlElement): ReadonlyMap<string, Color> {
  const colors = new Map<string, Color>();
  const visuals = childrenOf(root, "link").flatMap((link) => childrenOf(link, "visual"));
  for (const material of [root, ...visuals].flatMap((holder) => childrenOf(holder, "material"))) {
    const name = material.attributes.get("name");
    const color = colorOf(material);
    if (name && color && !colors.has(name)) colors.set(name, color);
  }
  return colors;
}

/** Colour of a `<material>`; undefined where it has none that can be read: nothing but the look hangs on it. */
function colorOf(material: XmlElement): Color | undefined {
  const values = (childOf(material, "color")?.attributes.get("rgba") ?? "").trim().split(/\s+/).map(Number);
  if (values.length < 3 || values.length > 4 || !values.every(Number.isFinite)) return undefined;
  const [r, g, b, a = 1] = values.map((value) => Math.max(0, Math.min(1, value)));
  return [r!, g!, b!, a];
}
