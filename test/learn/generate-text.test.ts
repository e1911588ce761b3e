import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { sequenceLstm } from "../../agents/sequence-lstm.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { type GenerateOptions, generateText } from "../../src/learn/generate-text.js";
import { createRandom } from "../../src/math/random.js";
import type { Model } from "../../src/model/model.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";
import { advance, type GrammarState, grammarStart, nextCharacters } from "../../src/programs/grammar/walk.js";
import { parseProgram } from "../../src/programs/parse-program.js";
import { programGrammar } from "../../src/programs/program-grammar.js";

const ALPHABET = ["a", "b", "c"];
const layout = parameterLayout([
  { name: "table", shape: [3, 3], initialization: { kind: "constant", value: 0 } },
]);

/** What follows depends on the last token alone: `logits` are its row of the table. */
const model: Model = {
  layout,
  inputs: { tokens: { shape: [1], dtype: "int32" } },
  outputs: { logits: { shape: [1, 3] } },
  apply(parameters, { tokens }) {
    const { table } = splitParameters(parameters, layout);
    const chosen = tf.cast(tf.equal(tokens!, tf.tensor1d([0, 1, 2], "int32")), "float32");
    return { logits: tf.reshape(tf.matMul(chosen as tf.Tensor2D, table as tf.Tensor2D), [-1, 1, 3]) };
  },
};

// a: b three times as likely as a, c hardly; b: c; c: all alike
const rows = [0, Math.log(3), -20, -50, -50, 0, 1, 1, 1];
const write = async (options: GenerateOptions) =>
  generateText(
    { model, weights: { parameters: Float32Array.from(rows), normalizers: {} }, alphabet: ALPHABET },
    await loadEngine("native"),
    options,
  );

test("at temperature 0 the likeliest character follows, the first of those alike", async () => {
  expect(await write({ prompt: "a", length: 7, temperature: 0 })).toBe("bcabcab");
  expect(await write({ prompt: "ab", length: 2, temperature: 0 })).toBe("ca");
});

test("characters come as often as the model says, more alike at a high temperature, the same for the same seed", async () => {
  // c leads to a by the table's third row alone: what follows an a is counted
  const after = async (temperature: number) => {
    const text = await write({ prompt: "a", length: 4000, temperature, seed: 7 });
    const pairs = [...text].slice(0, -1).map((character, k) => character + text[k + 1]);
    const of = (pair: string) => pairs.filter((other) => other === pair).length;
    return of("ab") / (of("aa") + of("ab"));
  };
  expect(await after(1)).toBeCloseTo(0.75, 1);
  // odds of 3 become their square root
  expect(await after(2)).toBeCloseTo(Math.sqrt(3) / (1 + Math.sqrt(3)), 1);
  const [once, again, other] = await Promise.all(
    [3, 3, 4].map((seed) => write({ prompt: "c", length: 40, seed })),
  );
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

test("only the likeliest are drawn among, only what is allowed is written, and a caller ends a text", async () => {
  expect(new Set(await write({ prompt: "a", length: 60, topK: 1 }))).toEqual(new Set("abc"));
  const masked = await write({ prompt: "c", length: 60, allowed: () => ["c", "a", "?"] });
  expect(new Set(masked)).toEqual(new Set("ac"));
  expect(
    await write({ prompt: "a", temperature: 0, allowed: (text) => (text.length < 4 ? ALPHABET : []) }),
  ).toBe("bcab");
  expect(await write({ prompt: "a", temperature: 0, onCharacter: (text) => !text.endsWith("c") })).toBe("bc");
});

test("a network that never learned writes whole programs where the grammar allows its characters", async () => {
  const grammar = programGrammar();
  const alphabet = [...new Set(JSON.stringify(grammar).match(/[ -~]/g)), "\n"].sort();
  const fields = {
    tokens: { shape: [1], dtype: "int32", classes: alphabet },
    next: { shape: [1], dtype: "int32", classes: alphabet },
  } as const;
  const network = sequenceLstm.createNetwork(fields, { ...sequenceLstm.settings, units: 8, embedding: 4 });
  const weights = {
    parameters: initializeParameters(network.model.layout, createRandom("never learned")),
    normalizers: {},
  };
  let state: GrammarState | null = grammarStart();
  let read = "";
  const text = await generateText({ model: network.model, weights, alphabet }, await loadEngine("native"), {
    length: 5000,
    seed: 2,
    allowed(written) {
      for (const character of written.slice(read.length))
        state = advance(grammar, state as GrammarState, character);
      read = written;
      return nextCharacters(grammar, state as GrammarState).characters.keys();
    },
  });
  expect(parseProgram(text).length).toBeGreaterThan(2);
});

test("options out of their range, and characters that were never read, are refused", async () => {
  await expect(write({ prompt: "abd" })).rejects.toThrow(
    'prompt has "d" at character 3, which the model never read. It knows: "abc".',
  );
  await expect(write({ prompt: "" })).rejects.toThrow("prompt is empty, expected a character at least.");
  await expect(write({ temperature: -1 })).rejects.toThrow("temperature is -1, expected a number from 0 on.");
  await expect(write({ topK: 0 })).rejects.toThrow("topK is 0, expected a whole number from 1 to 3.");
  await expect(write({ length: 2.5 })).rejects.toThrow(
    "length is 2.5, expected a whole number of characters.",
  );
});
