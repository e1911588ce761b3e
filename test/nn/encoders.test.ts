import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Arrays } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { createRandom } from "../../src/math/random.js";
import { type ImageShape, natureEncoder, natureSpecs } from "../../src/nn/convolution.js";
import { initializeParameters, parameterLayout, splitParameters } from "../../src/nn/parameters.js";
import { patchEncoder, patchEncoderSpecs, patchOrder } from "../../src/nn/patch-encoder.js";

const native = await loadEngine("native");
const random = createRandom("encoders");

test("patch order goes block by block, patch by patch, row by row, and takes every byte once", () => {
  const order = patchOrder([16, 48, 3]);
  expect([...new Set(order)]).toHaveLength(16 * 48 * 3);
  // the second row of the first patch
  expect([...order.subarray(24, 27)]).toEqual([144, 145, 146]);
  // the second patch starts 8 pixels to the right, the third 8 rows down, the second block 16 pixels to the right
  expect([order[192], order[2 * 192], order[4 * 192]]).toEqual([24, 8 * 144, 48]);
  expect(() => patchOrder([24, 32, 1])).toThrow("an image of 24 x 32 pixels cannot be cut into blocks of 16");
});

/** What both encoders are tested with: images as bytes, gradient of a weighted sum of the features. */
async function gradientErrors(
  specs: ReturnType<typeof natureSpecs>,
  imageShape: readonly number[],
  encode: (images: tf.Tensor, parameters: Record<string, tf.Tensor>) => tf.Tensor,
) {
  const layout = parameterLayout(specs);
  const weights = Float32Array.from({ length: imageShape[0]! * 5 }, () => random.normal());
  const value = (flat: tf.Tensor, images: tf.Tensor) =>
    tf.sum(
      tf.mul(
        encode(images, splitParameters(flat as tf.Tensor1D, layout)),
        tf.tensor2d(weights, [imageShape[0]!, 5]),
      ),
    ) as tf.Scalar;
  const compiled = await native.compile(
    ({ parameters, images }) => ({
      loss: value(parameters!, images!),
      gradient: tf.grad((flat) => value(flat, images!))(parameters!),
    }),
    { parameters: { shape: [layout.total] }, images: { shape: imageShape, dtype: "uint8" } },
  );
  const length = imageShape.reduce((product, n) => product * n, 1);
  const images = Uint8Array.from({ length }, () => random.integer(256));
  const parameters = initializeParameters(layout, random).map((p) => p + 0.02 * random.normal());
  const { gradient } = await compiled.run({ parameters, images });
  const errors: Record<string, number> = {};
  let offset = 0;
  for (const [index, { name }] of layout.specs.entries()) {
    const end = offset + layout.sizes[index]!;
    // along the gradient in a random half of this part: a short way, so that few units pass their kink
    const isSmall = end - offset < 50;
    const inPart = (k: number) => k >= offset && k < end && (isSmall || random.uniform() < 0.5);
    const way = Float32Array.from(gradient!, (entry, k) => (inPart(k) ? entry : 0));
    const length = Math.hypot(...way);
    const losses: number[] = [];
    for (const change of [1e-2, -1e-2]) {
      const moved = parameters.map((p, k) => p + (change * way[k]!) / length);
      losses.push((await compiled.run({ parameters: moved, images })).loss![0]!);
    }
    errors[name] = Math.abs((losses[0]! - losses[1]!) / 2e-2 / length - 1);
    offset = end;
  }
  return errors;
}

test("the patch encoder equals plain loops over the image", async () => {
  const shape: ImageShape = [16, 32, 3];
  const layout = parameterLayout(patchEncoderSpecs("e", shape, 5));
  const parameters = initializeParameters(layout, random).map((p) => p + 0.05 * random.normal());
  const image = Uint8Array.from({ length: 16 * 32 * 3 }, () => random.integer(256));
  const compiled = await native.compile(
    (tensors) => ({
      features: patchEncoder(
        tensors.images as tf.Tensor2D,
        shape,
        splitParameters(tensors.parameters as tf.Tensor1D, layout),
        "e",
      ),
    }),
    { parameters: { shape: [layout.total] }, images: { shape: [1, image.length], dtype: "uint8" } },
  );
  const { features } = await compiled.run({
    parameters,
    images: image.map((_, k) => image[patchOrder(shape)[k]!]!),
  });
  const parts: Record<string, Float32Array> = {};
  let offset = 0;
  for (const [k, { name }] of layout.specs.entries()) {
    parts[name] = parameters.subarray(offset, offset + layout.sizes[k]!);
    offset += layout.sizes[k]!;
  }
  const layer = (x: number[], index: number) => {
    const [weight, bias] = [parts[`e/${index}/0/weight`]!, parts[`e/${index}/0/bias`]!];
    return Array.from(bias, (b, o) =>
      Math.max(
        0,
        x.reduce((sum, value, i) => sum + value * weight[i * bias.length + o]!, b),
      ),
    );
  };
  const blocks: number[] = [];
  for (const left of [0, 16]) {
    const patches: number[] = [];
    for (const [dy, dx] of [
      [0, 0],
      [0, 8],
      [8, 0],
      [8, 8],
    ]) {
      const pixels: number[] = [];
      for (let y = 0; y < 8; y++)
        for (let k = 0; k < 24; k++) pixels.push((image[(dy! + y) * 96 + (left + dx!) * 3 + k]! - 150) / 64);
      patches.push(...layer(pixels, 0));
    }
    blocks.push(...layer(patches, 1));
  }
  for (const [k, wanted] of layer(blocks, 2).entries()) expect(features![k]).toBeCloseTo(wanted, 3);
});

test("the patch encoder's compiled gradient equals finite differences", async () => {
  const shape: ImageShape = [32, 16, 2];
  const errors = await gradientErrors(
    patchEncoderSpecs("e", shape, 5),
    [3, 32 * 16 * 2],
    (images, parameters) => patchEncoder(images as tf.Tensor2D, shape, parameters, "e"),
  );
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(0.05);
});

test("the Nature-CNN's compiled gradient equals finite differences", async () => {
  const shape: ImageShape = [36, 44, 3];
  const errors = await gradientErrors(natureSpecs("e", shape, 5), [2, 36, 44, 3], (images, parameters) =>
    natureEncoder(images as tf.Tensor4D, parameters, "e"),
  );
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(0.05);
});

test("both encoders give the same on the compiled and on the eager engine", async () => {
  const shape: ImageShape = [48, 48, 3];
  for (const kind of ["nature", "patch"] as const) {
    const layout = parameterLayout(
      kind === "nature" ? natureSpecs("e", shape, 7) : patchEncoderSpecs("e", shape, 7),
    );
    const imageShape = kind === "nature" ? [1, ...shape] : [1, 48 * 48 * 3];
    const inputs: Arrays = {
      parameters: initializeParameters(layout, random),
      images: Uint8Array.from({ length: 48 * 48 * 3 }, () => random.integer(256)),
    };
    const results = await Promise.all(
      ["native", "reference"].map(async (name) => {
        const compiled = await (await loadEngine(name)).compile(
          ({ parameters, images }) => {
            const parts = splitParameters(parameters as tf.Tensor1D, layout);
            return {
              features:
                kind === "nature"
                  ? natureEncoder(images as tf.Tensor4D, parts, "e")
                  : patchEncoder(images as tf.Tensor2D, shape, parts, "e"),
            };
          },
          { parameters: { shape: [layout.total] }, images: { shape: imageShape, dtype: "uint8" } },
        );
        return compiled.run(inputs);
      }),
    );
    for (const [k, value] of results[1]!.features!.entries())
      expect(results[0]!.features![k], `${kind} ${k}`).toBeCloseTo(value, 4);
  }
});
