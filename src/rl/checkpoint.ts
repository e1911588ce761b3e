// The file format of checkpoints: a trained model's weights, and beside them the optimiser, random streams and environments.
import { UsageError } from "../math/usage-error.js";
import {
  type ParameterPart,
  putParameters,
  putStatistics,
  putTensor,
  type TensorsOfFile,
  takeParameters,
  takeStatistics,
  takeTensor,
} from "../model/model-tensors.js";
import { isTensorValues, type Safetensors } from "../model/safetensors.js";
import { decodeSealed, encodeSealed } from "../model/sealed-safetensors.js";
import { decodeOldCheckpoint, isOldCheckpoint } from "./old-checkpoint.js";
import type { TrainingState } from "./training-state.js";

const FILE = {
  format: "armgym-checkpoint",
  what: "an armgym checkpoint",
  way: "Take another checkpoint of the run.",
};

/** Vectors of one number per parameter, by their path in the state, with the prefix of their parts' names. */
const FLAT: Readonly<Record<string, string>> = {
  "state/parameters": "",
  "state/firstMoment": "optimizer/first_moment/",
  "state/secondMoment": "optimizer/second_moment/",
  "state/best/parameters": "best/",
};
/** Statistics of what the policy observes, by their path, with the prefix of their names. */
const STATISTICS: Readonly<Record<string, string>> = {
  "state/statistics": "normalizer/observation/",
  "state/best/statistics": "best/normalizer/observation/",
};

/**
 * Encode a training's state as a safetensors file.
 *
 * The policy's parameters are tensors of their own names, those of the best policy behind "best/", Adam's moments behind
 * "optimizer/"; `normalizer/observation/mean` and so on standardise what is observed. All other arrays are tensors by their
 * path, "state/groups/0/memory"; what is no array stands, as JSON, in the text `state`.
 */
export function encodeCheckpoint(state: TrainingState, version: string): Promise<Uint8Array<ArrayBuffer>> {
  const tensors: TensorsOfFile = new Map();
  // a state that was read from a file of 0.1.0 does not have its parts
  const { parts = [{ name: "parameters", shape: [state.parameters.length] }] } = state;
  const json = JSON.stringify(referring(state, "state", parts, tensors));
  return encodeSealed(tensors, {
    format: FILE.format,
    version,
    parts: JSON.stringify(parts),
    state: json,
  });
}

/**
 * Decode a checkpoint, also one of 0.1.0, into its version and state, which is still to be validated.
 *
 * Throws a UsageError that names `file` where the bytes are damaged.
 */
export async function decodeCheckpoint(bytes: Uint8Array, file: string): Promise<unknown> {
  if (isOldCheckpoint(bytes)) return decodeOldCheckpoint(bytes, file);
  const decoded = await decodeSealed(bytes, file, FILE);
  try {
    return { version: decoded.metadata.version, state: stateOf(decoded) };
  } catch (error) {
    // a changed file may have a right checksum
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. ${FILE.way}`);
  }
}

/** A copy of plain data in which each array of numbers is a reference to the tensor that it became. */
function referring(
  value: unknown,
  path: string,
  parts: readonly ParameterPart[],
  tensors: TensorsOfFile,
): unknown {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (path in FLAT) {
    putParameters(tensors, FLAT[path]!, value as Float32Array, parts);
    return { $parameters: FLAT[path] };
  }
  if (path in STATISTICS) {
    putStatistics(tensors, STATISTICS[path]!, value as TrainingState["statistics"]);
    return { $statistics: STATISTICS[path] };
  }
  if (isTensorValues(value)) {
    putTensor(tensors, path, [value.length], value);
    return { $tensor: path };
  }
  const entry = (key: string, inner: unknown) => referring(inner, `${path}/${key}`, parts, tensors);
  if (Array.isArray(value)) return value.map((inner, k) => entry(String(k), inner));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, entry(key, inner)]));
}

function stateOf({ tensors, metadata }: Safetensors): unknown {
  const parts = partsOf(metadata.parts);
  // each is joined once, however often it is referred to
  const parameters = once((prefix) => takeParameters(tensors, prefix, parts));
  const statistics = once((prefix) => takeStatistics(tensors, prefix));
  return JSON.parse(metadata.state ?? "", (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$number" in value) return Number(value.$number);
    if ("$parameters" in value) return parameters(String(value.$parameters));
    if ("$statistics" in value) return statistics(String(value.$statistics));
    return "$tensor" in value ? takeTensor(tensors, String(value.$tensor)).values : value;
  });
}

function once<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const value = made.get(name) ?? make(name);
    made.set(name, value);
    return value;
  };
}

function partsOf(text: string | undefined): readonly ParameterPart[] {
  const parts: unknown = JSON.parse(text ?? "");
  const isPart = (part: unknown): part is ParameterPart =>
    typeof part === "object" &&
    part !== null &&
    typeof (part as ParameterPart).name === "string" &&
    Array.isArray((part as ParameterPart).shape);
  if (!Array.isArray(parts) || !parts.every(isPart))
    throw new Error("its parts are no list of names and shapes");
  return parts;
}
