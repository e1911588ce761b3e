// The part of gifenc that is used here; the package has no types of its own.
declare module "gifenc" {
  /** Red, green, blue, 0 to 255 each. */
  export type PaletteColor = readonly [number, number, number];

  /** How a picture is shown. */
  export interface FrameOptions {
    /** Of the first picture: for all. */
    readonly palette?: readonly PaletteColor[];
    /** ms */
    readonly delay: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** 1: the picture stays under the next one. */
    readonly dispose?: number;
  }

  export interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  /** What the package exports. */
  export interface Gifenc {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array, maxColors: number, options?: { readonly format: "rgb565" }): PaletteColor[];
  }

  /** Node gives all of a CommonJS module as its default export, and bundlers give the names beside it. */
  const gifenc: Gifenc;
  export default gifenc;
  export const GIFEncoder: Gifenc["GIFEncoder"] | undefined;
  export const quantize: Gifenc["quantize"] | undefined;
}
