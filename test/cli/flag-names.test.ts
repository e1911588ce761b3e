import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withFlags } from "../../src/cli/flag-names.js";
import { optionText } from "../../src/math/usage-error.js";

test("options that a message names are flags on the command line", () => {
  const names = [
    ["demos", undefined, "--demos"],
    ["teacher", "expert", "--teacher expert"],
    ["currentDefaults", undefined, "--current-defaults"],
    ["observationMode", "camera", "--obs camera"],
    ["modules", "./my-env.ts", "--env ./my-env.ts"],
    ["meshes", "false", "--no-meshes"],
  ] as const;
  for (const [name, value, flag] of names)
    expect(withFlags(`Leave ${optionText(name, value)} out, or not.`)).toBe(`Leave ${flag} out, or not.`);
  expect(withFlags(`${optionText("from")} and ${optionText("demos")}`)).toBe("--from and --demos");
  expect(withFlags('Unknown setting "demos".')).toBe('Unknown setting "demos".');
});

/** Node's own, which a program is started with as well. */
const OF_NODE = ["--allow-addons", "--allow-fs-write", "--permission"];

test("no message outside of src/cli names a flag of the command line", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("cli/"))
    // commands, written so that they can be copied into a shell
    .filter((file) => file !== "runs/command-names.ts");
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) =>
    readFileSync(join("src", file), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
      .flatMap((line) => line.match(/(?<![\w-])--[a-z][\w-]*/g) ?? [])
      .filter((flag) => !OF_NODE.includes(flag))
      .map((flag) => `src/${file}: ${flag}`),
  );
  expect(found).toEqual([]);
});
