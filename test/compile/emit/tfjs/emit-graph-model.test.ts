// GraphModels as the real @tensorflow/tfjs-converter loads and runs them.
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { emitGraphModel } from "../../../../src/compile/emit/tfjs/emit-graph-model.js";
import type { Arrays } from "../../../../src/compile/engines/engine.js";
import { loadEngine } from "../../../../src/compile/engines/load-engine.js";
import { OPERATIONS } from "../../../../src/compile/operations/table.js";
import { type TensorSpecs, traceGraph } from "../../../../src/compile/trace/trace.js";
import { createRandom, type Random } from "../../../../src/math/random.js";
import { UsageError } from "../../../../src/math/usage-error.js";
import type { OperationCase } from "../../operations/cases/draw.js";
import { OPERATION_CASES } from "../../operations/operation-cases.js";
import { installedRuntime } from "./installed-runtime.js";

const ROUNDS = 6;
const reference = await loadEngine("reference");
const runtime = await installedRuntime();
/** Operations that some case's graph held. */
const written = new Set<string>();

function drawArrays({ inputs, positive }: OperationCase, random: Random): Arrays {
  const draw = ([name, { shape, dtype }]: [string, TensorSpecs[string]]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    if (dtype === "int32") return [name, Int32Array.from({ length }, () => random.integer(7) - 3)] as const;
    return [name, Float32Array.from({ length }, () => random.uniform(positive ? 0.2 : -2, 2))] as const;
  };
  return Object.fromEntries(Object.entries(inputs).map(draw));
}

const cases = Object.entries(OPERATION_CASES).flatMap(([name, draws]) =>
  draws.map((draw, index) => ({ title: `${name}, case ${index + 1}`, name, draw })),
);
const hasForm = (name: string) => typeof OPERATIONS[name]!.graphModel === "function";

/** Tell whether an operation has a form, or needs none. */
const isWritten = (name: string) => {
  const { fill, values, isCopy } = OPERATIONS[name]!;
  return hasForm(name) || (fill ?? values ?? isCopy) !== undefined;
};

test.each(cases.filter(({ name }) => isWritten(name)))(
  "$title: a GraphModel computes what TensorFlow.js does, bit by bit",
  async ({ title, draw }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = createRandom(`graph model: ${title}, round ${round}`);
      const drawn = draw(random);
      const arrays = drawArrays(drawn, random);
      const graph = traceGraph(drawn.fn, drawn.inputs);
      for (const { operation } of graph.nodes) written.add(operation);
      const model = await runtime.loadGraphModel(emitGraphModel(graph), drawn.inputs);
      const { y } = await model.run(arrays);
      await model.dispose();
      const expected = await (await reference.compile(drawn.fn, drawn.inputs)).run(arrays);
      expect(y, `round ${round}`).toEqual(expected.y);
    }
  },
);

test("every form was tried", () => {
  expect(Object.keys(OPERATIONS).filter((name) => hasForm(name) && !written.has(name))).toEqual([]);
});

test("an operation without a form is refused by its name", () => {
  const lacking = Object.entries(OPERATIONS).flatMap(([name, { graphModel }]) =>
    "none" in graphModel ? [[name, graphModel.none]] : [],
  );
  expect(Object.fromEntries(lacking)).toEqual({
    Identity: "a copy needs no node",
    Fill: "the tracer makes it a constant",
    ZerosLike: "the tracer makes it a constant",
    OnesLike: "the tracer makes it a constant",
    Range: "the tracer makes it a constant",
    UnsortedSegmentSum: "TensorFlow.js's GraphModels have no sums of segments",
    Conv2DBackpropFilter: "TensorFlow.js's GraphModels have no gradient of a convolution's filter",
    DepthwiseConv2dNativeBackpropInput:
      "TensorFlow.js's GraphModels have no gradient of a convolution of single channels",
    DepthwiseConv2dNativeBackpropFilter:
      "TensorFlow.js's GraphModels have no gradient of a convolution of single channels",
    MaxPoolGrad: "TensorFlow.js's GraphModels have no gradient of pooling",
    AvgPoolGrad: "TensorFlow.js's GraphModels have no gradient of pooling",
  });
  const slope = traceGraph(
    ({ x }) => ({ y: tf.grad((image) => tf.maxPool(image as tf.Tensor4D, 2, 2, "valid"))(x!) }),
    { x: { shape: [1, 4, 6, 1] } },
  );
  expect(() => emitGraphModel(slope)).toThrow(
    new UsageError(
      "MaxPoolGrad cannot be written as a TensorFlow.js GraphModel: TensorFlow.js's GraphModels have no gradient of pooling.",
    ),
  );
});

test("inputs, outputs and metadata stand in model.json; several outputs come by name, bytes are int32", async () => {
  const inputs = {
    image: { shape: [1, 2, 3, 1], dtype: "uint8" as const },
    gain: { shape: [] },
  };
  const graph = traceGraph(
    ({ image, gain }) => ({
      bright: tf.mul(image!, gain!),
      sum: tf.sum(image!),
      row: tf.unstack(image!, 1)[1]!,
    }),
    inputs,
  );
  const { modelJson, weights } = emitGraphModel(graph, { note: "a test's" });
  const { format, signature, userDefinedMetadata, weightsManifest } = JSON.parse(modelJson);
  const tensorShape = { dim: [1, 2, 3, 1].map((size) => ({ size: String(size) })) };
  expect([format, userDefinedMetadata]).toEqual([
    "graph-model",
    { note: "a test's", structuredOutputKeys: ["bright", "sum", "row"] },
  ]);
  expect(signature.inputs).toEqual({
    image: { name: "image:0", dtype: "DT_INT32", tensorShape },
    gain: { name: "gain:0", dtype: "DT_FLOAT", tensorShape: { dim: [] } },
  });
  expect(Object.keys(signature.outputs)).toEqual(["bright", "sum", "row"]);
  expect(weightsManifest[0].paths).toEqual(["weights.bin"]);
  const bytes = { float32: 4, int32: 4, bool: 1 };
  const listed = (weightsManifest[0].weights as { dtype: keyof typeof bytes; shape: number[] }[]).map(
    ({ dtype, shape }) => bytes[dtype] * shape.reduce((product, n) => product * n, 1),
  );
  expect(weights.length).toBe(listed.reduce((sum, size) => sum + size, 0));
  const model = await runtime.loadGraphModel({ modelJson, weights }, inputs);
  const given = await model.run({ image: Uint8Array.of(1, 2, 3, 40, 50, 255), gain: Float32Array.of(0.5) });
  expect(given).toEqual({
    bright: Float32Array.of(0.5, 1, 1.5, 20, 25, 127.5),
    sum: Float32Array.of(351),
    row: Float32Array.of(40, 50, 255),
  });
});
