import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { Arrays } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { gruCell } from "../../src/nn/gru.js";
import { lstmCell } from "../../src/nn/lstm.js";
import { type MemoryCell, memorySpecs, runMemory } from "../../src/nn/memory-cell.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const [T, E, INPUTS, UNITS] = [4, 3, 5, 2];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** One step of one sequence in plain numbers: `gate(g, u)` is what comes in, `back(g, u)` what the recurrence adds. */
type PlainStep = (
  state: number[][],
  gate: (g: number, u: number) => number,
  back: (g: number, u: number) => number,
) => number[][];

const plainLstm: PlainStep = ([, cell], gate, back) => {
  const sum = (g: number, u: number) => gate(g, u) + back(g, u);
  const next = cell!.map((c, u) => sigmoid(sum(1, u)) * c + sigmoid(sum(0, u)) * Math.tanh(sum(2, u)));
  return [next.map((c, u) => sigmoid(sum(3, u)) * Math.tanh(c)), next];
};

const plainGru: PlainStep = ([hidden], gate, back) => [
  hidden!.map((h, u) => {
    const [reset, update] = [sigmoid(gate(0, u) + back(0, u)), sigmoid(gate(1, u) + back(1, u))];
    return (1 - update) * Math.tanh(gate(2, u) + reset * back(2, u)) + update * h;
  }),
];

/** Outputs [T * E * UNITS] in plain double precision. */
function plainRun(
  { numGates, parts }: MemoryCell,
  step: PlainStep,
  flat: ArrayLike<number>,
  x: ArrayLike<number>,
  memory: ArrayLike<number>,
  starts: ArrayLike<number>,
): number[] {
  const width = numGates * UNITS;
  const [recurrentAt, biasAt] = [INPUTS * width, (INPUTS + UNITS) * width];
  const outputs = new Array<number>(T * E * UNITS);
  for (let e = 0; e < E; e++) {
    let state = parts.map((_, p) =>
      Array.from({ length: UNITS }, (_, u) => memory[e * parts.length * UNITS + p * UNITS + u]!),
    );
    for (let t = 0; t < T; t++) {
      const row = t * E + e;
      if (starts[row] === 1) state = state.map((part) => part.map(() => 0));
      const hidden = state[0]!;
      const gate = (g: number, u: number) => {
        let sum = flat[biasAt + g * UNITS + u]!;
        for (let k = 0; k < INPUTS; k++) sum += x[row * INPUTS + k]! * flat[k * width + g * UNITS + u]!;
        return sum;
      };
      const back = (g: number, u: number) =>
        hidden.reduce((sum, h, k) => sum + h * flat[recurrentAt + k * width + g * UNITS + u]!, 0);
      state = step(state, gate, back);
      for (let u = 0; u < UNITS; u++) outputs[row * UNITS + u] = state[0]![u]!;
    }
  }
  return outputs;
}

describe.each<[string, MemoryCell, PlainStep]>([
  ["LSTM", lstmCell, plainLstm],
  ["GRU", gruCell, plainGru],
])("%s", (name, cell, step) => {
  const layout = parameterLayout(memorySpecs("memory", cell, INPUTS, UNITS, 9));
  const size = cell.parts.length * UNITS;
  const random = createRandom(name);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const inputs: Arrays = {
    parameters: draw(layout.total),
    x: draw(T * E * INPUTS),
    memory: draw(E * size),
    // nothing starts in the first sequence, an episode at step 2 in the second, at steps 0 and 3 in the third
    starts: Float32Array.from([0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
  };
  const specs = {
    parameters: { shape: [layout.total] },
    x: { shape: [T * E, INPUTS] },
    memory: { shape: [E, size] },
    starts: { shape: [T * E] },
  };
  const run = (flat: tf.Tensor, { x, memory, starts }: Readonly<Record<string, tf.Tensor>>) =>
    runMemory(
      cell,
      x as tf.Tensor2D,
      { memory: memory as tf.Tensor2D, starts: starts as tf.Tensor1D },
      splitParameters(flat as tf.Tensor1D, layout),
      "memory",
    );
  const plain = (flat: ArrayLike<number>) =>
    plainRun(cell, step, flat, inputs.x!, inputs.memory!, inputs.starts!);

  test("a run along sequences equals plain numbers, step by step and through resets", async () => {
    const compiled = await (await loadEngine("native")).compile((tensors) => {
      const { outputs, memory } = run(tensors.parameters!, tensors);
      return { outputs, after: memory };
    }, specs);
    const { outputs, after } = await compiled.run(inputs);
    const wanted = plain(inputs.parameters!);
    for (const [k, value] of wanted.entries()) expect(outputs![k]).toBeCloseTo(value, 5);
    // the state's first part is the last output
    for (let e = 0; e < E; e++)
      for (let u = 0; u < UNITS; u++)
        expect(after![e * size + u]).toBeCloseTo(wanted[((T - 1) * E + e) * UNITS + u]!, 5);
  });

  test("the compiled gradient equals finite differences in double precision", async () => {
    const weights = draw(T * E * UNITS);
    const compiled = await (await loadEngine("native")).compile((tensors) => {
      const loss = (flat: tf.Tensor) =>
        tf.sum(tf.mul(run(flat, tensors).outputs, tf.tensor2d(weights, [T * E, UNITS]))) as tf.Scalar;
      return { gradient: tf.grad(loss)(tensors.parameters!) };
    }, specs);
    const { gradient } = await compiled.run(inputs);
    const loss = (flat: ArrayLike<number>) =>
      plain(flat).reduce((sum, value, k) => sum + value * weights[k]!, 0);
    for (let k = 0; k < layout.total; k++) {
      const [up, down] = [1e-5, -1e-5].map((change) => {
        const moved = Float64Array.from(inputs.parameters!);
        moved[k]! += change;
        return loss(moved);
      });
      expect(gradient![k], `parameter ${k}`).toBeCloseTo((up! - down!) / 2e-5, 3);
    }
  });

  test("a sequence in two pieces, memory handed over, equals the sequence in one", async () => {
    const engine = await loadEngine("native");
    const half = { ...specs, x: { shape: [2 * E, INPUTS] }, starts: { shape: [2 * E] } };
    const compile = (inputSpecs: typeof specs) =>
      engine.compile((tensors) => {
        const { outputs, memory } = run(tensors.parameters!, tensors);
        return { outputs, after: memory };
      }, inputSpecs);
    const [whole, piece] = [await compile(specs), await compile(half)];
    const all = await whole.run(inputs);
    const cut = (from: number, memory: Arrays[string]) =>
      piece.run({
        ...inputs,
        memory: memory!,
        x: inputs.x!.slice(from * E * INPUTS, (from + 2) * E * INPUTS),
        starts: inputs.starts!.slice(from * E, (from + 2) * E),
      });
    const first = await cut(0, inputs.memory!);
    const second = await cut(2, first.after!);
    expect([...first.outputs!, ...second.outputs!]).toEqual([...all.outputs!]);
    expect(second.after).toEqual(all.after);
  });
});

test("gates start orthogonal one by one, a forget gate open, and chrono biases come in opposite pairs", () => {
  const [inputs, units] = [7, 4];
  const start = (span: number) => {
    const layout = parameterLayout(memorySpecs("m", lstmCell, inputs, units, span));
    const flat = initializeParameters(layout, createRandom("gates"));
    return { recurrent: flat.subarray(inputs * 16, 11 * 16), bias: [...flat.subarray(11 * 16)] };
  };
  const { recurrent, bias } = start(0);
  expect(bias).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (let gate = 0; gate < 4; gate++) {
    for (let a = 0; a < units; a++) {
      for (let b = 0; b < units; b++) {
        let product = 0;
        for (let row = 0; row < units; row++)
          product += recurrent[row * 16 + gate * 4 + a]! * recurrent[row * 16 + gate * 4 + b]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  }
  const chrono = start(50).bias;
  for (let unit = 0; unit < units; unit++) {
    expect(chrono[4 + unit]).toBeGreaterThan(0);
    expect(chrono[4 + unit]).toBeLessThan(Math.log(49));
    expect(chrono[unit]).toBe(-chrono[4 + unit]!);
    expect(chrono[8 + unit]).toBe(0);
  }
  expect(new Set(chrono.slice(4, 8)).size).toBe(units);
});
