// Matrix products.
import * as tf from "@tensorflow/tfjs-core";
import { reshape } from "../emit/onnx/layout.js";
import type { OnnxBuilder, OnnxTensor } from "../emit/onnx/onnx-builder.js";
import { broadcastShape } from "../graph/shapes.js";
import { type OnnxForm, type Operations, operation } from "./operation.js";

type Transposes = { readonly transposeA: boolean; readonly transposeB: boolean };

/** Products of matrices, one or many at once. */
export const PRODUCTS: Operations = {
  BatchMatMul: operation<Transposes>({
    inputs: ["a", "b"],
    accepts: { transposeA: "any", transposeB: "any" },
    attributes: (_, { transposeA = false, transposeB = false }) => ({ transposeA, transposeB }),
    shape: ([a, b], { transposeA, transposeB }) => {
      const [rows, columns] = [a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!];
      const batch = broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
      return { dtype: "float32", shape: [...batch, rows, columns] };
    },
    onnx: matMul,
    graphModel: (model, matrices, { transposeA: a, transposeB: b }, [output]) =>
      output!.shape.length === 2
        ? model.node("MatMul", matrices, output!, { transpose_a: a, transpose_b: b })
        : model.node("BatchMatMulV2", matrices, output!, { adj_x: a, adj_y: b }),
    gradient: {
      saves: { inputsToSave: ["a", "b"] },
      rule: (dy, saved, { transposeA, transposeB }) => {
        const [a, b] = saved as [tf.Tensor, tf.Tensor];
        return {
          a: () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
          b: () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
        };
      },
    },
  }),
};

/** A single product is a Gemm, which takes transposed operands; batches are transposed first. */
function matMul(...[onnx, [a, b], { transposeA, transposeB }, [output]]: Parameters<OnnxForm<Transposes>>) {
  const { shape } = output!;
  if ([...a!.shape.slice(0, -2), ...b!.shape.slice(0, -2)].every((length) => length === 1)) {
    const matrices = [reshape(onnx, a!, a!.shape.slice(-2)), reshape(onnx, b!, b!.shape.slice(-2))];
    const product = onnx.node("Gemm", matrices, shape.slice(-2), "float32", {
      transA: transposeA ? 1 : 0,
      transB: transposeB ? 1 : 0,
    });
    return reshape(onnx, product, shape);
  }
  const left = transposeA ? swapLast(onnx, a!) : a!;
  const right = transposeB ? swapLast(onnx, b!) : b!;
  return onnx.node("MatMul", [left, right], shape);
}

function swapLast(onnx: OnnxBuilder, x: OnnxTensor): OnnxTensor {
  const perm = x.shape.map((_, axis) => axis);
  const last = perm.length - 1;
  [perm[last], perm[last - 1]] = [last - 1, last];
  const shape = perm.map((axis) => x.shape[axis]!);
  return onnx.node("Transpose", [x], shape, "float32", { perm });
}
