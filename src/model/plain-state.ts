// Plain data with arrays in it as a sealed safetensors file: what a training goes on from.
import type { RunningStatisticsState } from "../math/running-statistics.js";
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
} from "./model-tensors.js";
import { isTensorValues, type Safetensors } from "./safetensors.js";
import { decodeSealed, encodeSealed } from "./sealed-safetensors.js";

/** A kind of such a file. */
export interface StateFormat {
  /** What its header says. */
  readonly format: string;
  /** What such a file is called: "an armgym checkpoint". */
  readonly what: string;
  /** A sentence: what to do where it is damaged. */
  readonly way: string;
  /** Vectors of one number per parameter, by their path in the state, with the prefix of their parts' names. */
  readonly flat: Readonly<Record<string, string>>;
  /** Statistics of what a model is given, by their path, with the prefix of their names. */
  readonly statistics: Readonly<Record<string, string>>;
}

/**
 * Encode a state; `parts` are those of its flat vectors.
 *
 * Flat vectors and statistics are tensors of the names that `format` gives them, all other arrays tensors by their path,
 * "state/groups/0/memory"; what is no array stands, as JSON, in the text `state`.
 */
export function encodePlainState(
  state: object,
  parts: readonly ParameterPart[],
  version: string,
  format: StateFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  const tensors: TensorsOfFile = new Map();
  const json = JSON.stringify(referring(state, "state", { parts, tensors, format }));
  return encodeSealed(tensors, {
    format: format.format,
    version,
    parts: JSON.stringify(parts),
    state: json,
  });
}

/**
 * Decode a state into its version and what is still to be validated.
 *
 * Throws a UsageError that names `file` where the bytes are damaged or of another format.
 */
export async function decodePlainState(
  bytes: Uint8Array,
  file: string,
  format: StateFormat,
): Promise<{ readonly version: string | undefined; readonly state: unknown }> {
  const decoded = await decodeSealed(bytes, file, format);
  try {
    return { version: decoded.metadata.version, state: stateOf(decoded) };
  } catch (error) {
    // a changed file may have a right checksum
    throw new UsageError(`${file} is damaged: ${(error as Error).message}. ${format.way}`);
  }
}

interface Writing {
  readonly parts: readonly ParameterPart[];
  readonly tensors: TensorsOfFile;
  readonly format: StateFormat;
}

/** A copy of plain data in which each array of numbers is a reference to the tensor that it became. */
function referring(value: unknown, path: string, writing: Writing): unknown {
  const { parts, tensors } = writing;
  const { flat, statistics } = writing.format;
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(flat, path)) {
    putParameters(tensors, flat[path]!, value as Float32Array, parts);
    return { $parameters: flat[path] };
  }
  if (Object.hasOwn(statistics, path)) {
    putStatistics(tensors, statistics[path]!, value as RunningStatisticsState);
    return { $statistics: statistics[path] };
  }
  if (isTensorValues(value)) {
    putTensor(tensors, path, [value.length], value);
    return { $tensor: path };
  }
  const entry = (key: string, inner: unknown) => referring(inner, `${path}/${key}`, writing);
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
