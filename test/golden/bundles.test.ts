// What exported policies compute, and by which nodes.
import { describe, test } from "vitest";
import { POLICY_KINDS } from "../deploy/untrained-bundle.js";
import { explain, exportUntrained } from "./export-untrained.js";
import { openGolden } from "./golden.js";
import { machineOf } from "./train-tiny.js";

const golden = openGolden(new URL("bundles.json", import.meta.url));
const SEEDS = [1, 2];

for (const engine of ["wasm", "native"]) {
  const machine = await machineOf(engine);
  describe.runIf(golden.has(machine))(`by the engine ${engine} on ${machine}`, () => {
    test.each(Object.keys(POLICY_KINDS))("a bundle of %s", async (kind) => {
      for (const seed of SEEDS) {
        const { graph, manifest, commands } = await exportUntrained(kind, { seed, engine });
        golden.check(`graph and manifest of ${kind}`, seed, { graph, manifest });
        golden.check(`commands of ${kind}`, seed, { commands }, machine);
      }
    });

    test.each(["mlp", "patches and lstm"])("reasons of %s", async (kind) => {
      for (const seed of SEEDS)
        golden.check(`reasons of ${kind}`, seed, await explain(kind, { seed, engine }), machine);
    });
  });
}
