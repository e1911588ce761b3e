// A recording of another program's, opened by `armgym view`: the robot moves, and nothing is shown that was not recorded.
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { runCommand } from "../cli/command.js";
import { spinningRobot } from "../runs/spinning-robot.js";
import { browserTest, OUTPUT, stateOf, viewerFixture } from "./viewer-page.js";

const viewer = viewerFixture(async (runs) => {
  writeFileSync(join(runs, "spinner.mcap"), await spinningRobot(20, 2));
});

browserTest(
  "joint states of another program move its robot, with a time line and plots of its joints",
  async () => {
    const page = join(viewer.runs, "page.html");
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("armgym-view-"));
    const { code, stdout, stderr } = await runCommand([
      "view",
      join(viewer.runs, "spinner.mcap"),
      "--html",
      page,
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Wrote .*page\.html: 1 episode, [\d.]+ MB in all\.\n$/);
    // the copy that was made of it is gone
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith("armgym-view-"));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);

    const opened = await viewer.open({ address: pathToFileURL(page).href });
    expect(await stateOf(opened.page)).toMatchObject({ numFrames: 41, episode: "spinner.mcap" });
    expect(await opened.page.locator("#episodes .episode").textContent()).toMatch(
      /^spinner\.mcapimported40 steps/,
    );
    expect(await opened.page.locator("#plots summary").allTextContents()).toEqual(["Joints 1"]);
    expect(await opened.page.locator("#badge").isVisible()).toBe(false);
    expect(await opened.page.locator("#continue").isDisabled()).toBe(true);
    await opened.page.getByText("Not in the robot description, and so not drawn: k.").waitFor();
    await opened.page.getByRole("button", { name: "Pause", exact: true }).click();
    await opened.page.getByRole("slider", { name: "Time" }).fill("20");
    await opened.page.waitForFunction(
      () => Number(document.querySelector("#plots .legend-value")?.textContent) === 0.5,
    );
    await opened.page.screenshot({ path: join(OUTPUT, "foreign.png") });
    expect(opened.errors).toEqual([]);
    await opened.page.close();
  },
);
