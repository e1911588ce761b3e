// Hugging Face's own reader takes our weights.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { encodeSafetensors, type StoredTensor } from "../../src/model/safetensors.js";
import { temporaryFolder } from "../cli/command.js";
import { interopTest, runScript } from "./python.js";

const DTYPES = {
  Float32Array: "float32",
  Float64Array: "float64",
  Int32Array: "int32",
  Uint8Array: "uint8",
};

interopTest(
  "Python's safetensors reads every tensor, bit for bit, and the texts",
  "safetensors",
  async () => {
    const tensors = new Map<string, StoredTensor>([
      [
        "actor/0/weights",
        { shape: [2, 3], values: Float32Array.of(1.5, -0, Number.NaN, Infinity, 1e-45, 3) },
      ],
      ["normalizer/observation/mean", { shape: [2], values: Float64Array.of(0.1 + 0.2, -3) }],
      ["count", { shape: [], values: Float64Array.of(5) }],
      ["order", { shape: [2], values: Int32Array.of(-7, 2 ** 30) }],
      ["seen", { shape: [3], values: Uint8Array.of(0, 1, 255) }],
    ]);
    const file = join(temporaryFolder(), "weights.safetensors");
    writeFileSync(file, encodeSafetensors(tensors, { format: "armgym-model", note: "ä" }));
    const expected = [...tensors].map(([name, { shape, values }]) => [
      name,
      [
        DTYPES[values.constructor.name as keyof typeof DTYPES],
        shape,
        Buffer.from(values.buffer).toString("hex"),
      ],
    ]);
    expect(JSON.parse(runScript("check_safetensors.py", [file]))).toEqual({
      metadata: { format: "armgym-model", note: "ä" },
      tensors: Object.fromEntries(expected),
    });
  },
);
