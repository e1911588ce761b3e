// Read an ONNX file by hand, by the field numbers of onnx.proto3, without what wrote it.
import { message, type ProtobufFields, text } from "../../../math/protobuf-fields.js";

/** Return nodes, initializers and names of the outputs. */
export function readOnnx(onnx: Uint8Array) {
  const graph = message(message(onnx)[7]![0]);
  const list = (fields: ProtobufFields, number: number) => fields[number] ?? [];
  const nodes = list(graph, 1).map((node) => {
    const fields = message(node);
    return {
      input: list(fields, 1).map(text),
      output: list(fields, 2).map(text),
      type: text(fields[4]![0]),
      attributes: list(fields, 5).map((attribute) => message(attribute)),
    };
  });
  const initializers = list(graph, 5).map((tensor) => {
    const fields = message(tensor);
    return { name: text(fields[8]![0]), bytes: (fields[9]![0] as Uint8Array).length };
  });
  return { nodes, initializers, outputs: list(graph, 12).map((value) => text(message(value)[1]![0])) };
}
