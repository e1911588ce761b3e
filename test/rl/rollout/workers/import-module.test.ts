import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const REST = `
const env = defineEnv({
  id: "Hold-v1", description: "Hold still.", maxEpisodeSteps: 3, defaults: { ...CELL_DEFAULTS, rewardWeights: { still: 1 } },
  build: (config) => ({ simulation: new RobotCell({ ...config, gripper: false }) }),
  reset: ({ simulation }) => simulation.reset([0.5, 0, 0.25]),
  observation: [toolObservation], reward: () => ({ still: 1 }), success: () => true,
});`;
const IMPORTS = `import { defineEnv, RobotCell } from "armgym"; import { CELL_DEFAULTS, toolObservation } from "armgym/envs";`;
const REQUIRES = `const { defineEnv, RobotCell } = require("armgym"); const { CELL_DEFAULTS, toolObservation } = require("armgym/envs");`;

/** Lists what the modules hold, by the package as it is installed, and says of whose class their errors are. */
const LISTING = `
const { listModule, isEnvFactory } = await import(process.argv[1] + "/src/rl/rollout/workers/load-module.js");
const { UsageError } = await import(process.argv[1] + "/src/index.js");
for (const module of process.argv.slice(2)) {
  const found = await listModule(module, isEnvFactory);
  try {
    found[0].create({ robot: "nobody" });
  } catch (error) {
    console.log(found.map(({ id }) => id).join(), error instanceof UsageError);
  }
}`;

test("a module finds the running armgym where its folder has none, and what it exports twice counts once", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "armgym-module-")), "a #b");
  onTestFinished(() => rmSync(dirname(folder), { recursive: true, force: true }));
  mkdirSync(folder);
  const files = Object.entries({
    "hold.ts": `${IMPORTS}${REST} export { env }; export default env;`,
    "hold.mjs": `${IMPORTS}${REST} export { env }; export default env;`,
    "hold.cjs": `${REQUIRES}${REST} exports.env = env;`,
  }).map(([name, source]) => {
    writeFileSync(join(folder, name), source);
    return pathToFileURL(join(folder, name)).href;
  });
  const dist = pathToFileURL(resolve("dist")).href;
  const args = ["--input-type=module", "-e", LISTING, dist, ...files];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder });
  // errors of another copy of armgym would not be told as those of the caller
  expect([stdout, stderr]).toEqual(["Hold-v1 true\n".repeat(3), ""]);
});
