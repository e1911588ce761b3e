// MP4 files, played by Chromium.
import { expect, test } from "vitest";
import { encodeMp4, mended } from "../../src/video/encode-mp4.js";
import { episodeFilm } from "../../src/video/film.js";
import { hasChromium, launchChromium } from "../viewer/browser.js";
import { isCube, liftedCube } from "./recorded.js";

const OPTIONS = { width: 81, height: 61, fps: 10, columns: 1, camera: "overview" };
const film = () => episodeFilm([liftedCube(8)], OPTIONS, "lift.mcap");
const done = async () => {};

test("the same film is the same bytes: the file does not say when it was made", async () => {
  const one = await encodeMp4(film(), done);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect(await encodeMp4(film(), done)).toEqual(one);
});

test("times are taken out of the boxes that have them, and whole pictures are listed", () => {
  const box = (type: string, ...content: readonly (readonly number[])[]) => {
    const inner = content.flat();
    return [0, 0, 0, 8 + inner.length, ...[...type].map((letter) => letter.charCodeAt(0)), ...inner];
  };
  const times = [1, 2, 3, 4, 5, 6, 7, 8];
  // two runs: four samples and one
  const durations = [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 7];
  const file = (zeroed: readonly number[], ...listed: readonly number[][]) =>
    Uint8Array.from([
      ...box("mdat", [0, 0, 0, 0, ...times]),
      ...box(
        "moov",
        box("mvhd", [0, 0, 0, 9, ...zeroed, 10]),
        box(
          "trak",
          box("tkhd", [1, 0, 0, 9, ...zeroed, ...zeroed, 10]),
          box("mdia", box("minf", box("stbl", box("stts", durations), ...listed))),
        ),
      ),
    ]);
  // of every two samples the first: 1, 3, 5
  const list = box("stss", [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 5]);
  const zeros = times.map(() => 0);
  expect(mended(file(times), 2)).toEqual(file(zeros, list));
});

test.skipIf(!hasChromium)("Chromium plays it: size, time, and the cube where it was lifted to", async () => {
  const bytes = await encodeMp4(film(), done);
  const source = `data:video/mp4;base64,${Buffer.from(bytes).toString("base64")}`;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent(`<video muted src="${source}"></video>`);
    const seen = await page.evaluate(async () => {
      const video = document.querySelector("video")!;
      const when = (event: string) =>
        new Promise<void>((resolve, reject) => {
          video.addEventListener(event, () => resolve(), { once: true });
          video.addEventListener("error", () => reject(new Error(video.error?.message)), { once: true });
        });
      if (video.readyState < 2) await when("loadeddata");
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      const context = canvas.getContext("2d")!;
      const columns: number[][][] = [];
      for (const time of [0.05, 1.2]) {
        const seeked = when("seeked");
        video.currentTime = time;
        await seeked;
        context.drawImage(video, 0, 0);
        const { data } = context.getImageData(canvas.width / 2 - 1, 0, 1, canvas.height);
        columns.push(Array.from({ length: canvas.height }, (_, y) => [...data.subarray(4 * y, 4 * y + 3)]));
      }
      return { size: [canvas.width, canvas.height], duration: video.duration, columns };
    });
    expect(seen.size).toEqual([82, 14 + 61 + 14 + 1]);
    expect(seen.duration).toBeCloseTo((8 + 1 + 10) / 10, 1);
    const [first, last] = seen.columns.map((column) =>
      column.flatMap((color, y) => (isCube(color) ? [y] : [])),
    );
    expect(first!.length).toBeGreaterThan(5);
    expect(last!.at(-1)).toBeLessThan(first![0]!);
  } finally {
    await browser.close();
  }
});
