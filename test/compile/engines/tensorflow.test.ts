// The engine on TensorFlow's own library, where `armgym install-tensorflow` has set it up: `npm run interop -- tensorflow` does.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { Arrays, Engine } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { differences, earlyUpdate, NETWORKS } from "../../bench/engine-updates.js";
import { onlyRun, QUICK, temporaryFolder, writeLineEnv } from "../../cli/command.js";

const engine = await loadEngine("tensorflow").catch((error: unknown) => {
  if (error instanceof UsageError) return error.message;
  throw error;
});
const why = typeof engine === "string" ? ` (skipped: ${engine})` : "";

describe.skipIf(typeof engine === "string")(`the engine "tensorflow"${why}`, () => {
  test.each(Object.entries(NETWORKS))("gives the update of %s that native gives", async (_, kind) => {
    const native = await loadEngine("native");
    const { fn, specs, inputs } = await earlyUpdate(kind, native);
    const [ours, theirs] = await Promise.all(
      [native, engine as Engine].map(async (loaded) => (await loaded.compile(fn, specs)).run(inputs)),
    );
    expect(Object.keys(theirs!).sort()).toEqual(Object.keys(ours!).sort());
    for (const [output, difference] of Object.entries(differences(theirs!, ours!)))
      expect(difference, output).toBeLessThanOrEqual(1e-5);
    // onnxruntime adds up the squares of a gradient one after the other in float32, TensorFlow in pairs: with the 200,000 entries
    // of a network with images the norms, and by clipping the gradients as a whole, differ by up to 4e-5; apart from that, these do
    const unclipped = ({ nextFirstMoment, gradNorm }: Arrays) => ({
      gradient: nextFirstMoment!.map((value) => value * gradNorm![0]!),
    });
    expect(differences(unclipped(theirs!), unclipped(ours!)).gradient).toBeLessThanOrEqual(3e-6);
  });

  test("gives the same bits again, on one thread", async () => {
    const { fn, specs, inputs } = await earlyUpdate(NETWORKS["ppo-cnn-lstm, Nature-CNN"]!, engine as Engine);
    const compiled = await (engine as Engine).compile(fn, specs);
    const first = await compiled.run(inputs);
    const [start, used] = [performance.now(), process.cpuUsage()];
    for (let k = 0; k < 5; k++) {
      const again = await compiled.run(inputs);
      for (const name in first)
        expect(Buffer.from(again[name]!.buffer).equals(Buffer.from(first[name]!.buffer)), name).toBe(true);
    }
    const { user, system } = process.cpuUsage(used);
    expect((user + system) / 1000 / (performance.now() - start)).toBeLessThan(1.3);
  });

  test("runs on a Node that has not all that the package calls, as from 23 on", () => {
    const program = `
      import util from "node:util";
      delete util.isArray;
      delete util.isNullOrUndefined;
      const { loadEngine } = await import(process.argv[1]);
      console.log((await loadEngine("tensorflow")).name);`;
    const engines = pathToFileURL(resolve("dist/src/compile/engines/load-engine.js")).href;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program, engines],
      { encoding: "utf8" },
    );
    expect([stdout, stderr]).toEqual(["tensorflow\n", ""]);
  });

  test("trains and resumes from the command line without a word of its own, and the run says what it goes on by", () => {
    const folder = temporaryFolder();
    const env = writeLineEnv(folder, "line.mjs");
    const out = join(folder, "runs");
    const lines = (...args: string[]) => {
      const command = [resolve("dist/src/cli/main.js"), "train", env, ...args, "--workers", "2"];
      const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
      expect(status, stderr).toBe(0);
      return stderr.split("\n");
    };
    const byNative = lines(...QUICK, "--steps", "512", "--out", join(folder, "native"));
    const byTensorFlow = lines(...QUICK, "--steps", "512", "--out", out, "--engine", "tensorflow");
    expect(byTensorFlow.length).toBe(byNative.length);
    const run = onlyRun(join(folder, "native"));
    lines("--resume", run, "--engine", "tensorflow");
    expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8")).engine).toBe("tensorflow");
  });
});
