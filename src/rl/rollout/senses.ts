// What a policy is given of observations, as the arrays that its compiled function takes.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";
import type { Observation } from "../../env/observation.js";

/** Holds what a compiled policy reads, for as many environments as it takes. */
export class Senses {
  /** Inputs of the compiled function: `observations` and, of a policy that sees, `images`. */
  readonly inputs: Arrays;
  private readonly observationSize: number;
  private readonly imageSize: number;

  constructor({ inputs }: Pick<CompiledFunction, "inputs">) {
    const [numEnvs, size] = inputs.observations!.shape as [number, number];
    this.observationSize = size;
    this.imageSize = inputs.images?.shape[1] ?? 0;
    this.inputs = {
      observations: new Float32Array(numEnvs * size),
      ...(inputs.images ? { images: new Uint8Array(numEnvs * this.imageSize) } : {}),
    };
  }

  /** Take the observation of environment `i`; returns the inputs. */
  see(i: number, { state, image, privileged }: Observation): Arrays {
    const { observations, images } = this.inputs;
    const offset = i * this.observationSize;
    observations!.set(state, offset);
    if (privileged && state.length < this.observationSize)
      observations!.set(privileged, offset + state.length);
    if (images && image) images.set(image, i * this.imageSize);
    return this.inputs;
  }
}

/** Join each row of `states` with the same of `privileged` where rows of `width` are wanted; else return `states` as it is. */
export function joinRows(
  states: Float32Array,
  privileged: Float32Array,
  numRows: number,
  width: number,
): Float32Array {
  if (states.length === numRows * width) return states;
  const [own, other] = [states.length / numRows, privileged.length / numRows];
  const rows = new Float32Array(numRows * width);
  for (let row = 0; row < numRows; row++) {
    rows.set(states.subarray(row * own, (row + 1) * own), row * width);
    rows.set(privileged.subarray(row * other, (row + 1) * other), row * width + own);
  }
  return rows;
}
