import { expect, test } from "vitest";
import { encodeFrame, FRAME, FrameDecoder } from "../../src/serve/frames.js";

const STEP = encodeFrame(FRAME.step, Uint8Array.of(1, 2, 3), Uint8Array.of(4));
const CLOSE = encodeFrame(FRAME.close);

test("a frame is its type and the length of what follows, little-endian", () => {
  expect([...STEP]).toEqual([2, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]);
  expect([...CLOSE]).toEqual([4, 0, 0, 0, 0, 0, 0, 0]);
});

test.each([1, 3, 8, 11, 100])("frames arrive whole from pieces of %i bytes", (size) => {
  const bytes = Buffer.concat([STEP, CLOSE, STEP]);
  const decoder = new FrameDecoder(() => 4);
  const frames: [number, number[]][] = [];
  for (let at = 0; at < bytes.length; at += size)
    for (const { type, payload } of decoder.push(bytes.subarray(at, at + size)))
      frames.push([type, [...payload]]);
  expect(frames).toEqual([
    [FRAME.step, [1, 2, 3, 4]],
    [FRAME.close, []],
    [FRAME.step, [1, 2, 3, 4]],
  ]);
});

test("a frame that announces more than its type may have is refused by its header alone", () => {
  const decoder = new FrameDecoder((type) => (type === FRAME.step ? 3 : 0));
  expect(decoder.push(STEP.subarray(0, 7))).toEqual([]);
  expect(() => decoder.push(STEP.subarray(7, 8))).toThrow(
    "A frame of type 2 announces 4 bytes, expected at most 3. The connection is given up.",
  );
});
