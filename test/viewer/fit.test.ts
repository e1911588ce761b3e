// A fit in the viewer: its curves, confusion, predictions against the truth and worst examples.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createFit } from "../../src/runs/fit/fit-run.js";
import { browserTest, OUTPUT, viewerFixture } from "./viewer-page.js";

const PAIRS = { name: "remaining", unit: "cycles", truth: [1, 2, 3], prediction: [1.5, 2, 2.5] };

const viewer = viewerFixture(async (out) => {
  const fit = await createFit({
    predictor: "classifier-cnn",
    settings: { epochs: 2, batchSize: 32 },
    dataSettings: { rows: 128 },
    out,
  });
  await fit.train();
  await fit.evaluate();
  // a fit of numbers, by what its folder holds
  const config = JSON.parse(readFileSync(join(fit.path, "config.json"), "utf8"));
  const numbers = join(out, "numbers");
  mkdirSync(numbers);
  writeFileSync(
    join(numbers, "config.json"),
    JSON.stringify({
      ...config,
      predictor: "mine",
      dataset: { ...config.dataset, provenance: { name: "engines", source: "mine" } },
    }),
  );
  const validation = { epoch: 1, rows: 3, metrics: { loss: 0.2, rmse: 0.4 }, worst: [], pairs: PAIRS };
  writeFileSync(join(numbers, "validation.json"), JSON.stringify(validation));
});

const nameOf = () => readdirSync(viewer.runs).find((name) => name.startsWith("digits"))!;

browserTest(
  "a fit is listed with what it came to, and shows curves, confusion and its worst examples",
  async () => {
    const { page, errors, foreign } = await viewer.open({ size: [1280, 900], hash: `#run=${nameOf()}` });
    const options = await page.locator("#run option").allTextContents();
    expect(options.sort()).toEqual([
      expect.stringMatching(/^digits · classifier-cnn · seed 1 · accuracy \d+\.\d\d %$/),
      "engines · mine · seed 1 · rmse 0.4",
    ]);
    const summary = await page.locator("#run-summary").textContent();
    expect(summary).toMatch(/^accuracy [\d.]+ % on 26 validation rows · test [\d.]+ % of \d+, opened once$/);
    expect(await page.locator("#tab-training").getAttribute("aria-selected")).toBe("true");
    const titles = await page
      .locator("#training-plots .plot")
      .evaluateAll((all) => all.map((plot) => (plot as HTMLElement).dataset.title));
    expect(titles).toEqual(
      expect.arrayContaining([
        "Loss, over minibatches",
        "Validation accuracy, over minibatches",
        "Learning rate, over minibatches",
      ]),
    );
    expect(await page.locator("#fit-confusion tbody tr").count()).toBe(10);
    const counts = await page.locator("#fit-confusion tbody td").allTextContents();
    expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(26);
    expect(await page.locator("#fit-worst-list canvas").count()).toBe(24);
    // ink on paper: not an empty picture
    const greatest = await page
      .locator("#fit-worst-list canvas")
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        return Math.max(
          ...(canvas as HTMLCanvasElement)
            .getContext("2d")!
            .getImageData(0, 0, width, height)
            .data.filter((_, k) => k % 4 === 0),
        );
      });
    expect(greatest).toBeGreaterThan(128);
    await page.screenshot({ path: join(OUTPUT, "fit-curves.png") });
    await page.locator("#fit-worst").scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(OUTPUT, "fit-wide.png") });
    expect([errors, foreign]).toEqual([[], []]);
    await page.close();
  },
);

browserTest("predictions of numbers are drawn against the truth; nothing of another fit stays", async () => {
  const { page, errors } = await viewer.open({ size: [1280, 900], dark: true, hash: `#run=${nameOf()}` });
  await page.locator("#fit-confusion").waitFor();
  await page.locator("#fit-confusion").scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(OUTPUT, "fit-dark.png") });
  await page.locator("#run").selectOption("numbers");
  await page.locator("#fit-pairs .plot[data-title='remaining, cycles: rows by their truth']").waitFor();
  expect(await page.locator("#fit-confusion").isHidden()).toBe(true);
  expect(await page.locator("#fit-worst").isHidden()).toBe(true);
  expect(await page.locator("#fit-metrics").textContent()).toBe(
    "Best epoch 1, 3 validation rows: loss 0.2 · rmse 0.4",
  );
  await page.screenshot({ path: join(OUTPUT, "fit-pairs.png") });
  // a fit under way has a new best epoch
  const file = join(viewer.runs, "numbers", "validation.json");
  const better = { ...JSON.parse(readFileSync(file, "utf8")), epoch: 2, metrics: { loss: 0.1, rmse: 0.3 } };
  writeFileSync(file, JSON.stringify(better));
  viewer.server.broadcast({ type: "validation", run: "/anywhere/numbers" });
  await page.getByText("Best epoch 2, 3 validation rows: loss 0.1 · rmse 0.3").waitFor();
  expect(await page.locator("#run-summary").textContent()).toBe(
    "rmse 0.3 on 3 validation rows · test rows not opened",
  );
  expect(errors).toEqual([]);
  await page.close();
});

browserTest(
  "on a narrow screen a fit is read from top to bottom, and nothing is wider than the page",
  async () => {
    const { page, errors } = await viewer.open({ size: [390, 844], hash: `#run=${nameOf()}` });
    await page.locator("#fit-worst-list canvas").first().waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(OUTPUT, "fit-narrow.png"), fullPage: true });
    expect(errors).toEqual([]);
    await page.close();
  },
);
