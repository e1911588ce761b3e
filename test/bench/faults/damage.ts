// Ways in which files arrive damaged: bits, blocks, lengths, and values of JSON that somebody edited.
import type { Random } from "../../../src/math/random.js";

/** Text that stands for what JSON values become: wrong types, sizes, and names that mean something to JavaScript. */
const VALUES: readonly string[] = [
  "null",
  "true",
  "-1",
  "0",
  "1e308",
  "-1e-308",
  "1e999",
  "9007199254740993",
  "4294967296",
  "0.1",
  '""',
  '"x"',
  '"NaN"',
  '"__proto__"',
  '"../../../../etc/passwd"',
  '"data:text/javascript,process.exit(9)"',
  "[]",
  "{}",
  "[[]]",
  '{"__proto__": {"polluted": 1}}',
  '{"constructor": {"prototype": {"polluted": 1}}}',
  "[1e308, -1e308]",
];

type Fault = (bytes: Uint8Array, random: Random) => Uint8Array;

/** What keeps a text whole: only then does its content reach the checks behind the parser. */
const EDITS: readonly Fault[] = [replaceNumber, replaceJsonValue];
const FAULTS: readonly Fault[] = [flipBit, setByte, setWord, cut, remove, repeat, clear, ...EDITS];
/** How many of the files are edited only. */
const EDITED = 0.4;

/** Return a damaged copy of `bytes`: one to three faults drawn from `random`. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged: Uint8Array = bytes.slice();
  const faults = random.uniform(0, 1) < EDITED ? EDITS : FAULTS;
  const count = 1 + whole(random, 3);
  for (let fault = 0; fault < count; fault++)
    damaged = faults[whole(random, faults.length)]!(damaged, random);
  return damaged;
}

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const at = whole(random, bytes.length);
  if (at < bytes.length) bytes[at]! ^= 1 << whole(random, 8);
  return bytes;
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  const at = whole(random, bytes.length);
  if (at < bytes.length) bytes[at] = [0, 0xff, 0x7f, 0x80, 0x22, 0x7b][whole(random, 6)]!;
  return bytes;
}

/** A length or a count that is far too large, or 0. */
function setWord(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 4) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = [0, 1, 0x7fffffff, 0xffffffff, 0x10000000, 0x01000000][whole(random, 6)]!;
  view.setUint32(whole(random, bytes.length - 4), value, true);
  return bytes;
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, whole(random, bytes.length));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const [begin, length] = [whole(random, bytes.length), 1 + whole(random, 64)];
  return joined(bytes.subarray(0, begin), bytes.subarray(begin + length));
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const [begin, length] = [whole(random, bytes.length), 1 + whole(random, 256)];
  return joined(bytes.subarray(0, begin + length), bytes.subarray(begin));
}

function clear(bytes: Uint8Array, random: Random): Uint8Array {
  const begin = whole(random, bytes.length);
  return bytes.fill(0, begin, begin + 1 + whole(random, 128));
}

/** Of a text: put another number, or none, in the place of one. */
function replaceNumber(bytes: Uint8Array, random: Random): Uint8Array {
  return replaceMatch(bytes, /-?\d+(\.\d+)?(e[+-]?\d+)?/g, random);
}

/** Of JSON: put another value in the place of one. */
function replaceJsonValue(bytes: Uint8Array, random: Random): Uint8Array {
  return replaceMatch(
    bytes,
    /(?<=:\s*)("[^"\\]*"|-?[\d.e+-]+|true|false|null|\[[^[\]{}]*\]|\{[^{}]*\})/g,
    random,
  );
}

function replaceMatch(bytes: Uint8Array, pattern: RegExp, random: Random): Uint8Array {
  // one character a byte, so that what is not text stays as it is
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const matches = [...text.matchAll(pattern)];
  const match = matches[whole(random, matches.length)];
  if (!match) return bytes;
  const value = VALUES[whole(random, VALUES.length)]!;
  return new Uint8Array(
    Buffer.from(text.slice(0, match.index) + value + text.slice(match.index + match[0].length), "latin1"),
  );
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

function whole(random: Random, below: number): number {
  return Math.floor(random.uniform(0, below));
}
