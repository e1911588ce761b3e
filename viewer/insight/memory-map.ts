// What a policy with memory remembers over the episode: a heat map, the most active units on top.
import { make } from "../ui/make.js";
import { pixelContext } from "../ui/pixel-context.js";
import { unitsByActivity } from "./unit-activity.js";

const POSITIVE = [217, 102, 31];
const NEGATIVE = [47, 134, 214];
/** Pixels per unit of memory at most. */
const ROW = 3;
/** Most steps that are drawn: of longer episodes some are left out. */
const MOST_COLUMNS = 4096;

/** Draws one cell per step and unit. */
export class MemoryMap {
  readonly box: HTMLElement;
  private readonly canvas = make("canvas", { className: "memory-map" });
  private readonly cursor = make("div", { className: "time-cursor" });
  private readonly title = make("h3", { className: "plot-title" });
  private numFrames = 0;

  /** `seek` is called with the step under a press or a drag. */
  constructor(seek: (frame: number) => void) {
    const stage = make("div", { className: "memory-stage" }, this.canvas, this.cursor);
    this.box = make("section", { className: "memory", hidden: true }, this.title, stage);
    this.canvas.setAttribute("role", "img");
    const seekTo = ({ clientX }: PointerEvent) => {
      const { left, width } = this.canvas.getBoundingClientRect();
      seek(Math.floor(((clientX - left) / width) * this.numFrames));
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      seekTo(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) seekTo(event);
    });
  }

  /** Draw other memories, one list per step; nothing without them. */
  show(memories: readonly (readonly number[])[] | undefined): void {
    const numUnits = memories?.[0]?.length ?? 0;
    this.box.hidden = numUnits === 0;
    if (!memories || numUnits === 0) return;
    this.numFrames = memories.length;
    this.title.textContent = `Memory: ${numUnits} units over time, the most active on top`;
    this.canvas.setAttribute("aria-label", this.title.textContent);
    const { canvas } = this;
    const columns = Math.min(memories.length, MOST_COLUMNS);
    canvas.width = columns;
    canvas.height = numUnits;
    canvas.style.height = `${Math.min(320, ROW * numUnits)}px`;
    const context = pixelContext(canvas);
    const image = context.createImageData(columns, numUnits);
    let most = 1e-6;
    for (const memory of memories) for (const value of memory) most = Math.max(most, Math.abs(value));
    for (const [row, unit] of unitsByActivity(memories).entries()) {
      for (let column = 0; column < columns; column++) {
        const value = memories[Math.floor((column * memories.length) / columns)]![unit]! / most;
        const [r, g, b] = value < 0 ? NEGATIVE : POSITIVE;
        image.data.set(
          [r!, g!, b!, Math.round(255 * Math.sqrt(Math.abs(value)))],
          4 * (row * columns + column),
        );
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** Put the cursor on a step. */
  mark(frame: number): void {
    this.cursor.style.left = `${(100 * (frame + 0.5)) / Math.max(1, this.numFrames)}%`;
  }
}
