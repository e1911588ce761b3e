// What the cameras see at the cursor, as a network is fed with it, and which pixels count.
import type { SceneDescription } from "../../src/scene/scene.js";
import type { Explanation, Picture } from "../live/protocol.js";
import { make } from "../ui/make.js";
import { pixelContext } from "../ui/pixel-context.js";
import { depthRange, fullPart, type PictureView, pictureColors, pixelColors } from "./picture-colors.js";

interface Shown {
  picture: Picture;
  readonly canvas: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly marks: HTMLElement;
  readonly caption: HTMLElement;
}

const VIEWS: readonly (readonly [view: PictureView, title: string])[] = [
  ["color", "Colour"],
  ["depth", "Depth"],
  ["segments", "Segments"],
];

const HINT = "Point at a pixel to read it.";

/** Draws one picture per camera. */
export class SightPanel {
  readonly box: HTMLElement;
  private readonly pictures = make("div", { className: "sight-pictures" });
  private readonly readout = make("output", { className: "sight-readout", textContent: HINT });
  private readonly saliency = make("input", { type: "checkbox", checked: true });
  private readonly overlayChoice: HTMLElement;
  private shown: readonly Shown[] = [];
  private view: PictureView = "color";
  private scene: SceneDescription = { entities: [] };

  constructor() {
    const views = make("fieldset", { className: "choice" });
    views.setAttribute("aria-label", "Picture");
    for (const [view, title] of VIEWS) {
      const input = make("input", {
        type: "radio",
        name: "sight-view",
        value: view,
        checked: view === "color",
      });
      input.addEventListener("change", () => {
        this.view = view;
        this.draw();
      });
      views.append(make("label", {}, input, make("span", { textContent: title })));
    }
    this.overlayChoice = make("label", { className: "toggle", hidden: true }, this.saliency, " Saliency");
    this.saliency.addEventListener("change", () => {
      this.pictures.classList.toggle("bare", !this.saliency.checked);
    });
    this.box = make(
      "section",
      { className: "sight", hidden: true },
      make("h3", { className: "plot-title", textContent: "What it sees" }),
      make("div", { className: "sight-choices" }, views, this.overlayChoice),
      this.pictures,
      this.readout,
    );
  }

  /** Another recording: nothing is seen yet. */
  open(scene: SceneDescription): void {
    this.scene = scene;
    this.shown = [];
    this.pictures.replaceChildren();
    this.box.hidden = true;
    this.overlayChoice.hidden = true;
  }

  /** Show other pictures of the same cameras; reasons stay until they are shown anew. */
  show(pictures: readonly Picture[]): void {
    this.box.hidden = pictures.length === 0;
    if (this.shown.length !== pictures.length) this.build(pictures);
    for (const [k, picture] of pictures.entries()) this.shown[k]!.picture = picture;
    this.draw();
  }

  /** Draw what counts over the pictures, and where the policy holds things to be. */
  explain({ pixels, places = [] }: Pick<Explanation, "pixels" | "places">): void {
    this.overlayChoice.hidden = !pixels;
    const full = fullPart(pixels ?? []);
    for (const [camera, { overlay, marks, picture }] of this.shown.entries()) {
      const weights = pixels?.[camera];
      const context = pixelContext(overlay);
      context.clearRect(0, 0, overlay.width, overlay.height);
      if (weights) {
        const colors = pixelColors(weights, full);
        context.putImageData(new ImageData(colors, picture.width, picture.height), 0, 0);
      }
      marks.replaceChildren(
        ...places.flatMap(({ name, pixels: at }) => {
          const place = at[camera];
          if (!place) return [];
          const mark = make("i", { title: `${name}, as predicted` });
          mark.dataset.name = name;
          mark.style.left = `${(100 * place[0]) / picture.width}%`;
          mark.style.top = `${(100 * place[1]) / picture.height}%`;
          return [mark];
        }),
      );
    }
  }

  private build(pictures: readonly Picture[]): void {
    this.shown = pictures.map((picture) => {
      const { name, width, height } = picture;
      const canvas = make("canvas", { width, height });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `What camera ${name} sees`);
      const overlay = make("canvas", { width, height, className: "sight-overlay" });
      const marks = make("div", { className: "sight-marks" });
      const caption = make("figcaption");
      return { picture, canvas, overlay, marks, caption };
    });
    this.pictures.replaceChildren(
      ...this.shown.map((shown) => {
        const { canvas, overlay, marks, caption } = shown;
        const stage = make("div", { className: "sight-stage" }, canvas, overlay, marks);
        stage.addEventListener("pointermove", (event) => this.read(shown, event));
        stage.addEventListener("pointerleave", () => {
          this.readout.textContent = HINT;
        });
        return make("figure", {}, stage, caption);
      }),
    );
  }

  private draw(): void {
    for (const { picture, canvas, caption } of this.shown) {
      const { name, width, height } = picture;
      const colors = pictureColors(picture, this.view);
      pixelContext(canvas).putImageData(new ImageData(colors, width, height), 0, 0);
      const range = depthRange(picture);
      const told =
        this.view === "depth" && range
          ? `${range[0].toFixed(2)} to ${range[1].toFixed(2)} m`
          : `${width} × ${height}`;
      caption.replaceChildren(make("b", { textContent: name }), ` ${told}`);
    }
  }

  /** Say what a pixel shows. */
  private read({ picture, canvas }: Shown, { clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const column = Math.floor(((clientX - left) / width) * picture.width);
    const row = Math.floor(((clientY - top) / height) * picture.height);
    const pixel = row * picture.width + column;
    const depth = picture.depth[pixel];
    const [r, g, b] = picture.rgb.subarray(3 * pixel);
    if (r === undefined) return;
    const entity = this.scene.entities[picture.entities[pixel]! - 1]?.id;
    const what = entity ?? (Number.isFinite(depth) ? "floor" : "sky");
    const away = depth !== undefined && Number.isFinite(depth) ? ` · ${depth.toFixed(3)} m` : "";
    // a picture that was recorded tells no more than its colours
    const shown = depth === undefined ? "" : `${what}${away} · `;
    this.readout.textContent = `${shown}rgb ${r} ${g} ${b} · column ${column}, row ${row}`;
  }
}
