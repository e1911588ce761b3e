// Reading a recording while the page stays alive: in short stretches, as its bytes arrive.
import { RecordingReader } from "../../src/recording/mcap-read.js";
import type { EpisodeRecording } from "../../src/recording/recording.js";

/** Longest stretch of reading, ms. */
const STRETCH = 12;
/** Bytes taken at once of a file that is there as a whole. */
const PIECE = 2 ** 20;

/** How a recording is read. */
export interface Reading {
  /** Called now and then with the states read so far, and how many the file says it holds. */
  readonly progress?: (read: number, expected: number | undefined) => void;
  /** Ends the reading, which then rejects with an AbortError. */
  readonly signal?: AbortSignal;
}

/** Read a recording from its bytes; of one that is cut short, what is there. Rejects as `readRecording` throws. */
export async function readPaced(
  pieces: AsyncIterable<Uint8Array>,
  file: string,
  { progress, signal }: Reading = {},
): Promise<EpisodeRecording> {
  const reader = new RecordingReader(file);
  let began = performance.now();
  for await (const bytes of pieces) {
    reader.append(bytes);
    while (reader.readNext()) {
      if (performance.now() - began < STRETCH) continue;
      progress?.(reader.numFrames, reader.numExpected);
      await nextTask();
      signal?.throwIfAborted();
      began = performance.now();
    }
  }
  return reader.finish({ partial: true });
}

/** The bytes of a response as they arrive. */
export async function* arriving(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

/** The bytes of a file in pieces. */
export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE);
}

/** Let the page do what waits; a timer would be slowed down where the page is not in sight. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
