// Hugging Face's own reader takes our weights.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeSafetensors, type StoredTensor } from "../../src/model/safetensors.js";
import { temporaryFolder } from "../cli/command.js";

const python = process.env.ARMGYM_INTEROP_PYTHON;
const READ = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    print(json.dumps({
        "metadata": file.metadata(),
        "tensors": {name: [str(t.dtype), list(t.shape), t.tobytes().hex()] for name, t in tensors.items()},
    }))
`;

function whyNot(): string | undefined {
  if (!python) return "set ARMGYM_INTEROP_PYTHON to a Python that has safetensors and numpy";
  const { status } = spawnSync(python, ["-c", "import safetensors.numpy"]);
  return status === 0 ? undefined : `${python} lacks safetensors or numpy`;
}

const reason = whyNot();

test.skipIf(reason !== undefined)(
  `Python's safetensors reads every tensor, bit for bit, and the texts${reason ? ` (skipped: ${reason})` : ""}`,
  () => {
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
    const { stdout, stderr } = spawnSync(python!, ["-c", READ, file], { encoding: "utf8" });
    expect(stderr).toBe("");
    const dtypes = {
      Float32Array: "float32",
      Float64Array: "float64",
      Int32Array: "int32",
      Uint8Array: "uint8",
    };
    const expected = [...tensors].map(([name, { shape, values }]) => [
      name,
      [
        dtypes[values.constructor.name as keyof typeof dtypes],
        shape,
        Buffer.from(values.buffer).toString("hex"),
      ],
    ]);
    expect(JSON.parse(stdout)).toEqual({
      metadata: { format: "armgym-model", note: "ä" },
      tensors: Object.fromEntries(expected),
    });
  },
);
