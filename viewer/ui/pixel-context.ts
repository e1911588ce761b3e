// Canvases that pixels are written into.

/** Return a context that is kept in memory, not on the graphics card: it outlives the loss of that. */
export function pixelContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext("2d", { willReadFrequently: true })!;
}
