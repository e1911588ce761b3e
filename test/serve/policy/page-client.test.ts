// The client in a page, in Chromium: a bundle of the package's entry, with nothing of Node's.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { build } from "vite";
import { expect, onTestFinished, test } from "vitest";
import type { PolicyConnection } from "../../../src/index.js";
import { hasChromium, launchChromium } from "../../viewer/browser.js";
import { bundleOfKind, open, serve } from "./served.js";

declare global {
  interface Window {
    connectPolicy(url: string, options?: { token: string }): Promise<PolicyConnection>;
  }
}

const ENTRY = "virtual:page";

/** Bundle a page's script that puts the client where the test finds it; returns its code by file. */
async function pageFiles(): Promise<ReadonlyMap<string, string>> {
  const script = `import { connectPolicy } from ${JSON.stringify(resolve("src/index.ts"))}; window.connectPolicy = connectPolicy;`;
  const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === ENTRY ? id : undefined),
        load: (id) => (id === ENTRY ? script : undefined),
      },
    ],
    build: { write: false, modulePreload: false, rolldownOptions: { input: ENTRY } },
  });
  if (Array.isArray(built) || !("output" in built)) throw new Error("vite built more than one bundle");
  const files = built.output.flatMap((file) =>
    file.type === "chunk" ? [[file.fileName, file.code] as const] : [],
  );
  const entry = built.output.find((file) => file.type === "chunk" && file.isEntry)!.fileName;
  return new Map([...files, ["", `<!doctype html><script type="module" src="/${entry}"></script>`]]);
}

test.skipIf(!hasChromium)(
  "a page of this machine gets the bundle's commands; with a token it needs that",
  async () => {
    const { bundle, examples } = await bundleOfKind("lstm", 4);
    const policy = await open(bundle);
    const token = "a+token/of=signs~";
    const [free, closed] = [await serve(policy), await serve(policy, { token })];
    const files = await pageFiles();
    const pages = createServer(({ url = "/" }, response) => {
      const code = files.get(url.slice(1));
      response.writeHead(code === undefined ? 404 : 200, {
        "content-type": url === "/" ? "text/html" : "text/javascript",
      });
      response.end(code);
    });
    await new Promise<void>((listening) => pages.listen(0, "127.0.0.1", listening));
    const browser = await launchChromium();
    onTestFinished(async () => {
      await browser.close();
      pages.close();
    });
    const { port } = pages.address() as AddressInfo;
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => "connectPolicy" in window);
    const play = (address: string, options?: { token: string }) =>
      page.evaluate(
        async ({ address, options, steps }) => {
          try {
            const client = await window.connectPolicy(address, options);
            const answers: number[][] = [];
            for (const obs of steps) answers.push([...(await client.infer(obs))]);
            await client.close();
            return answers;
          } catch (error) {
            return String(error);
          }
        },
        { address, options, steps: examples.map(({ obs }) => obs) },
      );
    const expected: number[][] = [];
    for (const { obs } of examples) expected.push([...(await policy.command(obs))]);
    expect(await play(free.address)).toEqual(expected);
    expect(await play(closed.address)).toMatch(/^Error: No policy is served to this client at /);
    expect(await play(closed.address, { token })).toEqual(expected);
  },
);
