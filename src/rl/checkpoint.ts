// The file format of checkpoints: a trained model's weights, and beside them the optimiser, random streams and environments.
import { decodePlainState, encodePlainState, type StateFormat } from "../model/plain-state.js";
import { decodeOldCheckpoint, isOldCheckpoint } from "./old-checkpoint.js";
import type { TrainingState } from "./training-state.js";

const FORMAT: StateFormat = {
  format: "armgym-checkpoint",
  what: "an armgym checkpoint",
  way: "Take another checkpoint of the run.",
  flat: {
    "state/parameters": "",
    "state/firstMoment": "optimizer/first_moment/",
    "state/secondMoment": "optimizer/second_moment/",
    "state/best/parameters": "best/",
  },
  statistics: {
    "state/statistics": "normalizer/observation/",
    "state/best/statistics": "best/normalizer/observation/",
  },
};

/**
 * Encode a training's state as a safetensors file.
 *
 * The policy's parameters are tensors of their own names, those of the best policy behind "best/", Adam's moments behind
 * "optimizer/"; `normalizer/observation/mean` and so on standardise what is observed.
 */
export function encodeCheckpoint(state: TrainingState, version: string): Promise<Uint8Array<ArrayBuffer>> {
  // a state that was read from a file of 0.1.0 does not have its parts
  const { parts = [{ name: "parameters", shape: [state.parameters.length] }] } = state;
  return encodePlainState(state, parts, version, FORMAT);
}

/**
 * Decode a checkpoint, also one of 0.1.0, into its version and state, which is still to be validated.
 *
 * Throws a UsageError that names `file` where the bytes are damaged.
 */
export async function decodeCheckpoint(bytes: Uint8Array, file: string): Promise<unknown> {
  return isOldCheckpoint(bytes) ? decodeOldCheckpoint(bytes, file) : decodePlainState(bytes, file, FORMAT);
}
