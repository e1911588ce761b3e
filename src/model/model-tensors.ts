// A model's numbers as named tensors of a file: parameters part by part, and what its inputs are standardised by.
import type { RunningStatisticsState } from "../math/running-statistics.js";
import { sizeOf } from "../math/shape.js";
import type { StoredTensor, TensorValues } from "./safetensors.js";

/** A named part of a flat vector of parameters; the parts lie one after another. */
export interface ParameterPart {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Tensors that a file is made of; a name can be given once. */
export type TensorsOfFile = Map<string, StoredTensor>;

/** Put the parts of `flat`, views of it, into `file`, their names behind `prefix`. */
export function putParameters(
  file: TensorsOfFile,
  prefix: string,
  flat: Float32Array,
  parts: readonly ParameterPart[],
): void {
  let offset = 0;
  for (const { name, shape } of parts) {
    const end = offset + sizeOf(shape);
    putTensor(file, prefix + name, shape, flat.subarray(offset, end));
    offset = end;
  }
  if (offset !== flat.length)
    throw new Error(`the parts have ${offset} parameters, the vector ${flat.length}`);
}

/** Join the parts of a flat vector again; throws an Error where one is missing or of another shape. */
export function takeParameters(
  file: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  parts: readonly ParameterPart[],
): Float32Array {
  // else a short list could ask for more memory than the file has
  if (new Set(parts.map(({ name }) => name)).size < parts.length) throw new Error("two parts have one name");
  const taken = parts.map(({ name, shape }) => {
    const { shape: theirs, values } = takeTensor(file, prefix + name);
    if (!(values instanceof Float32Array) || theirs.join() !== shape.join())
      throw new Error(
        `tensor "${prefix}${name}" is a ${values.constructor.name} of shape [${theirs.join(", ")}], expected a Float32Array of shape [${shape.join(", ")}]`,
      );
    return values;
  });
  const flat = new Float32Array(taken.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const values of taken) {
    flat.set(values, offset);
    offset += values.length;
  }
  return flat;
}

/** Put the statistics that standardise an input into `file`, as float64: `<prefix>count`, `mean`, `variance` and what else there is. */
export function putStatistics(file: TensorsOfFile, prefix: string, state: RunningStatisticsState): void {
  const { count, mean, variance, floor, seen } = state;
  putTensor(file, `${prefix}count`, [], Float64Array.of(count));
  for (const [name, values] of Object.entries({ mean, variance, floor, seen }))
    if (values) putTensor(file, `${prefix}${name}`, [values.length], Float64Array.from(values));
}

/** Return statistics that `putStatistics` put; throws an Error where one is missing. */
export function takeStatistics(
  file: ReadonlyMap<string, StoredTensor>,
  prefix: string,
): RunningStatisticsState {
  const column = (name: string) => [...takeTensor(file, prefix + name).values];
  const known = (name: "floor" | "seen") => (file.has(prefix + name) ? { [name]: column(name) } : {});
  return {
    count: column("count")[0] ?? Number.NaN,
    mean: column("mean"),
    variance: column("variance"),
    ...known("floor"),
    ...known("seen"),
  };
}

/** Put one tensor into `file`; throws an Error where there is one of that name. */
export function putTensor(
  file: TensorsOfFile,
  name: string,
  shape: readonly number[],
  values: TensorValues,
): void {
  if (file.has(name)) throw new Error(`there are two tensors "${name}"`);
  file.set(name, { shape, values });
}

/** Return the tensor of this name; throws an Error where there is none. */
export function takeTensor(file: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor {
  const tensor = file.get(name);
  if (!tensor) throw new Error(`there is no tensor ${JSON.stringify(name.slice(0, 80))}`);
  return tensor;
}
