// STL, binary or text: triangles without anything else.
import { UsageError } from "../../../math/usage-error.js";
import { MAX_TRIANGLES, type TriangleMesh, weldedMesh } from "./triangle-mesh.js";

/** Read an STL; bytes after the triangles of a binary one are passed over, as other readers do. */
export function readStl(bytes: Uint8Array, name: string): TriangleMesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= 84 ? view.getUint32(80, true) : 0;
  const fits = count > 0 && 84 + 50 * count <= bytes.length;
  const corners = fits ? binaryCorners(view, count, name) : textCorners(bytes, count, name);
  return weldedMesh(corners);
}

function binaryCorners(view: DataView, count: number, name: string): Float64Array {
  refuseMany(count, name);
  const corners = new Float64Array(9 * count);
  for (let triangle = 0; triangle < count; triangle++) {
    // 12 bytes of normal come first, 2 of attributes last
    const start = 84 + 50 * triangle + 12;
    for (let k = 0; k < 9; k++) {
      const value = view.getFloat32(start + 4 * k, true);
      corners[9 * triangle + k] = value;
      if (Number.isFinite(value)) continue;
      throw new UsageError(
        `${name}: triangle ${1 + triangle} has the coordinate ${value}, expected a finite number.`,
      );
    }
  }
  return corners;
}

function textCorners(bytes: Uint8Array, count: number, name: string): Float64Array {
  const text = new TextDecoder("latin1").decode(bytes);
  if (!/\bfacet\b/i.test(text)) {
    if (count === 0 || !bytes.includes(0)) return new Float64Array(0);
    const held = Math.max(0, Math.floor((bytes.length - 84) / 50));
    throw new UsageError(
      `${name} ends after ${held} of the ${count} triangles that it says it has. Is it whole?`,
    );
  }
  const values: number[] = [];
  for (const match of text.matchAll(/\bvertex\s+(\S+)\s+(\S+)\s+(\S+)/gi)) {
    for (const word of match.slice(1)) {
      const value = Number(word);
      if (!Number.isFinite(value)) {
        const line = text.slice(0, match.index).split("\n").length;
        throw new UsageError(
          `${name}:${line}: "${word}" is a vertex's coordinate, expected a finite number.`,
        );
      }
      values.push(value);
    }
    refuseMany(values.length / 9, name);
  }
  return Float64Array.from(values.slice(0, values.length - (values.length % 9)));
}

function refuseMany(count: number, name: string): void {
  if (count <= MAX_TRIANGLES) return;
  const [is, most] = [Math.floor(count), MAX_TRIANGLES].map((number) => number.toLocaleString("en"));
  throw new UsageError(`${name} has ${is} triangles or more, at most ${most} are read. Give a coarser mesh.`);
}
