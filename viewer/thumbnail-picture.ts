// A small picture of a scene, drawn beside the screen.
import { PerspectiveCamera, type Scene, type WebGLRenderer, WebGLRenderTarget } from "three";

/** Pixels per pixel asked for, so that it stays sharp on fine screens. */
const FINENESS = 2;
const EYE = [1.12, -0.66, 0.56] as const;
const TARGET = [0.42, 0, 0.19] as const;

/** Draw `scene` from its usual side into a canvas of `width` times `height`; the screen stays as it is. */
export function drawThumbnail(
  renderer: WebGLRenderer,
  scene: Scene,
  width: number,
  height: number,
): HTMLCanvasElement {
  const [across, high] = [FINENESS * width, FINENESS * height];
  const target = new WebGLRenderTarget(across, high);
  const eye = new PerspectiveCamera(34, width / height, 0.02, 20);
  eye.up.set(0, 0, 1);
  eye.position.set(...EYE);
  eye.lookAt(...TARGET);
  renderer.setRenderTarget(target);
  renderer.render(scene, eye);
  const pixels = new Uint8Array(4 * across * high);
  renderer.readRenderTargetPixels(target, 0, 0, across, high, pixels);
  renderer.setRenderTarget(null);
  target.dispose();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [across, high];
  const image = new ImageData(across, high);
  // beside the screen colours are linear, and rows run from the bottom up
  for (let row = 0; row < high; row++) {
    for (let k = 0; k < 4 * across; k++) {
      const value = pixels[4 * across * (high - 1 - row) + k]!;
      image.data[4 * across * row + k] =
        k % 4 === 3 ? 255 : encoded(renderer.toneMappingExposure * (value / 255));
    }
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas;
}

/** A linear share of light as the sRGB number of 0 to 255. */
function encoded(light: number): number {
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return 255 * Math.min(1, value);
}
