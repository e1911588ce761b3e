// Why the policy does what it does, shown in headless Chromium.
import { join } from "node:path";
import { expect } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { openLivePolicy, parseLivePolicy } from "../../src/deploy/live-policy.js";
import { attribute } from "../../src/deploy/saliency.js";
import { type LiveRun, liveRun } from "./live-run.js";
import { browserTest, OUTPUT, viewerFixture } from "./viewer-page.js";

let run: LiveRun;
const viewer = viewerFixture(async (runs) => {
  run = await liveRun(runs);
});

browserTest(
  "the policy's panel names each observation entry with its part in an action and in the value",
  async () => {
    const { page, errors, foreign } = await viewer.open({ hash: `#run=${run.name}&episode=native.mcap` });
    page.setDefaultTimeout(180_000);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("slider", { name: "Time" }).fill("20");
    await page.getByRole("tab", { name: "Policy" }).click();
    await page.waitForFunction(
      () =>
        document.querySelectorAll("#insight .saliency li").length === 20 &&
        (document.querySelector("#insight") as HTMLElement).dataset.frame === "20",
    );
    const weights = () =>
      page
        .locator("#insight .saliency b")
        .evaluateAll((all) => all.map((said) => Number((said.textContent ?? "").replace("−", "-"))));
    const { observation, value } = run.episodes["native.mcap"].frames[20]!;
    const document = await (await fetch(`${viewer.server.address}api/policy?run=${run.name}`)).json();
    const policy = await openLivePolicy(parseLivePolicy(document, "api/policy"), await loadEngine("wasm"));
    const { gradient } = await policy.gradients({ observation }, 0);
    const expected = [...gradient].map((slope, entry) => slope * policy.typical.deviation[entry]!);
    expect(await weights()).toEqual(expected.map((weight) => expect.closeTo(weight, 3)));
    const names = await page.locator("#insight .saliency-name").allTextContents();
    expect(names).toEqual(run.episodes["native.mcap"].header.observationNames);
    expect(await page.locator("#insight .saliency li").first().getAttribute("title")).toMatch(
      /^tcp_x: -?[\d.e-]+ per m; it varies by 1(\.0)? m$/,
    );
    expect(await page.locator(".insight-notice").textContent()).toBe("");
    await page.getByLabel("Output to explain").selectOption("value");
    await page.getByLabel("Method").selectOption("integrated");
    await page.waitForFunction(() =>
      document.querySelector(".insight-sum")?.textContent?.includes("against the average"),
    );
    const shares = await attribute(policy, { observation }, "value");
    expect(await weights()).toEqual([...shares.shares].map((share) => expect.closeTo(share, 3)));
    expect(await page.locator(".insight-sum").textContent()).toMatch(`Value ${value!.toFixed(3)}`);
    await page.screenshot({ path: join(OUTPUT, "insight-desktop.png") });
    await policy.dispose();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  },
  400_000,
);
