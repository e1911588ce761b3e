import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("the bench of speed refuses what is no build to compare with, before it measures anything", () => {
  const bench = (more: Readonly<Record<string, string>>) => {
    const { AGAINST: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["dist/src/cli/main.js", "bench", "speed"],
      {
        env: { ...env, ...more },
        encoding: "utf8",
      },
    );
    return { status, stdout, stderr };
  };
  const refusal = (got: string) => ({
    status: 2,
    stdout: "",
    stderr:
      `AGAINST ${got}, expected the dist folder of another checkout, built by "npm run build". For example: ` +
      "AGAINST=../armgym-before/dist npm run bench -- speed\n",
  });
  expect(bench({})).toEqual(refusal("is not set"));
  expect(bench({ AGAINST: "nowhere" })).toEqual(refusal('is "nowhere", which holds no src/index.js'));
});
