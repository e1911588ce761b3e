// Tiny Shakespeare: a million characters of plays, as windows whose every character is to be followed by the next.
import type { DataSource } from "../data-source.js";
import { hashedFiles } from "../hashed-files.js";
import { decodeText } from "../readers/text.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import { textSplits } from "../text-splits.js";

const ADDRESS = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt";
const PATH = "text/tinyshakespeare.txt";
const LICENCE = "public domain";

/**
 * The first 90 % of the text to learn from, of which the last `validation` (a share of the whole) are held back; the last 10 % to test.
 *
 * Fields: `tokens` [T] int32, the characters' numbers in the alphabet (`classes`); `next` [T], the one after each. Windows of `length`
 * begin every `stride` characters, in the order of the text; those of validation and test follow each other without overlap.
 */
export const tinyShakespeare: DataSource = {
  id: "tiny-shakespeare",
  description: "1.1 million characters of Shakespeare's plays, an alphabet of 65",
  licence: LICENCE,
  files: [
    {
      path: PATH,
      url: ADDRESS,
      bytes: 1_115_394,
      sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    },
  ],
  standIn: "sentences",
  settings: { length: 64, stride: 1, validation: 0.05 },
  async load(files, settings, seed) {
    const hashed = hashedFiles(files);
    const text = decodeText(await hashed.read(PATH, 2 ** 24), PATH);
    return textSplits(text, {
      file: PATH,
      length: wholeSetting(settings, "length", 1, 4096),
      stride: wholeSetting(settings, "stride", 1, 4096),
      validation: numberSetting(settings, "validation", 0.001, 0.5),
      test: 0.1,
      provenance: {
        name: "tiny-shakespeare",
        source: ADDRESS,
        licence: LICENCE,
        files: hashed.hashes,
        settings: { ...settings, seed },
      },
    });
  },
};
