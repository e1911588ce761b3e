// From observations to the inputs of a policy; apart from the model, because this needs no TensorFlow.js.
import type { Observation } from "../env/observation.js";
import type { ModelRunner } from "../model/model-runner.js";

/** Put the observation of environment `row` among the runner's inputs: images, and what only the critic reads, where it takes them. */
export function observe(
  runner: Pick<ModelRunner, "inputs" | "widthOf">,
  row: number,
  { state, image, privileged }: Observation,
): void {
  const { inputs } = runner;
  const width = runner.widthOf("observation");
  inputs.observation!.set(state, row * width);
  if (privileged && state.length < width) inputs.observation!.set(privileged, row * width + state.length);
  if (inputs.image && image) inputs.image.set(image, row * image.length);
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
