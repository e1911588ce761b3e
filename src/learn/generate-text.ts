// Texts that a model writes: token after token, each drawn from what the model expects after those before it.
import type { Engine } from "../compile/engines/engine.js";
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import { compileModel } from "../model/compile-model.js";
import type { Model } from "../model/model.js";
import type { ModelWeights } from "../model/model-runner.js";

/** A model that says what follows one token, and how its tokens are written. */
export interface TextModel {
  /** Made for one step: its only input is one token [1], its output `logits` [1, tokens]; what came before is in its memory. */
  readonly model: Model;
  /** What it learned, with windows of any length. */
  readonly weights: ModelWeights;
  /** The text of each token, a character each. */
  readonly alphabet: readonly string[];
}

/** How a text is written. */
export interface GenerateOptions {
  /** What the text begins with; it is read, not part of the result. Default: a new line, or the first character of the alphabet. */
  readonly prompt?: string;
  /** Characters to write, at most. Default 500. */
  readonly length?: number;
  /** Divides the logits: below 1 the likely becomes likelier, at 0 the likeliest is always taken. Default 1. */
  readonly temperature?: number;
  /** Draw among so many of the likeliest alone. Default: all. */
  readonly topK?: number;
  /** Names the random stream: the same seed writes the same text. Default 1. */
  readonly seed?: number | string;
  /** Return the characters that may follow `written`, for texts of a grammar; none ends the text. Default: all. */
  allowed?(written: string): Iterable<string>;
  /** Called after each character; the text ends where it returns false. */
  onCharacter?(written: string): boolean | undefined;
}

/**
 * Write a text by a model, one character after another; returns what was written after the prompt.
 *
 * Throws a UsageError for a character of the prompt that is not in the alphabet, and for options out of their range.
 */
export async function generateText(
  { model, weights, alphabet }: TextModel,
  engine: Engine,
  options: GenerateOptions = {},
): Promise<string> {
  const { length = 500, seed = 1 } = options;
  requireRanges(options, alphabet);
  const numbers = new Map(alphabet.map((character, token) => [character, token]));
  const prompt = encodePrompt(options.prompt ?? (numbers.has("\n") ? "\n" : alphabet[0]!), numbers);
  const [input] = Object.keys(model.inputs) as [string];
  const random = createRandom(`${seed}/text`);
  const runner = await compileModel(model, engine);
  try {
    runner.load(weights);
    const read = async (token: number) =>
      (await runner.predict({ [input]: Int32Array.of(token) })).logits as Float32Array;
    let logits = new Float32Array();
    for (const token of prompt) logits = Float32Array.from(await read(token));
    let written = "";
    while (written.length < length) {
      const allowed = options.allowed && tokensOf(options.allowed(written), numbers);
      if (allowed?.length === 0) break;
      const token = drawToken(logits, options, allowed, random);
      written += alphabet[token]!;
      if (options.onCharacter?.(written) === false) break;
      logits = Float32Array.from(await read(token));
    }
    return written;
  } finally {
    await runner.dispose();
  }
}

function requireRanges(
  { length = 1, temperature = 1, topK = 1 }: GenerateOptions,
  alphabet: readonly string[],
): void {
  if (!(Number.isInteger(length) && length >= 0))
    throw new UsageError(`length is ${length}, expected a whole number of characters.`);
  if (!(temperature >= 0 && Number.isFinite(temperature)))
    throw new UsageError(`temperature is ${temperature}, expected a number from 0 on.`);
  if (!(Number.isInteger(topK) && topK >= 1))
    throw new UsageError(`topK is ${topK}, expected a whole number from 1 to ${alphabet.length}.`);
}

function encodePrompt(prompt: string, numbers: ReadonlyMap<string, number>): number[] {
  if (prompt === "") throw new UsageError("prompt is empty, expected a character at least.");
  return [...prompt].map((character, at) => {
    const token = numbers.get(character);
    if (token !== undefined) return token;
    throw new UsageError(
      `prompt has ${JSON.stringify(character)} at character ${at + 1}, which the model never read. It knows: ${JSON.stringify([...numbers.keys()].join(""))}.`,
    );
  });
}

function tokensOf(characters: Iterable<string>, numbers: ReadonlyMap<string, number>): number[] {
  return [...new Set(characters)].flatMap((character) => numbers.get(character) ?? []);
}

/** Draw a token by the softmax of the logits that are allowed, divided by the temperature. */
function drawToken(
  logits: Float32Array,
  { temperature = 1, topK = logits.length }: GenerateOptions,
  allowed: readonly number[] | undefined,
  random: Random,
): number {
  const candidates = [...(allowed ?? logits.keys())].sort((a, b) => logits[b]! - logits[a]! || a - b);
  const chosen = candidates.slice(0, topK);
  // drawn in any case, so that the stream does not depend on the temperature
  const share = random.uniform();
  if (temperature === 0) return chosen[0]!;
  const weights = chosen.map((token) => Math.exp((logits[token]! - logits[chosen[0]!]!) / temperature));
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [k, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return chosen[k]!;
  }
  return chosen.at(-1)!;
}
