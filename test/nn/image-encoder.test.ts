import type * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { imageEncoder } from "../../src/nn/image-encoder.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";

const SEED = "image encoder";
const random = createRandom(SEED);

test("the graph brings images of unequal sides into the same order as the lookup table", async () => {
  const encoder = imageEncoder("patch", "e", [32, 48, 2], 5);
  const size = 32 * 48 * 2;
  const images = Uint8Array.from({ length: 3 * size }, () => random.integer(256));
  const wanted = images.map((_, k) => images[k - (k % size) + encoder.order![k % size]!]!);
  for (const name of ["native", "reference"]) {
    const arrange = await (await loadEngine(name)).compile(
      (inputs) => ({ arranged: encoder.arrange!(inputs.images as tf.Tensor2D) }),
      { images: { shape: [3, size], dtype: "uint8" } },
    );
    expect(Uint8Array.from((await arrange.run({ images })).arranged!), name).toEqual(wanted);
  }
});

test.each(["patch", "nature"] as const)(
  "the %s encoder says the same of bytes and of floats",
  async (name) => {
    const encoder = imageEncoder(name, "e", [48, 64, 3], 7);
    const layout = parameterLayout(encoder.specs);
    const shape = [2, 48 * 64 * 3];
    const bytes = Uint8Array.from({ length: 2 * shape[1]! }, () => random.integer(256));
    const native = await loadEngine("native");
    const features = async (dtype: "uint8" | "float32", images: Uint8Array | Float32Array) => {
      const compiled = await native.compile(
        (inputs) => ({
          features: encoder.apply(
            inputs.images as tf.Tensor2D,
            splitParameters(inputs.parameters as tf.Tensor1D, layout),
          ),
        }),
        { parameters: { shape: [layout.total] }, images: { shape, dtype } },
      );
      const parameters = initializeParameters(layout, createRandom(`${SEED}/parameters`));
      return (await compiled.run({ parameters, images })).features!;
    };
    const seen = await features("uint8", bytes);
    expect(seen).toHaveLength(2 * 7);
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(await features("float32", Float32Array.from(bytes))).toEqual(seen);
  },
);

test("images that an encoder cannot take are refused with the sizes that it can", () => {
  expect(() => imageEncoder("patch", "e", [64, 60, 3], 5)).toThrow(
    'The image has 60 x 64 pixels; the encoder "patch" takes sides that are multiples of 16. ' +
      "Set the cameras' width and height to such, for example 64, or encoder=nature.",
  );
  expect(() => imageEncoder("nature", "e", [32, 64, 3], 5)).toThrow(
    'The image has 64 x 32 pixels; the encoder "nature" takes at least 36 x 36. ' +
      "Set the cameras' width and height to more, for example 64.",
  );
});
