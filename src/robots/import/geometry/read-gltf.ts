// glTF 2.0, as JSON or GLB: triangles of all meshes of the scene, with their nodes' places and base colours.
import { z } from "zod";
import { firstIssue } from "../../../math/first-issue.js";
import { UsageError } from "../../../math/usage-error.js";
import type { Color } from "../../../scene/scene.js";
import { type Affine, affineOf, IDENTITY_AFFINE, isMirror, mapped, multiplyAffine } from "./affine.js";
import { MAX_TRIANGLES, MeshBuilder, type ReadFile, type TriangleMesh } from "./triangle-mesh.js";

const index = z.int().min(0);
const optionalList = <Item extends z.ZodType>(item: Item) => z.array(item).default([]);

/** What is read of a glTF; the rest is passed over. */
const GLTF = z.object({
  scene: index.optional(),
  scenes: optionalList(z.object({ nodes: optionalList(index) })),
  nodes: optionalList(
    z.object({
      children: optionalList(index),
      mesh: index.optional(),
      matrix: z.array(z.number()).length(16).optional(),
      translation: z.array(z.number()).length(3).default([0, 0, 0]),
      rotation: z.array(z.number()).length(4).default([0, 0, 0, 1]),
      scale: z.array(z.number()).length(3).default([1, 1, 1]),
    }),
  ),
  meshes: optionalList(
    z.object({
      primitives: z.array(
        z.object({
          attributes: z.record(z.string(), index),
          indices: index.optional(),
          material: index.optional(),
          mode: z.int().default(4),
        }),
      ),
    }),
  ),
  materials: optionalList(
    z.object({
      pbrMetallicRoughness: z
        .object({ baseColorFactor: z.array(z.number().min(0).max(1)).length(4).optional() })
        .optional(),
    }),
  ),
  accessors: optionalList(
    z.object({
      bufferView: index.optional(),
      byteOffset: index.default(0),
      componentType: z.int(),
      normalized: z.boolean().default(false),
      count: index,
      type: z.string(),
    }),
  ),
  bufferViews: optionalList(
    z.object({
      buffer: index,
      byteOffset: index.default(0),
      byteLength: index,
      byteStride: index.optional(),
    }),
  ),
  buffers: optionalList(z.object({ uri: z.string().optional(), byteLength: index })),
  extensionsRequired: optionalList(z.string()),
});

type Gltf = z.infer<typeof GLTF>;

/** Extensions that change nothing of what is read. */
const HARMLESS = /^(KHR_materials_|KHR_texture_|KHR_mesh_quantization$|EXT_texture_|KHR_lights_)/;
const MAX_NODE_VISITS = 10_000;
const MAX_DEPTH = 200;
/** Size in bytes, how it is read and what stands for 1 where it is normalised, by component type. */
const COMPONENTS: Readonly<
  Record<number, readonly [bytes: number, read: (view: DataView, at: number) => number, one: number]>
> = {
  5120: [1, (view, at) => view.getInt8(at), 127],
  5121: [1, (view, at) => view.getUint8(at), 255],
  5122: [2, (view, at) => view.getInt16(at, true), 32767],
  5123: [2, (view, at) => view.getUint16(at, true), 65535],
  5125: [4, (view, at) => view.getUint32(at, true), 1],
  5126: [4, (view, at) => view.getFloat32(at, true), 1],
};

/** Read a glTF; its axes are kept as they are written (robots' files have z up, whatever glTF says). */
export function readGltf(bytes: Uint8Array, name: string, readBeside: ReadFile): TriangleMesh {
  return new GltfReader(bytes, name, readBeside).read();
}

class GltfReader {
  private readonly name: string;
  private readonly gltf: Gltf;
  private readonly buffers: DataView[];
  private readonly mesh: MeshBuilder;
  private visits = 0;

  constructor(bytes: Uint8Array, name: string, readBeside: ReadFile) {
    this.name = name;
    this.mesh = new MeshBuilder(name);
    const [json, binary] = chunksOf(bytes, name);
    const parsed = GLTF.safeParse(parseJson(json, name));
    if (!parsed.success) throw new UsageError(`${name} is no glTF: ${firstIssue(parsed.error)}.`);
    this.gltf = parsed.data;
    const needed = this.gltf.extensionsRequired.find((extension) => !HARMLESS.test(extension));
    if (needed) {
      throw new UsageError(`${name} needs ${needed}, which is not read. Save it without compression.`);
    }
    this.buffers = this.gltf.buffers.map(({ uri, byteLength }) => {
      const buffer = uri === undefined ? binary : this.bytesAt(uri, readBeside);
      if (buffer && buffer.length >= byteLength) return viewOf(buffer);
      throw this.mistake(`a buffer has ${buffer?.length ?? 0} of ${byteLength} bytes`);
    });
  }

  read(): TriangleMesh {
    const { scenes, scene = 0, nodes } = this.gltf;
    const roots = scenes[scene]?.nodes ?? [...nodes.keys()];
    for (const root of roots) this.addNode(root, IDENTITY_AFFINE);
    return this.mesh.build();
  }

  private bytesAt(uri: string, readBeside: ReadFile): Uint8Array | undefined {
    const inline = /^data:[^,]*;base64,/.exec(uri);
    if (!inline) return readBeside(decodeURIComponent(uri));
    return Uint8Array.from(atob(uri.slice(inline[0].length)), (character) => character.charCodeAt(0));
  }

  private addNode(node: number, above: Affine, depth = 0): void {
    // nodes that hang on one another in a circle are visited for ever
    if (++this.visits > MAX_NODE_VISITS || depth > MAX_DEPTH)
      throw this.mistake(
        `there are more than ${MAX_NODE_VISITS} nodes, or more than ${MAX_DEPTH} on one another`,
      );
    const { matrix, translation, rotation, scale, mesh, children } = this.at("nodes", node);
    const own = matrix
      ? [0, 1, 2].flatMap((row) => [0, 4, 8, 12].map((column) => matrix[column + row]!))
      : affineOf(translation, rotation, scale);
    const place = multiplyAffine(above, own);
    if (mesh !== undefined)
      for (const primitive of this.at("meshes", mesh).primitives) this.addPrimitive(primitive, place);
    for (const child of children) this.addNode(child, place, depth + 1);
  }

  private addPrimitive(
    { attributes, indices, material, mode }: Gltf["meshes"][number]["primitives"][number],
    place: Affine,
  ): void {
    const { mesh } = this;
    const { POSITION: positions } = attributes;
    if (positions === undefined || mode < 4) return;
    const first = mesh.numVertices;
    const points = this.accessor(positions, 3);
    for (let p = 0; p < points.length; p += 3)
      mesh.vertices.push(...mapped(place, points[p]!, points[p + 1]!, points[p + 2]!));
    const count = points.length / 3;
    const order =
      indices === undefined ? Float64Array.from({ length: count }, (_, k) => k) : this.accessor(indices, 1);
    const color =
      material === undefined
        ? undefined
        : this.at("materials", material).pbrMetallicRoughness?.baseColorFactor;
    mesh.startPart(color as unknown as Color | undefined);
    if (order.some((k) => k >= count)) throw this.mistake("a triangle names a vertex that is not there");
    const mirrors = isMirror(place);
    const add = (a: number, b: number, c: number, flips: boolean) => {
      const [second, third] = flips === mirrors ? [b, c] : [c, b];
      mesh.addTriangle(first + order[a]!, first + order[second]!, first + order[third]!);
    };
    // 4: triangles, 5: a strip, 6: a fan
    if (mode === 4) for (let k = 0; k + 2 < order.length; k += 3) add(k, k + 1, k + 2, false);
    else if (mode === 5) for (let k = 0; k + 2 < order.length; k++) add(k, k + 1, k + 2, k % 2 === 1);
    else for (let k = 1; k + 1 < order.length; k++) add(0, k, k + 1, false);
  }

  private accessor(which: number, width: number): Float64Array {
    const { bufferView, byteOffset, componentType, normalized, count, type } = this.at("accessors", which);
    const component = COMPONENTS[componentType];
    if (!component || type !== (width === 3 ? "VEC3" : "SCALAR"))
      throw this.mistake(`an accessor holds ${type} of type ${componentType}, expected ${width} numbers`);
    if (count > 3 * MAX_TRIANGLES) throw this.mistake(`an accessor holds ${count} entries: too many`);
    const values = new Float64Array(width * count);
    // without a view all entries are zero
    if (bufferView === undefined) return values;
    const [size, read, one] = component;
    const {
      buffer,
      byteOffset: start,
      byteLength,
      byteStride = width * size,
    } = this.at("bufferViews", bufferView);
    const view = this.buffers[buffer];
    const end = count === 0 ? 0 : byteOffset + (count - 1) * byteStride + width * size;
    if (!view || end > byteLength || start + byteLength > view.byteLength)
      throw this.mistake("an accessor reaches beyond its buffer");
    const share = normalized ? one : 1;
    for (let entry = 0; entry < count; entry++) {
      const at = start + byteOffset + entry * byteStride;
      for (let k = 0; k < width; k++) values[width * entry + k] = read(view, at + size * k) / share;
    }
    return values;
  }

  private at<Kind extends "nodes" | "meshes" | "materials" | "accessors" | "bufferViews">(
    kind: Kind,
    which: number,
  ): Gltf[Kind][number] {
    const found: Gltf[Kind][number] | undefined = this.gltf[kind][which];
    if (found === undefined) throw this.mistake(`${kind}[${which}] is not there`);
    return found;
  }

  private mistake(what: string): UsageError {
    return new UsageError(`${this.name}: ${what}.`);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The JSON and the binary chunk; a .gltf is all JSON. */
function chunksOf(bytes: Uint8Array, name: string): [json: Uint8Array, binary: Uint8Array | undefined] {
  const view = viewOf(bytes);
  if (bytes.length < 20 || view.getUint32(0) !== 0x676c5446) return [bytes, undefined];
  const version = view.getUint32(4, true);
  if (version !== 2) throw new UsageError(`${name} is glTF ${version}; 2 is read.`);
  const jsonEnd = 20 + view.getUint32(12, true);
  const binaryStart = jsonEnd + 8;
  if (jsonEnd > bytes.length) throw new UsageError(`${name} ends before its JSON does. Is it whole?`);
  return [bytes.subarray(20, jsonEnd), binaryStart <= bytes.length ? bytes.subarray(binaryStart) : undefined];
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new UsageError(`${name} is no glTF: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
