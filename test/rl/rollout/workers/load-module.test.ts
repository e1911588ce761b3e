import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { isEnvFactory, listModule } from "../../../../src/rl/rollout/workers/load-module.js";

/** URL of a module with this source. */
function moduleOf(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), "armgym-module-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "env.ts");
  writeFileSync(file, source);
  return pathToFileURL(file).href;
}

const MAKE = "const make = (id) => ({ id, defaults: {}, create: () => {} });";

test("an environment that a module exports by name, as the default and in a record is one environment", async () => {
  const module = moduleOf(
    `${MAKE} export const one = make("One-v1"); export default one; export const all = { one };`,
  );
  expect((await listModule(module, isEnvFactory)).map(({ id }) => id)).toEqual(["One-v1"]);
});

test("two environments of one module with the same id are refused", async () => {
  const module = moduleOf(`${MAKE} export const one = make("One-v1"); export const other = make("One-v1");`);
  await expect(listModule(module, isEnvFactory)).rejects.toThrow(
    new UsageError(`${module} exports two different things with the id "One-v1". Give each its own.`),
  );
});
