// Reading a recording while something else goes on.
import { expect, test } from "vitest";
import { readRecording } from "../../../src/recording/mcap-read.js";
import { inPieces, readPaced } from "../../../viewer/sources/paced-reading.js";
import { longRecording } from "../long-recording.js";

const NUM_FRAMES = 4000;

test("a long recording is read in stretches, with word of how far it is, and comes out the same", async () => {
  const bytes = await longRecording(NUM_FRAMES);
  const told: (readonly [number, number | undefined])[] = [];
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const recording = await readPaced(inPieces(bytes), "long.mcap", {
    progress: (read, expected) => told.push([read, expected]),
  });
  clearInterval(others);
  expect(recording).toEqual(readRecording(bytes, "long.mcap"));
  expect(told.length).toBeGreaterThan(3);
  expect(turns).toBeGreaterThan(3);
  expect(told.every(([, expected]) => expected === NUM_FRAMES)).toBe(true);
  expect(told.map(([read]) => read)).toEqual(told.map(([read]) => read).sort((a, b) => a - b));
});

test("reading is given up at once, and what breaks off is told as ever", async () => {
  const bytes = await longRecording(NUM_FRAMES);
  const stop = new AbortController();
  const { signal } = stop;
  const reading = readPaced(inPieces(bytes), "long.mcap", { signal, progress: () => stop.abort() });
  await expect(reading).rejects.toThrow(/abort/i);
  const half = bytes.subarray(0, bytes.length / 2);
  const part = await readPaced(inPieces(half), "half.mcap");
  expect(part.cutShort).toBe("it is cut short");
  expect(part.frames.length > 1000 && part.frames.length < NUM_FRAMES).toBe(true);
  await expect(readPaced(inPieces(bytes.subarray(0, 50)), "none.mcap")).rejects.toThrow(
    "none.mcap is not a whole recording: it is cut short. Record the episode again.",
  );
});
