// Engines that are not installed, or broken: real imports by Node, whatever is installed where the tests run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { onlyRun, QUICK, runCommand, temporaryFolder, writeLineEnv } from "./command.js";

const MAIN = resolve("dist/src/cli/main.js");
const NODE = process.versions.node;

/** Train for a moment with a package that is another's source, or not there; nothing else changes for Node. */
function trainWith(
  engine: string,
  packageName: string,
  source: string | undefined,
  tensorFlowFolder = "/dev/null/none",
) {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.mjs");
  const file = join(folder, "package.mjs");
  writeFileSync(file, source ?? "");
  const found =
    source === undefined
      ? `throw Object.assign(new Error("Cannot find package '" + name + "' imported from there"), { code: "ERR_MODULE_NOT_FOUND" });`
      : `return { url: ${JSON.stringify(pathToFileURL(file).href)}, shortCircuit: true };`;
  const hooks = `export async function resolve(name, context, next) {
    if (name === ${JSON.stringify(packageName)}) { ${found} }
    return next(name, context);
  }`;
  const register = join(folder, "register.mjs");
  writeFileSync(
    register,
    `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hooks)}));`,
  );
  const out = join(folder, "runs");
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", pathToFileURL(register).href, "--no-warnings", MAIN, "train", env, ...QUICK],
      ...["--steps", "256", "--workers", "1", "--engine", engine, "--out", out],
    ],
    { encoding: "utf8", env: { ...process.env, ARMGYM_TENSORFLOW: tensorFlowFolder } },
  );
  return { status, lines: stderr.split("\n"), made: existsSync(out) };
}

const TFJS_NODE = "@tensorflow/tfjs-node";

test("TensorFlow that is not installed is told so, before a run is made", () => {
  expect(trainWith("tensorflow", TFJS_NODE, undefined)).toEqual({
    status: 2,
    lines: [
      'The engine "tensorflow" needs @tensorflow/tfjs-node, which is not installed. Run "armgym install-tensorflow", or use the default engine "native", which is faster.',
      "",
    ],
    made: false,
  });
});

test.each([
  [
    "throw new Error('The Node.js native addon module can not be found at path: /x/tfjs_binding.node. \\nmore');",
    "The Node.js native addon module can not be found at path: /x/tfjs_binding.node). Install it again",
  ],
  // what is missing is not the package itself
  ["import 'a-package-that-nobody-has';", "Cannot find package 'a-package-that-nobody-has' imported from"],
])("TensorFlow that is installed and broken is not called missing: %s", (source, cause) => {
  const { status, lines, made } = trainWith("tensorflow", TFJS_NODE, source);
  expect([status, made, lines.length]).toEqual([2, false, 2]);
  expect(
    lines[0]!.startsWith(
      `The engine "tensorflow" cannot be loaded: @tensorflow/tfjs-node is installed, but broken (${cause}`,
    ),
    lines[0],
  ).toBe(true);
  expect(lines[0]).toMatch(/\)\. Install it again, or use the default engine "native", which is faster\.$/);
});

test("TensorFlow that armgym has set up is taken first, and is told where it is broken", () => {
  const folder = temporaryFolder();
  const home = join(folder, "node_modules", TFJS_NODE);
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, "index.js"),
    "throw new Error('libtensorflow_cc.so.2: cannot open shared object file');",
  );
  expect(trainWith("tensorflow", TFJS_NODE, "", folder)).toEqual({
    status: 2,
    lines: [
      `The engine "tensorflow" cannot be loaded: @tensorflow/tfjs-node in ${folder} is installed, but broken (libtensorflow_cc.so.2: cannot open shared object file). Remove that folder and run "armgym install-tensorflow", or use the default engine "native", which is faster.`,
      "",
    ],
    made: false,
  });
});

test("TensorFlow that fails at its first operation is told before a run is made", () => {
  const core = pathToFileURL(resolve("node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js")).href;
  const source = `import tf from ${JSON.stringify(core)};
    class Backend extends tf.KernelBackend {
      write() { return {}; }
      numDataIds() { return 0; }
      disposeData() { return true; }
    }
    tf.registerBackend("tensorflow", () => new Backend(), 3);
    tf.registerKernel({ kernelName: "Add", backendName: "tensorflow", kernelFunc: () => { throw new TypeError("this.binding is undefined"); } });`;
  const { status, lines, made } = trainWith("tensorflow", TFJS_NODE, source);
  expect([status, made]).toEqual([2, false]);
  expect(lines).toEqual([
    `The engine "tensorflow" does not run: @tensorflow/tfjs-node fails on Node ${NODE} (this.binding is undefined). Install it again, or use the default engine "native", which is faster.`,
    "",
  ]);
});

test("without the native engine a training goes on by wasm; a broken one is not called missing", () => {
  const missing = trainWith("native", "onnxruntime-node", undefined);
  expect([missing.status, missing.lines[0]]).toEqual([
    0,
    'The native engine (onnxruntime-node) is not installed. Using "wasm", which trains about 10 times slower.',
  ]);
  const broken = trainWith("native", "onnxruntime-node", "throw new Error('invalid ELF header');");
  expect([broken.status, broken.lines[0]]).toEqual([
    0,
    'The native engine (onnxruntime-node) is installed, but cannot be loaded (invalid ELF header). Using "wasm", which trains about 10 times slower.',
  ]);
});

test("a wasm engine that cannot be loaded is told, before a run is made", () => {
  expect(trainWith("wasm", "onnxruntime-web/wasm", "throw new Error('truncated');")).toEqual({
    status: 2,
    lines: [
      'The engine "wasm" needs onnxruntime-web, which is installed, but cannot be loaded (truncated). Install armgym\'s dependencies again.',
      "",
    ],
    made: false,
  });
});

test("a run that goes on by another engine keeps that in its config, and only one that loads", async () => {
  const folder = temporaryFolder();
  const env = writeLineEnv(folder, "line.mjs");
  const out = join(folder, "runs");
  const train = ["train", env, ...QUICK, "--steps", "256", "--workers", "1", "--out", out];
  expect((await runCommand(train)).code).toBe(0);
  const run = onlyRun(out);
  const config = () => JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  const before = config();
  expect([before.engine, before.workers]).toEqual(["native", 1]);
  const resumed = await runCommand([
    ...["train", env, "--resume", run, "--engine", "wasm", "--workers", "2"],
  ]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(config()).toEqual({ ...before, engine: "wasm", workers: 2 });
});
