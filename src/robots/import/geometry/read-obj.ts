// OBJ: vertices and polygons in text, colours in an MTL beside it.
import { UsageError } from "../../../math/usage-error.js";
import type { Color } from "../../../scene/scene.js";
import { MeshBuilder, type ReadFile, type TriangleMesh } from "./triangle-mesh.js";

/** Read an OBJ; polygons become fans of triangles, lines and points are left out. */
export function readObj(bytes: Uint8Array, name: string, readBeside: ReadFile): TriangleMesh {
  const text = new TextDecoder().decode(bytes);
  const mesh = new MeshBuilder(name);
  const colors = new Map<string, Color>();
  let line = 0;
  const mistake = (what: string) => new UsageError(`${name}:${line}: ${what}.`);
  for (const row of linesOf(text)) {
    line++;
    const words = row.trim().split(/\s+/);
    switch (words[0]) {
      case "v":
        for (let k = 1; k <= 3; k++) {
          const value = Number(words[k]);
          if (!Number.isFinite(value))
            throw mistake(`"${words[k] ?? ""}" is a vertex's coordinate, expected a finite number`);
          mesh.vertices.push(value);
        }
        break;
      case "f":
        addFace(mesh, words, mistake);
        break;
      case "usemtl":
        mesh.startPart(colors.get(words.slice(1).join(" ")));
        break;
      case "mtllib": {
        const library = readBeside(words.slice(1).join(" "));
        if (library) readMtl(library, colors);
        break;
      }
    }
  }
  return mesh.build();
}

/** A 100 MB text is not to be split into millions of strings at once. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, stop);
    start = stop + 1;
  }
}

function addFace(mesh: MeshBuilder, words: readonly string[], mistake: (what: string) => UsageError): void {
  const corners = words.slice(1).map((word) => {
    const given = Number.parseInt(word, 10);
    // 1 is the first vertex, -1 the latest
    const index = given < 0 ? mesh.numVertices + given : given - 1;
    if (!(index >= 0 && index < mesh.numVertices))
      throw mistake(`a face names vertex "${word}", of ${mesh.numVertices} above it`);
    return index;
  });
  for (let k = 2; k < corners.length; k++) mesh.addTriangle(corners[0]!, corners[k - 1]!, corners[k]!);
}

/** Add the diffuse colours of an MTL to `colors`; what is no colour is passed over. */
function readMtl(bytes: Uint8Array, colors: Map<string, Color>): void {
  let material = "";
  for (const row of new TextDecoder().decode(bytes.subarray(0, 1_000_000)).split("\n")) {
    const words = row.trim().split(/\s+/);
    const numbers = words.slice(1).map(Number);
    if (words[0] === "newmtl") material = words.slice(1).join(" ");
    const [r, g, b, a] = colors.get(material) ?? [0.8, 0.8, 0.8, 1];
    if (words[0] === "Kd" && numbers.length >= 3 && numbers.slice(0, 3).every(isShare))
      colors.set(material, [numbers[0]!, numbers[1]!, numbers[2]!, a]);
    if (words[0] === "d" && isShare(numbers[0])) colors.set(material, [r, g, b, numbers[0]!]);
    if (words[0] === "Tr" && isShare(numbers[0])) colors.set(material, [r, g, b, 1 - numbers[0]!]);
  }
}

function isShare(value: number | undefined): boolean {
  return value !== undefined && value >= 0 && value <= 1;
}
