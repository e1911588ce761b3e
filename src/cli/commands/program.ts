// armgym program
import type { Command } from "commander";
import { PROGRAM_CELL, type ProgramRun, runProgram } from "../../episodes/run-program.js";
import { UsageError } from "../../math/usage-error.js";
import { expectationsOf } from "../../programs/grammar/expectations.js";
import { textLogProbability } from "../../programs/grammar/walk.js";
import type { Program } from "../../programs/instruction.js";
import { parseProgram } from "../../programs/parse-program.js";
import { printProgram } from "../../programs/print-program.js";
import { programGrammar } from "../../programs/program-grammar.js";
import { programOfRecording } from "../../programs/program-of-recording.js";
import { readRecording } from "../../recording/mcap-read.js";
import { writeRecording } from "../../recording/mcap-write.js";
import { episodeOf, parseEpisodeName, splitEpisodes } from "../../recording/recording.js";
import { atomicWrite } from "../../runs/atomic-write.js";
import { locateEnv } from "../../runs/packaged-modules.js";
import { LARGEST, readWholeFile } from "../../runs/read-file.js";
import { firstSeed, jsonOption, overridesOf, robotOption, type SettingFlags, setOption } from "../flags.js";
import { printAnswer } from "../print-answer.js";

interface ProgramFlags extends SettingFlags {
  readonly env: string;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Largest program that is read, bytes. */
const LARGEST_FILE = 4_000_000;

const ACTIONS = { check: checkCommand, run: runCommand, write: writeCommand } as const;

/** Define `armgym program`. */
export function define(command: Command): void {
  command
    .argument(
      "<action>",
      "check: say what is wrong with it; run: move the arm; write: the program of a recorded episode",
    )
    .argument("<file>", "a program; to write one: a recording, FILE.mcap, or an episode of it, FILE.mcap:3")
    .option("--env <id>", "environment to run it in: one arm, a part, a goal", "PickPlace-v1")
    .option("--seed <n>", "seed of the episode to run it in", firstSeed, 0)
    .option(
      "--out <file>",
      "what is written: the recording of a run, default the program's name with .mcap; a program, default the terminal",
    )
    .addOption(robotOption())
    .addOption(setOption("an environment's setting"))
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nInstructions, one a line, in mm, degrees and s; # begins a comment:\n" +
        "  SPEED 250 | MOVEL PLACE | APPROACH PLACE 80 | DEPART 80 | TURN 30 | GRIP OPEN | GRIP CLOSE | WAIT 0.5 | END\n" +
        "  PLACE is PART, GOAL, HOME or x y z\n" +
        "\nExample:\n  armgym program run pick.txt --seed 3 && armgym view pick.mcap\n",
    )
    .action(programCommand);
}

async function programCommand(action: string, file: string, flags: ProgramFlags): Promise<void> {
  if (!Object.hasOwn(ACTIONS, action))
    throw new UsageError(
      `There is no action "${action}", expected ${Object.keys(ACTIONS)
        .join(", ")
        .replace(/, (\w+)$/, " or $1")}. For example: armgym program check ${file}`,
    );
  await ACTIONS[action as keyof typeof ACTIONS](file, flags);
}

function checkCommand(file: string, { json }: ProgramFlags): void {
  const { text, program } = readProgram(file);
  const instructions = program.filter(({ instruction }) => instruction).length;
  const logProbability = textLogProbability(programGrammar(), text);
  const isGenerated = Number.isFinite(logProbability);
  const { entropy } = expectationsOf(programGrammar());
  const grammar = isGenerated
    ? `as the grammar writes them, of ${(-logProbability).toFixed(1)} nats; its programs have ${entropy.toFixed(1)} on average`
    : "none that the grammar of robot-programs writes";
  const answer = {
    file,
    instructions,
    isOfGrammar: isGenerated,
    ...(isGenerated ? { nats: -logProbability } : {}),
  };
  printAnswer(json, answer, `${file} is a program of ${instructions} instructions, ${grammar}.`);
}

async function runCommand(file: string, flags: ProgramFlags): Promise<void> {
  const { program } = readProgram(file);
  const out = flags.out ?? `${file.replace(/\.[A-Za-z0-9]+$/, "")}.mcap`;
  requireEnding(out, ".mcap");
  const factory = (await locateEnv(flags.env)).thing;
  const env = factory.create({ ...PROGRAM_CELL, ...(await overridesOf(flags)) });
  const run = runProgram(env, program, flags.seed);
  atomicWrite(out, await writeRecording(run.recording), { option: "out" });
  const { recording, ...outcome } = run;
  if (run.outcome !== "done") process.exitCode = 1;
  printAnswer(
    flags.json,
    { file, env: env.id, seed: flags.seed, ...outcome, recording: out },
    sentence(file, run, out),
  );
}

function sentence(file: string, { outcome, reason, success, seconds }: ProgramRun, out: string): string {
  const end = outcome === "done" ? `ended after ${seconds.toFixed(1)} s` : `stopped: ${outcome}, ${reason}`;
  return `${file} ${end}; the task is ${success ? "" : "not "}solved. Watch it: armgym view ${out}`;
}

function writeCommand(name: string, { out, json }: ProgramFlags): void {
  const { file, episode = 0 } = parseEpisodeName(name);
  requireEnding(file, ".mcap");
  const recording = readRecording(readWholeFile(file, LARGEST.recording), file);
  const chosen = episodeOf(recording, episode);
  if (!chosen)
    throw new UsageError(
      `${file} has no episode ${episode}: it holds ${splitEpisodes(recording).length}, counted from 0.`,
    );
  const text = printProgram(programOfRecording(chosen));
  if (out !== undefined) atomicWrite(out, text, { option: "out" });
  const answer = { file, episode, text, ...(out === undefined ? {} : { out }) };
  printAnswer(json, answer, out === undefined ? text : `Wrote ${out}.`);
}

function readProgram(file: string): { readonly text: string; readonly program: Program } {
  const bytes = readWholeFile(file, LARGEST_FILE);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is no text in UTF-8, expected a program. Save it as UTF-8.`);
  }
  return { text, program: parseProgram(text, file) };
}

function requireEnding(file: string, ending: string): void {
  if (!file.endsWith(ending))
    throw new UsageError(`${file} does not end in ${ending}. For example: pick${ending}`);
}
