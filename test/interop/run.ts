// `npm run interop`: install the other programs into a virtual environment of their own, once, and run the checks.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const scripts = resolve(process.env.ARMGYM_INTEROP_SCRIPTS ?? "../shared/interop");
const requirements = join(scripts, "requirements.txt");

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(requirements)) {
  process.stderr.write(`Nothing to check with: ${requirements} is not there. Set ARMGYM_INTEROP_SCRIPTS.\n`);
  process.exit(2);
}
const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
const environment = join(tmpdir(), `armgym-interop-${digest}`);
const python = process.env.ARMGYM_INTEROP_PYTHON ?? join(environment, "bin", "python");
const complete = join(environment, "complete");
if (!process.env.ARMGYM_INTEROP_PYTHON && !existsSync(complete)) {
  process.stderr.write(`Installing ${requirements} into ${environment}; this takes minutes.\n`);
  run("python3", ["-m", "venv", environment]);
  run(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  writeFileSync(complete, "");
}
run("npx", ["vitest", "run", "test/interop"], { ARMGYM_INTEROP_PYTHON: python });
