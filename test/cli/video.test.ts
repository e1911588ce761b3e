// `armgym video` as a user runs it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode } from "fast-png";
import { GifReader } from "omggif";
import { describe, expect, test } from "vitest";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { joinEpisodes } from "../../src/recording/recording.js";
import { liftedCube } from "../video/recorded.js";
import { hasChromium, launchChromium } from "../viewer/browser.js";
import { onlyRun, QUICK, runCommand, temporaryFolder } from "./command.js";

/** Write three episodes, the second of which fails, into "lift.mcap" of a new folder. */
async function recorded(): Promise<string> {
  const folder = temporaryFolder();
  const episodes = [liftedCube(4), liftedCube(6, { solvedAt: 99, seed: "8" }), liftedCube(3, { seed: "9" })];
  writeFileSync(join(folder, "lift.mcap"), await writeRecording(joinEpisodes(episodes)));
  return folder;
}

const SMALL = ["--size", "80x60", "--fps", "10"];

test("a recording's episodes become a GIF, an MP4 and a page", async () => {
  const folder = await recorded();
  const args = ["lift.mcap", "out.gif", "--html", "page.html", ...SMALL, "--json"];
  const { code, stdout, stderr } = await runCommand(["video", ...args], folder);
  expect(code, stderr).toBe(0);
  const gif = readFileSync(join(folder, "out.gif"));
  const page = readFileSync(join(folder, "page.html"));
  const [width, height] = [162, 14 + 2 * 74 + 2];
  expect(JSON.parse(stdout)).toEqual({
    ...{ episodes: 3, solved: 2, width, height, fps: 10, seconds: 1.7 },
    files: [
      { file: "out.gif", bytes: gif.length },
      { file: "page.html", bytes: page.length },
    ],
  });
  const reader = new GifReader(gif);
  expect([reader.width, reader.height, reader.numFrames()]).toEqual([width, height, 7]);
  const again = await runCommand(["video", "lift.mcap", "again.gif", ...SMALL], folder);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toMatch(
    /^Wrote again\.gif \(0\.\d MB\): 3 episodes, 2 solved, 162 x 164 pixels, 1\.7 s\.\n$/,
  );
  expect(readFileSync(join(folder, "again.gif"))).toEqual(gif);
  const one = await runCommand(["video", "lift.mcap:1", "one.mp4", ...SMALL], folder);
  expect(one.code, one.stderr).toBe(0);
  expect(one.stdout).toMatch(
    /^Wrote one\.mp4 \(0\.\d MB\): 1 episode, 0 solved, 80 x 88 pixels, 1\.7 s\.\n$/,
  );
  expect(readFileSync(join(folder, "one.mp4")).subarray(4, 8).toString()).toBe("ftyp");
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test.skipIf(!hasChromium)("the page plays by itself in Chromium, stops, and steps", async () => {
  const folder = await recorded();
  const { code, stderr } = await runCommand(
    ["video", "lift.mcap:0", "--html", "page.html", ...SMALL],
    folder,
  );
  expect(code, stderr).toBe(0);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    page.on("request", (request) => {
      if (!/^(data|file):/.test(request.url())) faults.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, "page.html")).href);
    await page.waitForFunction(() => document.querySelector("output")!.textContent !== "0.00 s");
    await page.click("#play");
    const stopped = await page.textContent("#time");
    await page.waitForTimeout(300);
    expect(await page.textContent("#time")).toBe(stopped);
    await page.fill("#moment", "2");
    expect(await page.textContent("#time")).toBe("0.20 s");
    const source = await page.getAttribute("#picture", "src");
    const png = decode(Buffer.from(source!.split(",")[1]!, "base64"));
    expect([png.width, png.height]).toEqual([80, 88]);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("a run's best policy plays for it, and nothing is written into the run", async () => {
  const folder = temporaryFolder();
  const train = ["train", "Reach-v1", "--steps", "256", "--workers", "1", "--out", "runs", ...QUICK];
  const trained = await runCommand([...train, "--set", "physicsRate=60"], folder);
  expect(trained.code, trained.stderr).toBe(0);
  const run = onlyRun(join(folder, "runs"));
  const before = readdirSync(run, { recursive: true }).sort();
  const args = ["--grid", "3x1", "--seed", "5", "--title", "Mine", ...SMALL, "--json"];
  const { code, stdout, stderr } = await runCommand(["video", run, "out.gif", ...args], folder);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ episodes: 3, width: 244, height: 14 + 74 });
  expect(readdirSync(run, { recursive: true }).sort()).toEqual(before);
});

describe("what is wrong is said, and nothing is written", () => {
  test.each([
    [
      ["lift.mcap"],
      "There is no file to write to. Name one, for example: armgym video lift.mcap episodes.gif",
    ],
    [
      ["lift.mcap", "out.webm"],
      "out.webm ends neither in .gif nor in .mp4. For example: armgym video lift.mcap episodes.gif",
    ],
    [
      ["lift.mcap", "--html", "page.txt"],
      "--html page.txt does not end in .html. For example: --html episodes.html",
    ],
    [
      ["lift.mcap", "out.gif", "--size", "80"],
      '--size is "80", expected two whole numbers from 16 to 2048, for example 320x240.',
    ],
    [
      ["lift.mcap", "out.gif", "--size", "8x4000"],
      '--size is "8x4000", expected two whole numbers from 16 to 2048, for example 320x240.',
    ],
    [["lift.mcap", "out.gif", "--fps", "0"], '--fps is "0", expected a whole number from 1 to 50.'],
    [
      ["lift.mcap", "out.gif", "--grid", "2x1", "--episodes", "3"],
      "--grid 2x1 has 2 places for --episodes 3. Make it larger, or leave it out.",
    ],
    [
      ["lift.mcap", "out.gif", "--seed", "3"],
      "--seed chooses episodes of a run, and lift.mcap holds its own. Name one of them by its place: lift.mcap:0",
    ],
    [["lift.mcap:3", "out.gif"], "lift.mcap has no episode 3: it holds 3, counted from 0."],
    [
      ["lift.mcap", "out.gif", "--camera", "front"],
      'There is no camera "front" in lift.mcap. There are: overview.',
    ],
    [
      ["lift.mcap", "out.gif", "--size", "2048x2048"],
      "The video would be 4098 x 4518 pixels, more than 4096 a side. Give a smaller --size, or fewer --episodes.",
    ],
    [["missing.mcap", "out.gif"], "missing.mcap cannot be read: there is no such file."],
    [
      ["broken.mcap", "out.gif"],
      "broken.mcap is not a whole recording: Expected MCAP magic '89 4d 43 41 50 30 0d 0a', found '6e 6f 6e 65 20 6f 66 20'. Record the episode again.",
    ],
    [["missing", "out.gif"], "There is no run folder missing."],
    [
      ["lift.mcap", "folder.gif"],
      "Cannot write folder.gif: there is a folder of that name. Choose another folder.",
    ],
  ])("armgym video %j", async (args, message) => {
    const folder = await recorded();
    mkdirSync(join(folder, "folder.gif"));
    writeFileSync(join(folder, "broken.mcap"), "none of those bytes");
    const { code, stdout, stderr } = await runCommand(["video", ...args], folder);
    expect({ code, stdout, stderr: stderr.trimEnd().split("\n").at(-1) }).toEqual({
      code: 2,
      stdout: "",
      stderr: message,
    });
    expect(existsSync(join(folder, "out.gif"))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["broken.mcap", "folder.gif", "lift.mcap"]);
  });
});
