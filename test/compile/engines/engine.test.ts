import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Arrays } from "../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import type { TensorFunction, TensorSpecs } from "../../../src/compile/trace/trace.js";
import { traceToOnnx } from "../../../src/compile/trace-to-onnx.js";
import { createRandom } from "../../../src/math/random.js";
import { lstmCell } from "../../../src/nn/lstm.js";

interface Case {
  readonly inputs: TensorSpecs;
  readonly fn: TensorFunction;
}

/** Loss and gradients of a convolution, pooled, as functions of image and filter. */
function convolution(stride: number, pad: "valid" | "same", size: number): Case {
  return {
    inputs: { x: { shape: [2, 9, 7, 3] }, filter: { shape: [size, size, 3, 5] } },
    fn: ({ x, filter }) => {
      const loss = (image: tf.Tensor, kernel: tf.Tensor) => {
        const y = tf.relu(tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad));
        return tf.sum(tf.mul(tf.square(y), 0.5)) as tf.Scalar;
      };
      const [dx, dfilter] = tf.grads(loss)([x!, filter!]);
      return {
        y: tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad),
        dx: dx!,
        dfilter: dfilter!,
      };
    },
  };
}

function pooling(size: number, stride: number, pad: "valid" | "same"): Case {
  return {
    inputs: { x: { shape: [2, 7, 8, 3] } },
    fn: ({ x }) => {
      const pool = (image: tf.Tensor) => tf.maxPool(image as tf.Tensor4D, size, stride, pad);
      const loss = (image: tf.Tensor) => tf.sum(tf.square(pool(image))) as tf.Scalar;
      return { y: pool(x!), dx: tf.grad(loss)(x!) };
    },
  };
}

const CASES: Record<string, Case> = {
  "arithmetic with broadcasting": {
    inputs: { a: { shape: [3, 4] }, b: { shape: [4] } },
    fn: ({ a, b }) => ({
      sum: tf.add(a!, b!),
      quotient: tf.div(a!, tf.add(tf.square(b!), 1)),
      power: tf.pow(tf.add(tf.abs(a!), 0.1), tf.abs(b!)),
      extremes: tf.sub(tf.maximum(a!, b!), tf.minimum(a!, b!)),
      chosen: tf.where(tf.greater(a!, b!), a!, tf.neg(tf.mul(a!, 2))),
      clipped: tf.clipByValue(a!, -0.3, 0.4),
    }),
  },
  "activations and their gradients": {
    inputs: { x: { shape: [5, 3] } },
    fn: ({ x }) => {
      const loss = (v: tf.Tensor) => {
        const parts = [
          tf.tanh(v),
          tf.relu(v),
          tf.sigmoid(v),
          tf.softplus(v),
          tf.exp(v),
          tf.log(tf.add(tf.square(v), 1)),
        ];
        return tf.sum(tf.addN(parts.map((part) => tf.mul(part, part)))) as tf.Scalar;
      };
      return { dx: tf.grad(loss)(x!), softmax: tf.softmax(x as tf.Tensor2D) };
    },
  },
  "reductions and reshapes": {
    inputs: { x: { shape: [2, 3, 4] } },
    fn: ({ x }) => ({
      sum: tf.sum(x!, 1),
      mean: tf.mean(x!, [0, 2], true),
      max: tf.max(x!, -1),
      transposed: tf.transpose(x!, [2, 0, 1]),
      tiled: tf.tile(x!, [1, 2, 1]),
      unchanged: tf.reshape(x!, [2, 3, 4]),
      part: tf.slice(x!, [0, 1, 1], [2, 2, -1]),
      padded: tf.pad(
        x!,
        [
          [0, 0],
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
      joined: tf.concat([x!, x!], 2),
    }),
  },
  "stack and unstack with gradients": {
    inputs: { x: { shape: [4, 2, 3] } },
    fn: ({ x }) => {
      const loss = (v: tf.Tensor) => {
        const steps = tf.unstack(v, 0);
        return tf.sum(
          tf.stack(
            steps.map((step, t) => tf.mul(tf.square(step), t + 1)),
            1,
          ),
        ) as tf.Scalar;
      };
      return { dx: tf.grad(loss)(x!), stacked: tf.stack(tf.unstack(x!, 1), 2) };
    },
  },
  "batched matrix products with gradients": {
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [2, 5, 4] } },
    fn: ({ a, b }) => {
      const loss = (p: tf.Tensor, q: tf.Tensor) =>
        tf.sum(tf.square(tf.matMul(p, q, false, true))) as tf.Scalar;
      const [da, db] = tf.grads(loss)([a!, b!]);
      return { da: da!, db: db! };
    },
  },
  "an LSTM over three steps with gradients": {
    inputs: { x: { shape: [3, 2, 5] }, weight: { shape: [5, 16] }, recurrent: { shape: [4, 16] } },
    fn: ({ x, weight, recurrent }) => {
      const loss = (inputs: tf.Tensor, w: tf.Tensor, u: tf.Tensor) => {
        const flat = tf.matMul(tf.reshape(inputs, [6, 5]), w as tf.Tensor2D);
        let state: readonly tf.Tensor2D[] = [tf.zeros([2, 4]), tf.zeros([2, 4])];
        for (const step of tf.unstack(tf.reshape(flat, [3, 2, 16]), 0)) {
          state = lstmCell.step(step as tf.Tensor2D, state, u as tf.Tensor2D);
        }
        return tf.sum(tf.square(state[0]!)) as tf.Scalar;
      };
      const [dx, dw, du] = tf.grads(loss)([x!, weight!, recurrent!]);
      return { dx: dx!, dw: dw!, du: du! };
    },
  },
  "bytes become numbers": {
    inputs: { image: { shape: [2, 3], dtype: "uint8" } },
    fn: ({ image }) => ({ scaled: tf.div(image!, 255) }),
  },
  "two convolutions of bytes with biases, and their gradients": {
    inputs: {
      image: { shape: [2, 240], dtype: "uint8" },
      first: { shape: [4, 3, 3, 4] },
      second: { shape: [2, 2, 4, 5] },
      bias: { shape: [4] },
      scale: { shape: [2, 3, 3, 4] },
    },
    fn: ({ image, first, second, bias, scale }) => {
      const pixels = tf.reshape(tf.div(image!, 255), [2, 10, 8, 3]) as tf.Tensor4D;
      const hidden = (filter: tf.Tensor, offset: tf.Tensor) =>
        tf.relu(tf.add(tf.conv2d(pixels, filter as tf.Tensor4D, [3, 2], "valid"), offset)) as tf.Tensor4D;
      const loss = (filter: tf.Tensor, next: tf.Tensor, offset: tf.Tensor) => {
        const mixed = tf.mul(hidden(filter, offset), scale!) as tf.Tensor4D;
        return tf.sum(tf.square(tf.conv2d(mixed, next as tf.Tensor4D, 1, "valid"))) as tf.Scalar;
      };
      const [dfirst, dsecond, dbias] = tf.grads(loss)([first!, second!, bias!]);
      const raw = tf.reshape(image!, [2, 10, 8, 3]) as tf.Tensor4D;
      return {
        dfirst: dfirst!,
        dsecond: dsecond!,
        dbias: dbias!,
        hidden: tf.reshape(hidden(first!, bias!), [2, -1]),
        turned: tf.transpose(tf.transpose(raw, [0, 3, 1, 2]), [3, 0, 1, 2]),
        columns: tf.sum(tf.conv2d(raw, first as tf.Tensor4D, [3, 2], "valid"), [1, 3]),
      };
    },
  },
  "convolution, stride 1, same": convolution(1, "same", 3),
  "convolution, stride 2, valid": convolution(2, "valid", 3),
  "convolution, stride 2, same": convolution(2, "same", 3),
  "convolution, stride 3, valid": convolution(3, "valid", 4),
  "convolution, stride 4, same": convolution(4, "same", 5),
  "max pool, 2 by 2, valid": pooling(2, 2, "valid"),
  "max pool, 3 by 3 overlapping, same": pooling(3, 2, "same"),
};

test.each(Object.entries(CASES))(
  "%s: native and wasm equal TensorFlow.js cpu to 1e-5",
  async (name, { inputs, fn }) => {
    const random = createRandom(name);
    const arrays: Arrays = Object.fromEntries(
      Object.entries(inputs).map(([input, { shape, dtype }]) => {
        const length = shape.reduce((product, n) => product * n, 1);
        if (dtype === "uint8") return [input, Uint8Array.from({ length }, () => random.integer(256))];
        return [input, Float32Array.from({ length }, () => random.normal())];
      }),
    );
    const reference = await (await loadEngine("reference")).compile(fn, inputs);
    const expected = await reference.run(arrays);
    for (const engineName of ["native", "wasm"]) {
      const compiled = await (await loadEngine(engineName)).compile(fn, inputs);
      const actual = await compiled.run(arrays);
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
      for (const output in expected) {
        const wanted = expected[output]!;
        const scale = Math.max(1, ...Array.from(wanted, Math.abs));
        const worst = Math.max(...Array.from(wanted, (value, k) => Math.abs(value - actual[output]![k]!)));
        expect(worst / scale, `${engineName} ${output} (seed "${name}")`).toBeLessThanOrEqual(1e-5);
      }
      await compiled.dispose();
    }
  },
);

test("a tensor that the function captures becomes a constant of the graph", async () => {
  await loadEngine("reference");
  await tf.setBackend("cpu");
  const weights = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const engine = await loadEngine("native");
  const compiled = await engine.compile(({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, weights) }), {
    x: { shape: [1, 2] },
  });
  expect([...(await compiled.run({ x: Float32Array.of(1, 10) })).y!]).toEqual([41, 52, 63]);
  const again = await engine.compile(({ x }) => ({ y: tf.matMul(tf.neg(x!) as tf.Tensor2D, weights) }), {
    x: { shape: [1, 2] },
  });
  expect([...(await again.run({ x: Float32Array.of(1, 10) })).y!]).toEqual([-41, -52, -63]);
  expect([...tf.neg(weights).dataSync()]).toEqual([-1, -2, -3, -4, -5, -6]);
});

test("wrong inputs, damaged models and unknown engines are refused by name", async () => {
  const engine = await loadEngine("native");
  const compiled = await engine.compile(({ x }) => ({ y: tf.neg(x!) }), { x: { shape: [2, 3] } });
  await expect(compiled.run({ x: new Float32Array(5) })).rejects.toThrow(
    'Input "x" is Float32Array of 5, expected Float32Array of 6 ([2, 3]).',
  );
  await expect(compiled.run({})).rejects.toThrow(
    'Input "x" is missing, expected Float32Array of 6 ([2, 3]).',
  );
  await expect(engine.load(Uint8Array.of(1, 2, 3))).rejects.toThrow(/^The ONNX model cannot be opened: /);
  await expect(loadEngine("natve")).rejects.toThrow(
    'Unknown engine "natve". Did you mean "native"? Engines are: native, wasm, tensorflow, reference.',
  );
});

test("a model written to bytes runs the same after loading", async () => {
  const fn: TensorFunction = ({ x }) => ({ y: tf.tanh(tf.mul(x!, 0.7)) });
  const engine = await loadEngine("native");
  const x = Float32Array.of(0.1, -2, 3);
  const direct = await (await engine.compile(fn, { x: { shape: [3] } })).run({ x });
  const loaded = await engine.load(traceToOnnx(fn, { x: { shape: [3] } }));
  expect(loaded.inputs).toEqual({ x: { shape: [3], dtype: "float32" } });
  expect(await loaded.run({ x })).toEqual(direct);
});

test("a reshape to the shape that is there costs nothing: it is no node of the model", () => {
  const model = (shape: number[]) =>
    Buffer.from(
      traceToOnnx(({ x }) => ({ y: tf.neg(tf.reshape(tf.neg(x!), shape)) }), { x: { shape: [2, 3] } }),
    ).toString("latin1");
  expect(model([2, 3])).not.toContain("Reshape");
  expect(model([3, 2])).toContain("Reshape");
});
