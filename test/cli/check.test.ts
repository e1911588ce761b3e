import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand, temporaryFolder, writeLineEnv } from "./command.js";

const AFTER = "What follows was not checked";

test("check tells environments that throw, end the process, never return or leave timers behind", async () => {
  const cwd = temporaryFolder();
  const inStep = (what: string) => ({
    before: "let calls = 0;",
    afterStep: `if (++calls === 150) { ${what} }`,
  });
  const modules = {
    "throws.ts": inStep('throw new Error("boom");'),
    "exits.ts": inStep("process.exit(0);"),
    "hangs.ts": inStep("for (;;) {}"),
    "timer.ts": inStep('setTimeout(() => { throw new Error("late"); }, 0);'),
    "undefined.ts": { reward: "undefined" },
    "further.ts": { reward: "1, far: 2" },
  };
  for (const [name, parts] of Object.entries(modules)) writeLineEnv(cwd, name, parts);
  const results = await Promise.all(
    Object.keys(modules).map((name) =>
      runCommand(["check", `./${name}`, "--patience", name === "hangs.ts" ? "10" : "120"], cwd),
    ),
  );
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(results.map(() => [2, ""]));
  const complaints = results.map(({ stdout }) => stdout.split("\n").filter((line) => line.startsWith("✗")));
  expect(
    complaints.map((lines) => lines.map((line) => line.replace(cwd, "").slice(line.indexOf(": ") + 2))[0]),
  ).toEqual([
    expect.stringMatching(/^it throws: boom at \/throws\.ts:\d+:\d+$/),
    `it ends the process with exit code 0. ${AFTER}`,
    `it has not returned for 10 s; look for a loop without an end, or give it more time by --patience. ${AFTER}`,
    `it throws outside of any call: late; look for timers and promises. ${AFTER}`,
    'it throws: Line-v1: reward() returned no term "near", which has a weight. Return it, or take it out of rewardWeights.',
    'it throws: Line-v1: reward() returned the term "far", which has no weight, so that it counts for nothing. Give it one in rewardWeights (0 to watch it only), or leave it out.',
  ]);
});

test("check takes modules with a # in their path, the same environment twice, and ones that print", async () => {
  const cwd = temporaryFolder();
  writeLineEnv(join(cwd, "dir#x"), "env.ts", { exported: "export { line }; export default line;" });
  writeLineEnv(cwd, "prints.ts", { before: 'console.log("not part of the report");' });
  const [hash, prints] = await Promise.all([
    runCommand(["check", "./dir#x/env.ts#Line-v1"], cwd),
    runCommand(["check", "./prints.ts", "--json"], cwd),
  ]);
  expect([hash!.code, hash!.stderr, hash!.stdout.split("\n").at(-2)]).toEqual([
    0,
    "",
    "Line-v1 keeps its contract.",
  ]);
  expect(prints!.stderr).toBe("not part of the report\n");
  expect(JSON.parse(prints!.stdout)).toMatchObject({ env: "Line-v1", passed: true });
});

test("check refuses an environment without action entries in one line", async () => {
  const cwd = temporaryFolder();
  writeLineEnv(cwd, "odd.ts", { entries: "[]" });
  const { code, stdout, stderr } = await runCommand(["check", "./odd.ts"], cwd);
  expect([code, stdout, stderr]).toEqual([
    2,
    "",
    "Line-v1: the simulation has no action entries, expected at least one. List them as its actionEntries.\n",
  ]);
});
