import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { emptyRows } from "../../src/data/dataset.js";
import { decodeSafetensors } from "../../src/model/safetensors.js";
import { openFit } from "../../src/runs/fit/fit-run.js";
import { onlyRun, runCommand, temporaryFolder } from "./command.js";

const PICTURE = /<img alt="([^"]*)" src="data:image\/png;base64,([^"]+)">/g;

test("a fit is explained by maps in a page of its own, whose pictures are the rows; what there is not is refused", async () => {
  const out = temporaryFolder();
  const plan = ["fit", "classifier-cnn", "--epochs", "1", "--set", "rows=128", "--set", "batchSize=32"];
  expect((await runCommand([...plan, "--out", out])).code).toBe(0);
  const run = onlyRun(out);
  const asked = ["--method", "integrated,grad-cam,occlusion", "--row", "5,2", "--class", "true"];
  const explained = await runCommand(["explain", run, ...asked, "--json"]);
  expect([explained.code, explained.stderr]).toEqual([
    0,
    ["integrated", "grad-cam", "occlusion"].map((name) => `Explaining 2 rows by ${name}\n`).join(""),
  ]);
  const outcome = JSON.parse(explained.stdout);
  const folder = join(run, "explain");
  expect(outcome).toMatchObject({ run, folder, skipped: [] });
  expect(JSON.parse(readFileSync(join(folder, "explanation.json"), "utf8"))).toEqual(outcome);
  const { integrated } = outcome.methods;
  expect(integrated.completeness.median).toBeLessThan(0.05);
  expect(Math.abs(integrated.randomization)).toBeLessThan(0.8);
  expect(integrated.insertion).toBeGreaterThan(integrated.deletion);
  const splits = await (await openFit(run)).splits();
  const taken = emptyRows(splits.validation.fields, 2);
  splits.validation.take(Int32Array.of(5, 2), taken);
  expect(outcome.rows.map(({ row, truth }: { row: number; truth: string }) => [row, truth])).toEqual(
    [5, 2].map((row, k) => [row, String(taken.label![k])]),
  );

  const maps = decodeSafetensors(readFileSync(join(folder, "maps.safetensors")), "maps").tensors;
  expect([...maps.get("rows")!.values]).toEqual([5, 2]);
  expect(maps.get("grad-cam")!.shape).toEqual([2, 28, 28]);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).not.toMatch(/https?:|<script|<link/);
  const pictures = [...page.matchAll(PICTURE)].map(([, name, text]) => {
    return { name, ...decode(Buffer.from(text!, "base64")) };
  });
  const names = ["input", expect.stringMatching(/^integrated, [\d.]+ % left open$/), "grad-cam", "occlusion"];
  expect(pictures.map(({ name }) => name)).toEqual([...names, ...names]);
  for (const row of [0, 1]) {
    const pixels = taken.image!.subarray(row * 784, (row + 1) * 784);
    const { data, width, height } = pictures[4 * row]!;
    expect([width, height]).toEqual([28, 28]);
    expect(data).toEqual(Uint8Array.from({ length: 3 * 784 }, (_, k) => pixels[Math.floor(k / 3)]!));
    // where the map is greatest, nine tenths of the viewer's colours lie over the pixel
    const map = maps.get("occlusion")!.values.subarray(row * 784, (row + 1) * 784);
    const sizes = Array.from(map, Math.abs);
    const best = sizes.indexOf(Math.max(...sizes));
    expect(map[best]).not.toBe(0);
    const own = map[best]! > 0 ? [217, 102, 31] : [47, 134, 214];
    const color = own.map((part) => Math.round(pixels[best]! + 0.9 * (part - pixels[best]!)));
    expect([...pictures[4 * row + 3]!.data.slice(3 * best, 3 * best + 3)]).toEqual(color);
  }

  const refused = async (...words: string[]) => {
    const { code, stdout, stderr } = await runCommand(["explain", run, ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(await refused("--class", "ten", "--method", "occlusion")).toBe(
    'There is no class "ten" to explain. The classes are: predicted, true, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.\n',
  );
  expect(await refused("--method", "lime")).toBe(
    'There is no method "lime" to explain by. The methods are: saliency, smoothgrad, integrated, grad-cam, grad-cam++, occlusion, rise.\n',
  );
  const rows = splits.validation.size;
  expect(await refused("--row", String(rows))).toBe(
    `There is no row ${rows}: the rows of the validation split are 0 to ${rows - 1}.\n`,
  );
}, 120_000);

test("a series is explained as heat maps by the methods that fit, and where none does the reasons are said", async () => {
  const out = temporaryFolder();
  const plan = ["fit", "failure-classifier", "--epochs", "1", "--out", out];
  expect((await runCommand(plan)).code).toBe(0);
  const run = onlyRun(out);
  const reason = 'because it draws maps over pictures, and the input "wrench" is of the shape [15, 6]';
  const none = await runCommand(["explain", run, "--method", "grad-cam,grad-cam++"]);
  expect(none).toEqual({
    code: 2,
    stdout: "",
    stderr: `No method can explain ${run}: not grad-cam, ${reason}; not grad-cam++, ${reason}.\n`,
  });
  const some = await runCommand([
    "explain",
    run,
    "--method",
    "grad-cam,occlusion",
    "--rows",
    "1",
    "--out",
    `${out}/page`,
  ]);
  expect([some.code, some.stderr]).toEqual([
    0,
    `Left out: grad-cam, ${reason}.\nExplaining 1 row by occlusion\n`,
  ]);
  const page = readFileSync(`${out}/page/report.html`, "utf8");
  expect(page).toContain("input &quot;wrench&quot; is of the shape [15, 6].</p>");
  const [, heat] = [...page.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map(([, text]) =>
    decode(Buffer.from(text!, "base64")),
  );
  // steps across, entries down; what is strongest has the colour of its sign
  const { values, shape } = decodeSafetensors(
    readFileSync(`${out}/page/maps.safetensors`),
    "maps",
  ).tensors.get("occlusion")!;
  expect([shape, heat!.width, heat!.height]).toEqual([[1, 15, 6], 15, 6]);
  const sizes = Array.from(values, Math.abs);
  const best = sizes.indexOf(Math.max(...sizes));
  const pixel = (best % 6) * 15 + Math.floor(best / 6);
  const color = (values[best]! > 0 ? [217, 102, 31] : [47, 134, 214]).map((part) =>
    Math.round(245 + 0.9 * (part - 245)),
  );
  expect([...heat!.data.slice(3 * pixel, 3 * pixel + 3)]).toEqual(color);
}, 120_000);
