// The README's programs and commands, as a reader would copy them: type-checked and run against the built package.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = process.cwd();
// inside the checkout, so that "armgym" means this package
const FOLDER = join(ROOT, "test-output", "readme");
const README = readFileSync("README.md", "utf8");
const PROGRAMS = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program!);

function run(command: string, parameters: readonly string[], cwd = FOLDER): string {
  try {
    return execFileSync(command, parameters, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${parameters.join(" ")}\n${stdout}${stderr}`);
  }
}

const armgym = (...parameters: string[]) => run("node", [join(ROOT, "dist/src/cli/main.js"), ...parameters]);

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [index, program] of PROGRAMS.entries())
    writeFileSync(join(FOLDER, `program-${index}.ts`), program);
  writeFileSync(
    join(FOLDER, "tsconfig.json"),
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { noEmit: false, outDir: "out", rootDir: "." },
      include: ["*.ts"],
    }),
  );
  run(join(ROOT, "node_modules/.bin/tsc"), ["-p", "."]);
  // the last program runs a policy that the README's commands made
  const { run: folder } = JSON.parse(armgym("train", "Reach-v1", "--seed", "3", "--json")) as { run: string };
  expect(armgym("export", folder, "--out", "policy")).toMatch(
    /^Wrote policy\.onnx, policy\.json, vectors\.json to /,
  );
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test("the README has five programs, and all of them pass the type checker", () => {
  expect(PROGRAMS).toHaveLength(5);
  expect(readdirSync(join(FOLDER, "out")).filter((name) => name.endsWith(".js"))).toHaveLength(5);
});

test("stepping by hand names every number and ends with the reward's terms", () => {
  const printed = run("node", ["out/program-0.js"]);
  expect(printed).toMatch(/^tcp_x 0\.\d+ m$/m);
  expect(printed).toMatch(/false \{.*reach: /s);
});

test("the environment in one file keeps its contract", () => {
  expect(run("node", ["out/program-1.js"]).trim()).toBe("true []");
  expect(armgym("check", "./program-1.ts")).toMatch(/Hover-v1 keeps its contract\.\n$/);
});

test("training from code reports every iteration and stops early", () => {
  const lines = run("node", ["out/program-2.js"]).trim().split("\n");
  expect(lines[0]).toMatch(/^2048 steps: /);
  expect(lines.at(-2)).toMatch(/steps: (5[1-9]|[6-9]\d|100) %$/);
  expect(Number(lines.at(-1)!.split(" ")[0])).toBeGreaterThan(0.9);
});

test("a run made from code is opened again, acts and is measured", () => {
  const [success, successRate] = run("node", ["out/program-3.js"]).trim().split("\n").at(-1)!.split(" ");
  expect(success).toBe("true");
  expect(Number(successRate)).toBeGreaterThan(0.5);
});

test("an exported policy reaches its goal", () => {
  const [difference, success] = run("node", ["out/program-4.js"]).trim().split("\n");
  expect(Number(difference)).toBeLessThanOrEqual(1e-6);
  expect(success).toBe("true");
});
