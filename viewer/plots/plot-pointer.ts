// What mouse and finger do in a plot: a press jumps, the cursor can be dragged, a drag elsewhere marks a stretch of time.
import type uPlot from "uplot";

/** Who is told. */
export interface PlotPointer {
  /** Go to the index under a press, or under the dragged cursor. */
  seek(index: number): void;
  /** Show from one value of the axis to another; without them, all. */
  zoom(from?: number, to?: number): void;
  /** The mouse is over `index`; undefined where it left. */
  hover(index: number | undefined): void;
}

/** As near as this to the cursor a drag moves it, px. */
const GRAB = 7;
/** Shorter drags are presses, px. */
const LEAST_DRAG = 5;

/** Watch the pointer in `chart`; `indexAt` tells what lies at a place, px, `cursorLeft` where the time cursor stands, px. */
export function bindPlotPointer(
  chart: uPlot,
  indexAt: (left: number) => number,
  cursorLeft: () => number,
  pointer: PlotPointer,
): void {
  const { over } = chart;
  const brush = document.createElement("div");
  brush.className = "brush";
  brush.hidden = true;
  over.append(brush);
  let start: number | undefined;
  let grabbed = false;
  const leftOf = ({ clientX }: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return Math.max(0, Math.min(width, clientX - left));
  };
  over.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    over.setPointerCapture(event.pointerId);
    start = leftOf(event);
    grabbed = Math.abs(start - cursorLeft()) <= GRAB;
    // it may be moving, as it does while an episode plays
    if (grabbed) pointer.seek(indexAt(start));
  });
  over.addEventListener("pointermove", (event) => {
    const left = leftOf(event);
    if (start === undefined) {
      pointer.hover(indexAt(left));
      return;
    }
    if (grabbed) {
      pointer.seek(indexAt(left));
      return;
    }
    brush.hidden = Math.abs(left - start) < LEAST_DRAG;
    brush.style.left = `${Math.min(left, start)}px`;
    brush.style.width = `${Math.abs(left - start)}px`;
  });
  const end = (event: PointerEvent) => {
    const left = leftOf(event);
    brush.hidden = true;
    if (start !== undefined && !grabbed) {
      if (Math.abs(left - start) < LEAST_DRAG) pointer.seek(indexAt(left));
      else
        pointer.zoom(chart.posToVal(Math.min(left, start), "x"), chart.posToVal(Math.max(left, start), "x"));
    }
    start = undefined;
  };
  over.addEventListener("pointerup", end);
  over.addEventListener("pointercancel", () => {
    brush.hidden = true;
    start = undefined;
  });
  over.addEventListener("pointerleave", () => pointer.hover(undefined));
  over.addEventListener("dblclick", () => pointer.zoom());
}
