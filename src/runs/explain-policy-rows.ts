// Steps of a policy's recorded episode with what is explained of each.
import type { Arrays } from "../compile/engines/engine.js";
import type { ReportRow } from "../explain/report-page.js";
import { UsageError } from "../math/usage-error.js";
import type { ModelRunner } from "../model/model-runner.js";
import type { RecordedFrame } from "../recording/recording.js";
import { TEST_SEED } from "../rl/evaluation-seeds.js";
import { shellCommand } from "./command-names.js";
import { chooseRows, type ExplainedRows, type WantedRows } from "./explained-rows.js";
import type { TrainedPolicyRun } from "./open-trained.js";

/**
 * Take steps of the last episode that was recorded into the run, or of one that is played and not kept, and choose the number of each.
 *
 * What a policy with memory remembered before a step is held fixed.
 */
export async function explainPolicyRows(
  { run, trained, path }: TrainedPolicyRun,
  wanted: WantedRows,
): Promise<ExplainedRows> {
  const { model } = trained;
  if (model.inputs.image)
    throw new UsageError(
      `The policy of ${path} sees pictures, which recordings do not keep. The viewer draws them again and explains them: ${shellCommand("view", path)}`,
    );
  const last = run.episodes().at(-1);
  const recording = last ? run.readEpisode(last.name) : (await run.play([TEST_SEED]))[0]!;
  const { frames } = recording;
  const size = model.inputs.observation!.shape[0]!;
  const observed = frames.map(({ observation, privileged = [] }) =>
    [...observation, ...privileged].slice(0, size),
  );
  const other = observed.find((numbers) => numbers.length !== size);
  if (other)
    throw new UsageError(
      `${path} has an episode "${last?.name}" with ${other.length} numbers in an observation, its policy takes ${size}. Take that recording out of its folder.`,
    );
  const numbers = chooseRows(frames.length, wanted, "steps of the episode");
  const inputs: Arrays = { observation: Float32Array.from(numbers.flatMap((step) => observed[step]!)) };
  const runner = await wanted.createRunner(numbers.length);
  rememberSteps(runner, frames, numbers);
  const said = await runner.peek(inputs);
  const names = actionNames(model.outputs.mean!);
  const { output, index } = chooseNumber(wanted.class, names, said.mean as Float32Array, numbers.length);
  const rows = numbers.map((step, row): ReportRow => {
    const own = index[row]!;
    const value = (said[output] as Float32Array)[row * (output === "mean" ? names.length : 1) + own]!;
    const name = output === "mean" ? names[own]! : "value";
    const facts = {
      explained: name,
      is: String(Number(value.toPrecision(3))),
      reward: frames[step]!.reward.toFixed(3),
    };
    return { title: `Step ${step}, ${frames[step]!.time.toFixed(2)} s`, facts };
  });
  const { env, agent } = run.config;
  const entries = model.inputs.observation!.entries?.map(({ name }) => name);
  return {
    ...{ runner, inputs, numbers, rows },
    target: { output, index },
    entries: entries ?? observed[0]!.map((_, k) => `observation[${k}]`),
    title: `${agent} in ${env}, explained`,
    lines: [
      `Run ${path}.`,
      `${numbers.length} of ${frames.length} steps of ${last ? `the recorded episode ${last.name}` : `the episode of seed ${TEST_SEED}`}; "${wanted.class}" of the policy is explained.`,
    ],
  };
}

function actionNames({
  shape,
  entries,
}: {
  readonly shape: readonly number[];
  readonly entries?: readonly { readonly name: string }[];
}): string[] {
  return Array.from({ length: shape[0]! }, (_, k) => entries?.[k]?.name ?? `action[${k}]`);
}

/** Let each row remember what the policy remembered before that step; at the start nothing. */
function rememberSteps(
  runner: ModelRunner,
  frames: readonly RecordedFrame[],
  steps: readonly number[],
): void {
  const size = (runner.memory?.length ?? 0) / steps.length;
  if (size === 0) return;
  const memory = new Float32Array(size * steps.length);
  for (const [row, step] of steps.entries()) {
    const before = frames[step - 1]?.memory;
    if (before?.length === size) memory.set(before, row * size);
  }
  runner.remember(memory);
}

function chooseNumber(
  wanted: string,
  names: readonly string[],
  mean: Float32Array,
  rows: number,
): { readonly output: "mean" | "value"; readonly index: readonly number[] } {
  const all = (entry: number) => Array.from({ length: rows }, () => entry);
  if (wanted === "value") return { output: "value", index: all(0) };
  if (names.includes(wanted)) return { output: "mean", index: all(names.indexOf(wanted)) };
  if (wanted !== "predicted")
    throw new UsageError(
      `There is no "${wanted}" to explain. Of this policy it can be: predicted, value, ${names.join(", ")}.`,
    );
  const index = Array.from({ length: rows }, (_, row) => {
    const own = mean.subarray(row * names.length, (row + 1) * names.length).map(Math.abs);
    return own.indexOf(Math.max(...own));
  });
  return { output: "mean", index };
}
