// Sentences of a small grammar about a robot's work, generated: text whose words and order can be learned in minutes.
import { createRandom, type Random } from "../../math/random.js";
import type { DataSource } from "../data-source.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import { textSplits } from "../text-splits.js";

/** What each symbol is replaced by, one of them at random; a word that is no symbol stands as it is. */
const GRAMMAR: Readonly<Record<string, readonly string[]>> = {
  SENTENCE: ["SUBJECT VERB THING PLACE .", "SUBJECT VERB THING .", "SUBJECT waits NUMBER seconds ."],
  SUBJECT: ["the robot", "the left arm", "the right arm", "the gripper"],
  VERB: ["lifts", "places", "pushes", "turns", "finds", "drops"],
  THING: ["the COLOR PART", "the PART", "NUMBER PARTS"],
  COLOR: ["red", "green", "blue", "grey"],
  PART: ["cube", "peg", "plate", "gear", "bolt"],
  PARTS: ["cubes", "pegs", "plates", "gears", "bolts"],
  PLACE: ["on the table", "into the drawer", "beside the COLOR box", "under the camera"],
  NUMBER: ["two", "three", "four", "five"],
};

/**
 * A text of `characters` from a grammar, nine tenths to learn from, of which `validation` (a share of the whole) are held back, and a tenth to test.
 *
 * Fields as those of "tiny-shakespeare": `tokens` [T] int32, characters, and `next` [T], the one after each. Nothing is downloaded.
 */
export const sentences: DataSource = {
  id: "sentences",
  description: "generated sentences of a small grammar, as characters",
  licence: "CC0-1.0",
  files: [],
  settings: { length: 64, stride: 1, validation: 0.05, characters: 200_000 },
  async load(_files, settings, seed) {
    const characters = wholeSetting(settings, "characters", 1000, 10_000_000);
    const random = createRandom(`${seed}/sentences`);
    const lines: string[] = [];
    for (let length = 0; length < characters; ) {
      const line = `${expand("SENTENCE", random).replace(" .", ".")}\n`;
      lines.push(line);
      length += line.length;
    }
    return textSplits(lines.join("").slice(0, characters), {
      file: "the generated text",
      length: wholeSetting(settings, "length", 1, 4096),
      stride: wholeSetting(settings, "stride", 1, 4096),
      validation: numberSetting(settings, "validation", 0.001, 0.5),
      test: 0.1,
      provenance: {
        name: "sentences",
        source: "generated",
        licence: "CC0-1.0",
        settings: { ...settings, seed },
      },
    });
  },
};

function expand(symbol: string, random: Random): string {
  const choices = GRAMMAR[symbol];
  if (!choices) return symbol;
  const words = choices[random.integer(choices.length)]!.split(" ");
  return words.map((word) => expand(word, random)).join(" ");
}
