// A box of 0.2 x 0.4 x 0.6 m whose low corner is at (0.1, 0, -0.2), as a file of every format.

/** Corners; bit 0 is x, bit 1 y, bit 2 z. */
export const BOX_CORNERS = Array.from({ length: 8 }, (_, k) => [
  k & 1 ? 0.3 : 0.1,
  k & 2 ? 0.4 : 0,
  k & 4 ? 0.4 : -0.2,
]);
/** Counter-clockwise from outside. */
export const BOX_FACES = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
];
const TRIANGLES = BOX_FACES.flatMap(([a, b, c, d]) => [
  [a!, b!, c!],
  [a!, c!, d!],
]);

export const encode = (text: string) => new TextEncoder().encode(text);

/** The triangles `triangles` of BOX_CORNERS, times `scale`, with `trailing` bytes after them. */
export function binaryStl({
  header = "box",
  scale = 1,
  trailing = 0,
  triangles = TRIANGLES,
} = {}): Uint8Array {
  const bytes = new Uint8Array(84 + 50 * triangles.length + trailing);
  bytes.set(encode(header));
  const view = new DataView(bytes.buffer);
  view.setUint32(80, triangles.length, true);
  for (const [t, corners] of triangles.entries())
    for (const [k, value] of corners.flatMap((corner) => BOX_CORNERS[corner]!).entries())
      view.setFloat32(84 + 50 * t + 12 + 4 * k, scale * value, true);
  return bytes;
}

export function textStl(): Uint8Array {
  const facets = TRIANGLES.map(
    (corners) =>
      `facet normal 0 0 0\n outer loop\n${corners.map((c) => `  vertex ${BOX_CORNERS[c]!.join(" ")}`).join("\n")}\n endloop\nendfacet`,
  );
  return encode(`solid box\n${facets.join("\n")}\nendsolid box\n`);
}

/** Quads; the first three in the material red, the last three counted from the end. */
export function obj(): Uint8Array {
  const face = (corners: number[], k: number) =>
    `f ${corners.map((c) => (k < 3 ? `${c + 1}/1/1` : c - 8)).join(" ")}`;
  const faces = BOX_FACES.map(face);
  return encode(
    [
      ...[
        "# a box",
        "mtllib box.mtl",
        ...BOX_CORNERS.map((corner) => `v ${corner.join(" ")}`),
        "vt 0 0",
        "vn 0 0 1",
      ],
      ...["usemtl red", ...faces.slice(0, 3), "usemtl none", ...faces.slice(3)],
    ].join("\r\n"),
  );
}

export const MTL = encode("newmtl red\nKd 1 0.25 0\nd 0.5\n");

export function msh(): Uint8Array {
  const bytes = new Uint8Array(16 + 12 * (8 + TRIANGLES.length));
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 8, true);
  view.setInt32(12, TRIANGLES.length, true);
  for (const [k, value] of BOX_CORNERS.flat().entries()) view.setFloat32(16 + 4 * k, value, true);
  for (const [k, value] of TRIANGLES.flat().entries()) view.setInt32(112 + 4 * k, value, true);
  return bytes;
}

/** In inches, turned and shifted by its nodes so that the box stands where it should, half of it as polylist. */
export function dae({ vertex = "7" } = {}): Uint8Array {
  const inch = 0.0254;
  // the nodes turn (x, y, z) to (-y, x, z) and then shift by 1 m along x
  const local = BOX_CORNERS.map(([x, y, z]) => [y! / inch, -(x! - 1) / inch, z! / inch]);
  const polygons = BOX_FACES.slice(0, 3);
  const triangles = TRIANGLES.slice(6);
  const p = (corners: number[][]) =>
    corners
      .flat()
      .flatMap((c) => [c, 0])
      .join(" ")
      .replaceAll("7", vertex);
  return encode(`<?xml version="1.0"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
  <asset><unit name="inch" meter="${inch}"/><up_axis>Y_UP</up_axis></asset>
  <library_effects><effect id="paint"><profile_COMMON><technique sid="common"><phong>
    <diffuse><color>0 0.5 1 1</color></diffuse></phong></technique></profile_COMMON></effect></library_effects>
  <library_materials><material id="blue"><instance_effect url="#paint"/></material></library_materials>
  <library_geometries><geometry id="box"><mesh>
    <source id="places"><float_array id="numbers" count="24">${local.flat().join("\n")}</float_array>
      <technique_common><accessor source="#numbers" count="8" stride="3"/></technique_common></source>
    <vertices id="corners"><input semantic="POSITION" source="#places"/></vertices>
    <polylist material="skin" count="3"><input semantic="VERTEX" source="#corners" offset="0"/>
      <input semantic="NORMAL" source="#places" offset="1"/><vcount>4 4 4</vcount><p>${p(polygons)}</p></polylist>
    <triangles count="6"><input semantic="VERTEX" source="#corners" offset="0"/>
      <input semantic="NORMAL" source="#places" offset="1"/><p>${p(triangles)}</p></triangles>
  </mesh></geometry></library_geometries>
  <library_visual_scenes><visual_scene id="scene"><node><translate>${1 / inch} 0 0</translate>
    <node><rotate>0 0 1 90</rotate><instance_geometry url="#box"><bind_material><technique_common>
      <instance_material symbol="skin" target="#blue"/></technique_common></bind_material></instance_geometry></node>
  </node></visual_scene></library_visual_scenes>
  <scene><instance_visual_scene url="#scene"/></scene>
</COLLADA>`);
}

/** Mirrored by its node, so that the triangles must be turned round; `external`: the buffer is a file of its own. */
export function gltf(external = false): {
  readonly json: Uint8Array;
  readonly glb: Uint8Array;
  readonly bin: Uint8Array;
} {
  const bin = new Uint8Array(96 + 2 * 36);
  const view = new DataView(bin.buffer);
  for (const [k, value] of BOX_CORNERS.flatMap(([x, y, z]) => [x!, -y!, (z! - 1) / 2]).entries())
    view.setFloat32(4 * k, value, true);
  for (const [k, value] of TRIANGLES.flatMap(([a, b, c]) => [a!, c!, b!]).entries())
    view.setUint16(96 + 2 * k, value, true);
  const root = {
    asset: { version: "2.0" },
    scenes: [{ nodes: [0] }],
    nodes: [
      { children: [1], translation: [0, 0, 1] },
      { mesh: 0, scale: [1, -1, 2] },
    ],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { baseColorFactor: [0.5, 0.25, 0, 1] } }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 8, type: "VEC3" },
      { bufferView: 1, componentType: 5123, count: 36, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteLength: 96 },
      { buffer: 0, byteOffset: 96, byteLength: 72 },
    ],
    buffers: [{ byteLength: bin.length, ...(external ? { uri: "box.bin" } : {}) }],
  };
  const text = JSON.stringify(root);
  const json = encode(text.padEnd(4 * Math.ceil(text.length / 4)));
  const glb = new Uint8Array(20 + json.length + 8 + bin.length);
  const head = new DataView(glb.buffer);
  for (const [k, value] of [0x46546c67, 2, glb.length, json.length, 0x4e4f534a].entries())
    head.setUint32(4 * k, value, true);
  glb.set(json, 20);
  head.setUint32(20 + json.length, bin.length, true);
  head.setUint32(24 + json.length, 0x004e4942, true);
  glb.set(bin, 28 + json.length);
  return { json, glb, bin };
}
