// COLLADA (.dae): triangles of all geometries of the scene, with unit, nodes' places and diffuse colours.
import { UsageError } from "../../../math/usage-error.js";
import type { Color } from "../../../scene/scene.js";
import { decodeText } from "../formats/decode-text.js";
import { parseXml, type XmlElement } from "../formats/xml.js";
import { type Affine, IDENTITY_AFFINE, isMirror, mapped, multiplyAffine } from "./affine.js";
import { childrenOf, firstOf, numbersOf, withId } from "./dae-elements.js";
import { affineOfNode } from "./dae-transforms.js";
import { MeshBuilder, type TriangleMesh } from "./triangle-mesh.js";

const MAX_LENGTH = 100_000_000;
const MAX_ELEMENTS = 2_000_000;
const MAX_NODE_VISITS = 10_000;
const MAX_DEPTH = 200;

/** Read a COLLADA file; lengths become metres, axes are kept as they are written (so does RViz; robots' files have z up). */
export function readDae(bytes: Uint8Array, name: string): TriangleMesh {
  return new DaeReader(parse(bytes, name), name).read();
}

/** Vertices of the mesh. */
interface Range {
  readonly first: number;
  readonly end: number;
}

class DaeReader {
  private readonly root: XmlElement;
  private readonly name: string;
  private readonly mesh: MeshBuilder;
  private readonly ids: ReadonlyMap<string, XmlElement>;
  private visits = 0;

  constructor(root: XmlElement, name: string) {
    this.root = root;
    this.name = name;
    this.mesh = new MeshBuilder(name);
    this.ids = withId(root);
  }

  read(): TriangleMesh {
    const meter = Number(firstOf(this.root, "asset", "unit")?.attributes.get("meter") ?? 1);
    const unit = meter > 0 && Number.isFinite(meter) ? meter : 1;
    const place: Affine = IDENTITY_AFFINE.map((value) => value * unit);
    const scene = this.target(firstOf(this.root, "scene", "instance_visual_scene"), "url");
    if (scene) for (const node of childrenOf(scene, "node")) this.addNode(node, place);
    else
      for (const geometry of childrenOf(firstOf(this.root, "library_geometries"), "geometry"))
        this.addGeometry(geometry, place, new Map());
    return this.mesh.build();
  }

  private addNode(node: XmlElement, above: Affine, depth = 0): void {
    // nodes that hold one another in a circle are visited for ever
    if (++this.visits > MAX_NODE_VISITS || depth > MAX_DEPTH)
      throw this.mistake(
        `there are more than ${MAX_NODE_VISITS} nodes, or more than ${MAX_DEPTH} on one another`,
      );
    const place = multiplyAffine(above, affineOfNode(node));
    for (const instance of childrenOf(node, "instance_geometry"))
      this.addGeometry(this.target(instance, "url"), place, this.colorsOf(instance));
    for (const instance of childrenOf(node, "instance_controller")) {
      const skin = firstOf(this.target(instance, "url"), "skin");
      this.addGeometry(this.target(skin, "source"), place, this.colorsOf(instance));
    }
    for (const instance of childrenOf(node, "instance_node")) {
      const other = this.target(instance, "url");
      if (other) this.addNode(other, place, depth + 1);
    }
    for (const child of childrenOf(node, "node")) this.addNode(child, place, depth + 1);
  }

  /** Colours by the symbols that the triangles name. */
  private colorsOf(instance: XmlElement): ReadonlyMap<string, Color> {
    const colors = new Map<string, Color>();
    const bound = firstOf(instance, "bind_material", "technique_common");
    for (const material of childrenOf(bound, "instance_material")) {
      const color = this.colorOf(this.target(material, "target"));
      if (color) colors.set(material.attributes.get("symbol") ?? "", color);
    }
    return colors;
  }

  private colorOf(material: XmlElement | undefined): Color | undefined {
    const profile = firstOf(this.target(firstOf(material, "instance_effect"), "url"), "profile_COMMON");
    const technique = firstOf(profile, "technique");
    for (const model of ["phong", "lambert", "blinn", "constant"]) {
      const shading = firstOf(technique, model);
      const diffuse = firstOf(shading, model === "constant" ? "emission" : "diffuse", "color");
      const [r, g, b, a = 1] = numbersOf(diffuse);
      if ([r, g, b, a].every((value) => value !== undefined && value >= 0 && value <= 1))
        return [r!, g!, b!, a > 0 ? a : 1];
    }
    return undefined;
  }

  private addGeometry(
    geometry: XmlElement | undefined,
    place: Affine,
    colors: ReadonlyMap<string, Color>,
  ): void {
    const mesh = firstOf(geometry, "mesh");
    if (!mesh) return;
    const known = new Map<string, Range>();
    for (const primitive of mesh.children) {
      if (!/^(triangles|polylist|polygons|tristrips|trifans)$/.test(primitive.name)) continue;
      this.mesh.startPart(colors.get(primitive.attributes.get("material") ?? ""));
      this.addPrimitive(primitive, place, known);
    }
  }

  private addPrimitive(primitive: XmlElement, place: Affine, known: Map<string, Range>): void {
    const kind = primitive.name;
    const inputs = childrenOf(primitive, "input");
    const offsetOf = (input: XmlElement) => Number(input.attributes.get("offset") ?? 0);
    const stride = 1 + Math.max(0, ...inputs.map(offsetOf));
    const vertex = inputs.find((input) => input.attributes.get("semantic") === "VERTEX");
    if (!vertex || !(stride <= 32)) return;
    const { first, end } = this.verticesOf(vertex, place, known);
    const offset = offsetOf(vertex);
    const corner = (values: ArrayLike<number>, k: number) => {
      const index = first + values[stride * k + offset]!;
      if (index >= first && index < end) return index;
      throw this.mistake(`a triangle names vertex ${index - first}, which is not there`);
    };
    const mirrors = isMirror(place);
    const add = (a: number, b: number, c: number) =>
      mirrors ? this.mesh.addTriangle(a, c, b) : this.mesh.addTriangle(a, b, c);
    for (const indices of childrenOf(primitive, "p")) {
      const values = numbersOf(indices);
      const numCorners = Math.floor(values.length / stride);
      const sizes = kind === "polylist" ? numbersOf(firstOf(primitive, "vcount")) : undefined;
      for (const [a, b, c] of trianglesOf(kind, numCorners, sizes))
        add(corner(values, a), corner(values, b), corner(values, c));
    }
  }

  /** Add the points that `vertex` names, unless primitives of the same geometry have done so. */
  private verticesOf(vertex: XmlElement, place: Affine, known: Map<string, Range>): Range {
    const id = vertex.attributes.get("source") ?? "";
    const there = known.get(id);
    if (there) return there;
    const positions = childrenOf(this.target(vertex, "source"), "input").find(
      (input) => input.attributes.get("semantic") === "POSITION",
    );
    const source = this.target(positions, "source");
    const accessor = firstOf(source, "technique_common", "accessor");
    const stride = Math.max(3, Math.floor(Number(accessor?.attributes.get("stride") ?? 3))) || 3;
    const values = numbersOf(firstOf(source, "float_array"));
    const first = this.mesh.numVertices;
    for (let k = 0; k + 2 < values.length; k += stride)
      this.mesh.vertices.push(...mapped(place, values[k]!, values[k + 1]!, values[k + 2]!));
    const added = { first, end: this.mesh.numVertices };
    known.set(id, added);
    return added;
  }

  private target(element: XmlElement | undefined, attribute: string): XmlElement | undefined {
    return this.ids.get((element?.attributes.get(attribute) ?? "").replace(/^#/, ""));
  }

  private mistake(what: string): UsageError {
    return new UsageError(`${this.name}: ${what}.`);
  }
}

/** Which corners of a list of them are triangles; `sizes` are those of the polygons of a polylist. */
function* trianglesOf(
  kind: string,
  numCorners: number,
  sizes: Float64Array = Float64Array.of(numCorners),
): Generator<readonly [number, number, number]> {
  if (kind === "triangles") for (let k = 2; k < numCorners; k += 3) yield [k - 2, k - 1, k];
  else if (kind === "tristrips")
    for (let k = 2; k < numCorners; k++) yield k % 2 === 0 ? [k - 2, k - 1, k] : [k - 2, k, k - 1];
  else {
    let start = 0;
    for (const size of sizes) {
      const end = Math.min(start + size, numCorners);
      for (let k = start + 2; k < end; k++) yield [start, k - 1, k];
      start += size;
    }
  }
}

function parse(bytes: Uint8Array, name: string): XmlElement {
  const root = parseXml(decodeText(bytes, name).trimStart(), name, {
    maxLength: MAX_LENGTH,
    maxElements: MAX_ELEMENTS,
  });
  if (root.name === "COLLADA") return root;
  throw new UsageError(`${name}:${root.line}: the root is <${root.name}>, expected <COLLADA>.`);
}
