import { expect, test } from "vitest";
import { ProgressLine, progressBar, timeLeft } from "../../src/log/progress-line.js";

function stream(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { isTTY, columns, write: (text: string) => written.push(text), text: () => written.join("") };
}

test("in a terminal one line replaces itself, cut to the terminal's width", () => {
  const terminal = stream(true);
  const progress = new ProgressLine(terminal);
  progress.show("a line longer than the terminal", false);
  progress.show("short", true);
  progress.say("a message of its own");
  progress.show("last", false);
  progress.end();
  const shown = [
    "\r\x1b[Ka line longer than ",
    "\r\x1b[Kshort",
    "\r\x1b[Ka message of its own\n",
    "\r\x1b[Klast\n",
  ];
  expect(terminal.text()).toBe(shown.join(""));
});

test("elsewhere only milestones are printed, each on a line of its own", () => {
  const file = stream(false);
  const progress = new ProgressLine(file);
  progress.show("now and then", false);
  progress.show("a milestone", true);
  progress.say("a message");
  progress.end();
  expect(file.text()).toBe("a milestone\na message\n");
});

test("a bar is filled by the share done, and never more than full", () => {
  expect([progressBar(0, 4), progressBar(0.5, 4), progressBar(1.7, 4), progressBar(-1, 4)]).toEqual([
    "░░░░",
    "██░░",
    "████",
    "░░░░",
  ]);
});

test("what still takes more than a minute is told in minutes, less in seconds", () => {
  expect([timeLeft(2.34), timeLeft(1), timeLeft(0.2)]).toEqual(["2.3 min left", "60 s left", "12 s left"]);
});
