// Do programs of the grammar run? 500 drawn ones, each in an episode of its own, and how near their surprise is to the entropy.
import { pickPlace } from "../../envs/pick-place.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { PROGRAM_CELL, runProgram } from "../../src/episodes/run-program.js";
import { createRandom } from "../../src/math/random.js";
import { expectationsOf } from "../../src/programs/grammar/expectations.js";
import { sampleText, textLogProbability } from "../../src/programs/grammar/walk.js";
import { checkProgram } from "../../src/programs/parse-program.js";
import { programGrammar } from "../../src/programs/program-grammar.js";

const PROGRAMS = 500;
/** None that trains or evaluates a policy. */
const FIRST_SEED = 7_000_000;

/** Draw programs, run them, and count. */
export async function run(): Promise<BenchRow[]> {
  const grammar = programGrammar();
  const env = pickPlace.create(PROGRAM_CELL);
  const counts = { parsed: 0, done: 0, withoutCollision: 0, solved: 0 };
  let [nats, characters] = [0, 0];
  for (let n = 0; n < PROGRAMS; n++) {
    const text = sampleText(grammar, createRandom(`bench/programs/${n}`));
    nats -= textLogProbability(grammar, text);
    characters += text.length;
    const { program, mistakes } = checkProgram(text);
    if (mistakes.length > 0) continue;
    counts.parsed++;
    const { outcome, success, reason } = runProgram(env, program, FIRST_SEED + n);
    if (outcome !== "done") process.stderr.write(`program ${n}: ${outcome}, ${reason}\n`);
    if (outcome === "done") counts.done++;
    if (outcome !== "collision") counts.withoutCollision++;
    if (success) counts.solved++;
  }
  const share = (what: string, count: number): BenchRow => ({
    what: `${what}, of ${PROGRAMS} programs of the grammar`,
    value: (100 * count) / PROGRAMS,
    unit: "%",
    against: null,
    ratio: null,
  });
  const { perCharacter } = expectationsOf(grammar);
  return [
    share("parse", counts.parsed),
    share("run to their end", counts.done),
    share("run without a collision", counts.withoutCollision),
    share("take the part to its goal", counts.solved),
    {
      what: "mean surprise of a character of these programs",
      value: nats / characters,
      unit: "nats",
      against: "entropy of the grammar",
      ratio: perCharacter / (nats / characters),
      others: { "entropy of the grammar": perCharacter },
    },
  ];
}
