// armgym data: what is known, what is missing, what is there.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { runCommand, temporaryFolder } from "./command.js";

test("public sets are listed with what is there of them, and how to get them is said", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "data", "text"), { recursive: true });
  writeFileSync(join(folder, "data", "text", "tinyshakespeare.txt"), "To be, or not to be. ".repeat(100));
  const { stdout, code } = await runCommand(["data", "--json"], folder);
  expect(code).toBe(0);
  const { sources } = JSON.parse(stdout) as { sources: { id: string; state: string }[] };
  const states = Object.fromEntries(sources.map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({ mnist: "missing", "tiny-shakespeare": "here", digits: "generated" });

  const missing = await runCommand(["data", "robot-failures", "--data", "elsewhere"], folder);
  expect(missing.code).toBe(0);
  expect(missing.stdout).toContain(
    "  download https://archive.ics.uci.edu/ml/machine-learning-databases/robotfailure-mld/lp1.data\n" +
      "    to elsewhere/robot-failures/lp1.data (28 kB, SHA-256 dcce343c3bb8d4b93a384273510a07ff96a51ecaad8c505e940c03ebee0de635)\n",
  );
  expect(missing.stdout).toContain('Or take "contacts", which is generated and has the same fields.\n');

  const other = await runCommand(["data", "tiny-shakespeare", "--set", "length=8"], folder);
  expect(other.stdout).toContain(
    "  data/text/tinyshakespeare.txt: NOT the published file (its SHA-256 is another); it is read as it is\n" +
      "Rows: 1777 to learn from, 13 to choose by, 26 to test.\n",
  );
  expect(other.stdout).toContain('First tokens: "To be, o"\n');
});

test("data of one's own is summarised and drawn, and what is wrong with it ends with 2", async () => {
  const folder = temporaryFolder();
  const csv = `force [N],state\n${Array.from({ length: 40 }, (_, k) => `${k},${k % 2 ? "on" : "off"}`).join("\n")}\n`;
  writeFileSync(join(folder, "a.csv"), csv);
  const { stdout, code } = await runCommand(["data", "a.csv", "--set", "label=state", "--json"], folder);
  expect(code).toBe(0);
  const { rows, train, provenance } = JSON.parse(stdout);
  expect(rows).toEqual({ train: 28, validation: 4, test: 8 });
  expect(train.fields.label.classes).toEqual({ off: 14, on: 14 });
  expect(provenance).toMatchObject({
    name: "a.csv",
    files: { "a.csv": createHash("sha256").update(csv).digest("hex") },
  });

  const drawn = await runCommand(["data", "contacts", "--set", "rows=40", "--picture", "c.png"], folder);
  expect(drawn.stdout).toContain("collision 10, front collision 10, normal 10, obstruction 10\n");
  expect(decode(readFileSync(join(folder, "c.png")))).toMatchObject({ width: 982, height: 266 });

  const refused = async (...args: string[]) => {
    const result = await runCommand(["data", ...args], folder);
    expect(result.code).toBe(2);
    return result.stderr;
  };
  expect(await refused("a.csv")).toBe(
    'a.csv, line 2: "state" is "off", expected a number. Say what the column is by "label", "target" or "group", or leave it out by "skip".\n',
  );
  expect(await refused("contacts", "--picture", "c.jpg")).toBe(
    "--picture c.jpg does not end in .png. For example: --picture examples.png\n",
  );
  expect(await refused("nothing")).toMatch(
    /^There is no data "nothing"\. Known are: mnist, .+; or a path of your own\.\n$/,
  );
});
