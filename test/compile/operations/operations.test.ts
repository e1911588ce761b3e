import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Arrays } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import type { TensorType } from "../../../src/compile/graph/graph.js";
import { OPERATION_NAMES, OPERATIONS } from "../../../src/compile/operations/table.js";
import type { TensorFunction } from "../../../src/compile/trace/trace.js";
import { createRandom, type Random } from "../../../src/math/random.js";
import { floatsOf, type OperationCase } from "./cases/draw.js";
import { OPERATION_CASES } from "./operation-cases.js";

const ROUNDS = 8;
const reference = await loadEngine("reference");
const native = await loadEngine("native");
const wasm = await loadEngine("wasm");
/** Where the reference's kernels gave other shapes or types than the shape rules say. */
const misshapen: string[] = [];
const asked = recordCalls();

/** Note with which attributes each kernel of the reference is called, and whether its shape rule is right. */
function recordCalls(): Map<string, Map<string, Set<string>>> {
  const calls = new Map<string, Map<string, Set<string>>>();
  for (const name of OPERATION_NAMES) {
    const config = tf.getKernel(name, "cpu");
    if (!config) throw new Error(`TensorFlow.js has no kernel ${name} for cpu`);
    tf.unregisterKernel(name, "cpu");
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => {
        const values = calls.get(name) ?? new Map<string, Set<string>>();
        calls.set(name, values);
        for (const [attribute, value] of Object.entries(call.attrs ?? {})) {
          values.set(attribute, (values.get(attribute) ?? new Set()).add(JSON.stringify(value)));
        }
        const outputs = config.kernelFunc(call);
        checkShapes(name, call, [outputs].flat());
        return outputs;
      },
    });
  }
  return calls;
}

function checkShapes(
  name: string,
  call: Parameters<tf.KernelFunc>[0],
  outputs: readonly tf.TensorInfo[],
): void {
  const { inputs: names, attributes, shape } = OPERATIONS[name]!;
  const given = Object.entries(call.inputs as tf.NamedTensorInfoMap);
  const inputs = names === "list" ? given.map(([, x]) => x) : names.map((wanted) => call.inputs[wanted]);
  const types = inputs as readonly TensorType[];
  const ruled = [shape(types, attributes?.(types, call.attrs ?? {}) ?? {})].flat();
  const written = (list: readonly { shape: readonly number[]; dtype: string }[]) =>
    list.map(({ dtype, shape: axes }) => `${dtype}[${axes}]`).join(", ");
  if (written(ruled) !== written(outputs))
    misshapen.push(
      `${name} of ${written(types)}: ${written(ruled)}, TensorFlow.js gives ${written(outputs)}`,
    );
}

/** Values all different, in a random order, none nearer to 0 or to another than `gap`. */
function drawArrays(
  { inputs, positive = false }: OperationCase,
  random: Random,
): { arrays: Arrays; gap: number } {
  const sizes = Object.entries(inputs).map(([name, { shape, dtype }]) => {
    return { name, dtype, size: shape.reduce((product, n) => product * n, 1) };
  });
  const count = sizes.reduce((sum, { size }) => sum + size, 0);
  const gap = (positive ? 1.8 : 4) / (count + 1);
  const steps = Array.from({ length: count }, (_, k) => (positive ? 0.2 : -2) + (k + 0.5) * gap);
  const arrays: Arrays = {};
  for (const { name, dtype, size } of sizes) {
    arrays[name] =
      dtype === "int32"
        ? Int32Array.from({ length: size }, () => random.integer(7) - 3)
        : Float32Array.from({ length: size }, () => steps.splice(random.integer(steps.length), 1)[0]!);
  }
  return { arrays, gap };
}

/** The function's output and the gradients of its sum, weighted so that all entries count differently. */
function withGradients({ inputs, fn }: OperationCase, by: readonly string[]): TensorFunction {
  return (given) => {
    const { y } = fn(given);
    if (by.length === 0) return { y: y! };
    const weights = tf.tensor(weightsOf(y!.size), y!.shape);
    const loss = (...chosen: tf.Tensor[]) => {
      const changed = Object.fromEntries(by.map((name, k) => [name, chosen[k]!]));
      const ordered = Object.keys(inputs).map((name) => [name, changed[name] ?? given[name]!]);
      return tf.sum(tf.mul(fn(Object.fromEntries(ordered)).y!, weights)) as tf.Scalar;
    };
    const gradients = tf.grads(loss)(by.map((name) => given[name]!));
    return { y: y!, ...Object.fromEntries(by.map((name, k) => [`d_${name}`, gradients[k]!])) };
  };
}

function weightsOf(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, k) => 1.5 + Math.sin(k + 1));
}

const cases = Object.entries(OPERATION_CASES).flatMap(([name, draws]) =>
  draws.map((draw, index) => [`${name}, case ${index + 1}`, draw] as const),
);

test.each(cases)(
  "%s: compiled, value and gradient equal eager ones and finite differences",
  async (title, draw) => {
    for (let round = 0; round < ROUNDS; round++) {
      const seed = `${title}, round ${round}`;
      const random = createRandom(seed);
      const drawn = draw(random);
      const { inputs, fn } = drawn;
      const by = floatsOf(drawn);
      const { arrays, gap } = drawArrays(drawn, random);
      const whole = withGradients(drawn, by);
      const expected = await (await reference.compile(whole, inputs)).run(arrays);
      // WebAssembly runs the same nodes by other builds of the same kernels
      for (const engine of round === 0 ? [native, wasm] : [native]) {
        const compiled = await engine.compile(whole, inputs);
        const actual = await compiled.run(arrays);
        await compiled.dispose();
        for (const [output, wanted] of Object.entries(expected)) {
          const where = `${output} on ${engine.name} (seed "${seed}")`;
          const scale = Math.max(1, ...Array.from(wanted, Math.abs));
          expect(actual[output], `length of ${where}`).toHaveLength(wanted.length);
          const worst = Math.max(
            0,
            ...Array.from(wanted, (value, k) => Math.abs(value - actual[output]![k]!)),
          );
          expect(worst / scale, where).toBeLessThanOrEqual(1e-5);
        }
      }
      const forward = await reference.compile(fn, inputs);
      const loss = async (changed: Arrays) => {
        const { y } = await forward.run(changed);
        const weights = weightsOf(y!.length);
        return Array.from(y!).reduce((sum, value, k) => sum + value * weights[k]!, 0);
      };
      const here = await loss(arrays);
      for (const name of by) {
        for (let tries = 0; tries < 4; tries++) {
          const entry = random.integer(arrays[name]!.length);
          // to both sides: at a kink, or where it bends, the gradient lies between
          const slopes: number[] = [];
          for (const step of [-1, 1]) {
            const changed = arrays[name]!.slice();
            changed[entry]! += step * Math.min(0.004, gap / 4);
            const rise = (await loss({ ...arrays, [name]: changed })) - here;
            slopes.push(rise / (changed[entry]! - arrays[name]![entry]!));
          }
          const gradient = expected[`d_${name}`]![entry]!;
          const tolerance = 0.02 * Math.max(1, ...slopes.map(Math.abs));
          const message = `slope by ${name}[${entry}], by finite differences ${slopes.join(" and ")} (seed "${seed}")`;
          expect(gradient, message).toBeGreaterThan(Math.min(...slopes) - tolerance);
          expect(gradient, message).toBeLessThan(Math.max(...slopes) + tolerance);
        }
      }
    }
  },
);

test("every operation that can be compiled has a case, and every attribute of it was tried with several values", () => {
  expect(Object.keys(OPERATION_CASES).sort()).toEqual(OPERATION_NAMES);
  const missing: string[] = [];
  for (const [name, { accepts }] of Object.entries(OPERATIONS)) {
    const seen = asked.get(name);
    if (!seen) missing.push(`${name} was never called`);
    for (const [attribute, range] of Object.entries(accepts)) {
      const values = seen?.get(attribute) ?? new Set();
      if (range === "any") {
        if (values.size < 2) missing.push(`${name}.${attribute} had only ${[...values].join()}`);
        continue;
      }
      const untried = range.filter((value) => !values.has(JSON.stringify(value)));
      if (untried.length > 0) missing.push(`${name}.${attribute} never was ${untried.join()}`);
    }
    const unmapped = [...(seen?.keys() ?? [])].filter((attribute) => !(attribute in accepts));
    if (unmapped.length > 0) missing.push(`${name} does not know its attributes ${unmapped.join()}`);
  }
  expect(missing).toEqual([]);
});

test("shape rules give the shapes and types that TensorFlow.js gives", () => {
  // of every call that the cases and their gradients made
  expect([...new Set(misshapen)]).toEqual([]);
});
