// A small picture of a scene, drawn beside the screen.
import { PerspectiveCamera, type Scene, type WebGLRenderer, WebGLRenderTarget } from "three";
import { type Bounds, framing } from "../../src/recording/framing.js";
import { pixelContext } from "../ui/pixel-context.js";
import { directionOf } from "./view-presets.js";

/** Pixels per pixel asked for, so that it stays sharp on fine screens. */
const FINENESS = 2;
const FOV = 34;

/** Draw what is to be `seen` of `scene` from its usual side into a canvas of `width` times `height`; the screen stays as it is. */
export function drawThumbnail(
  renderer: WebGLRenderer,
  scene: Scene,
  seen: Bounds,
  width: number,
  height: number,
): HTMLCanvasElement {
  const [across, high] = [FINENESS * width, FINENESS * height];
  const target = new WebGLRenderTarget(across, high);
  const eye = new PerspectiveCamera(FOV, width / height, 0.02, 20);
  const picture = { fov: (FOV * Math.PI) / 180, aspect: width / height };
  const { position, target: middle } = framing(seen, directionOf("start"), picture);
  eye.up.set(0, 0, 1);
  eye.position.set(...position);
  eye.lookAt(...middle);
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
  pixelContext(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** A linear share of light as the sRGB number of 0 to 255. */
function encoded(light: number): number {
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return 255 * Math.min(1, value);
}
