// `armgym program` as a user runs it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording } from "../../src/recording/mcap-read.js";
import { runCommand, temporaryFolder } from "./command.js";

const PICK = `SPEED 300
GRIP OPEN
APPROACH PART 80
MOVEL PART
GRIP CLOSE
DEPART 90
APPROACH GOAL 80
MOVEL GOAL
GRIP OPEN
DEPART 80
END
`;

function folderWith(text: string | Uint8Array): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "pick.txt"), text);
  return folder;
}

test("a program is checked, run, and written again from what was recorded", async () => {
  const folder = folderWith(PICK);
  const checked = await runCommand(["program", "check", "pick.txt"], folder);
  expect([checked.code, checked.stdout, checked.stderr]).toEqual([
    0,
    "pick.txt is a program of 11 instructions, as the grammar writes them, of 25.5 nats; its programs have 54.8 on average.\n",
    "",
  ]);
  const ran = await runCommand(["program", "run", "pick.txt", "--seed", "3", "--json"], folder);
  expect(ran.code, ran.stderr).toBe(0);
  const outcome = JSON.parse(ran.stdout);
  expect(outcome).toMatchObject({
    outcome: "done",
    success: true,
    env: "PickPlace-v1",
    seed: 3,
    recording: "pick.mcap",
  });
  const recording = readRecording(readFileSync(join(folder, "pick.mcap")), "pick.mcap");
  expect(recording.frames.length).toBe(Math.round(20 * outcome.seconds) + 1);
  const written = await runCommand(["program", "write", "pick.mcap", "--out", "again.txt"], folder);
  expect([written.code, written.stdout]).toEqual([0, "Wrote again.txt.\n"]);
  expect(readFileSync(join(folder, "again.txt"), "utf8")).toMatch(
    /^# PickPlace-v1, seed 3, by program\nSPEED \d+\nGRIP OPEN\n(MOVEL .+\n)+GRIP CLOSE\n(MOVEL .+\n)+GRIP OPEN\n(MOVEL .+\n)+END\n$/,
  );
});

test("a program that stops ends with 1, and says where", async () => {
  const folder = folderWith("MOVEL 100 0 200\n");
  const { code, stdout } = await runCommand(["program", "run", "pick.txt", "--out", "far.mcap"], folder);
  expect(code).toBe(1);
  expect(stdout).toBe(
    "pick.txt stopped: unreachable, line 1, MOVEL 100 0 200: 100 0 200 is out of reach of panda: x from 280 to 720 mm; the task is not solved. Watch it: armgym view far.mcap\n",
  );
});

test.each([
  ["check", "GRIP SHUT\n", 'pick.txt, line 1, column 6: got "SHUT", expected OPEN or CLOSE.'],
  ["run", Uint8Array.of(0x47, 0xff), "pick.txt is no text in UTF-8, expected a program. Save it as UTF-8."],
  [
    "walk",
    "END\n",
    'There is no action "walk", expected check, run or write. For example: armgym program check pick.txt',
  ],
  ["write", "END\n", "pick.txt does not end in .mcap. For example: pick.mcap"],
])("program %s of %j ends with 2 and one line", async (action, text, message) => {
  const { code, stdout, stderr } = await runCommand(["program", action, "pick.txt"], folderWith(text));
  expect([code, stdout, stderr]).toEqual([2, "", `${message}\n`]);
});
