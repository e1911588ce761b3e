// Pictures that a recording holds, as those made of data sets do: the browser decodes them.
import { fromBase64 } from "../../src/deploy/base64.js";
import type { Picture } from "./protocol.js";

/** Decode each camera's file; there is neither depth nor what a pixel shows. */
export function storedPictures(files: Readonly<Record<string, string>>): Promise<Picture[]> {
  return Promise.all(Object.entries(files).map(([name, file]) => decoded(name, file)));
}

async function decoded(name: string, file: string): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([fromBase64(file)])).catch(() => {
    throw new Error(`What camera ${name} saw cannot be decoded.`);
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let k = 0; k < 3; k++) rgb[3 * pixel + k] = data[4 * pixel + k]!;
  return { name, width, height, rgb, depth: new Float32Array(0), entities: new Uint16Array(0) };
}
