// Frames of the protocol between an environment server and its client: two little-endian uint32, type and length, then that many bytes.
import { UsageError } from "../math/usage-error.js";

/** Version of the protocol: a client of another one is refused by what it reads in the first frame. */
export const PROTOCOL = 1;

/**
 * Types of frames. The server begins with `hello`; then each request is answered by a frame of the same type, or by `error`, and
 * `close` by the server's end.
 */
export const FRAME = { hello: 0, reset: 1, step: 2, render: 3, close: 4, show: 5, error: 255 } as const;

/** One frame as it arrived. */
export interface Frame {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** Bytes before the payload. */
export const HEADER_SIZE = 8;

/** Return a frame of parts that are put one behind another. */
export function encodeFrame(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(
    parts.reduce((size, part) => size + part.length, 0),
    4,
  );
  return Buffer.concat([header, ...parts]);
}

/** Return a frame that holds plain data as JSON. */
export function encodeJsonFrame(type: number, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value)));
}

/** Cuts a stream of bytes, which arrives in pieces of any size, into frames. */
export class FrameDecoder {
  private readonly most: (type: number) => number;
  private pieces: Uint8Array[] = [];
  private size = 0;
  /** Bytes that must be there before there is anything new to say. */
  private needed = HEADER_SIZE;

  /** `most` is the largest payload that a frame of a type may have, in bytes; a longer one is refused by its header. */
  constructor(most: (type: number) => number) {
    this.most = most;
  }

  /**
   * Take the next bytes and return the frames that are complete now.
   *
   * Throws a UsageError at a header that tells more than may be: nothing that follows can be made sense of.
   */
  push(piece: Uint8Array): Frame[] {
    this.pieces.push(piece);
    this.size += piece.length;
    const frames: Frame[] = [];
    if (this.size < this.needed) return frames;
    let bytes = Buffer.concat(this.pieces);
    for (;;) {
      this.needed = HEADER_SIZE;
      if (bytes.length < this.needed) break;
      const [type, length] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
      const most = this.most(type);
      if (length > most)
        throw new UsageError(
          `A frame of type ${type} announces ${length} bytes, expected at most ${most}. The connection is given up.`,
        );
      this.needed = HEADER_SIZE + length;
      if (bytes.length < this.needed) break;
      frames.push({ type, payload: bytes.subarray(HEADER_SIZE, this.needed) });
      bytes = bytes.subarray(this.needed);
    }
    this.pieces = [bytes];
    this.size = bytes.length;
    return frames;
  }
}
