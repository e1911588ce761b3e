// What is plotted of an episode, in sections.
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { PlotContent, PlotLine } from "./plot-content.js";
import { advantages, returnsToGo } from "./return-to-go.js";

/** Plots under one heading. */
export interface PlotSection {
  readonly name: string;
  /** Whether it is open before the user has opened or closed it. */
  readonly open: boolean;
  readonly plots: readonly PlotContent[];
}

/** Discount where the recording does not tell the agent's. */
const GAMMA = 0.99;
/** More lines than this in one plot cannot be told apart. */
export const MAX_LINES = 8;

/** List what an episode holds; sections and plots without data are left out. */
export function episodeSections(recording: EpisodeRecording): PlotSection[] {
  const { header, frames } = recording;
  const hasRewards =
    frames.some(({ reward }) => reward !== 0) || (!header.imported && header.dump === undefined);
  const sections: PlotSection[] = [
    { name: "Reward", open: true, plots: hasRewards ? rewardPlots(recording) : [] },
    { name: "Value and success", open: true, plots: hasRewards ? valuePlots(recording) : [] },
    { name: "Actions", open: true, plots: actionPlots(recording) },
    { name: "Joints", open: true, plots: jointPlots(recording) },
    { name: "Contacts", open: true, plots: contactPlots(frames) },
    { name: "Observation", open: false, plots: observationPlots(recording) },
  ];
  return sections
    .map((section) => ({ ...section, plots: section.plots.filter(isDrawn) }))
    .filter(({ plots }) => plots.length > 0);
}

/** A line over all frames; its values are made when they are first asked for, as many a line is never drawn. */
export function lineOver(
  frames: readonly RecordedFrame[],
  label: string,
  read: (frame: RecordedFrame) => number | null | undefined,
): PlotLine {
  let values: (number | null)[] | undefined;
  return {
    label,
    get values() {
      values ??= frames.map((frame) => read(frame) ?? null);
      return values;
    },
    get isEmpty() {
      return !frames.some((frame) => (read(frame) ?? null) !== null);
    },
  };
}

/** Whether a plot has anything to show. */
export function isDrawn({ lines }: PlotContent): boolean {
  return lines.some((line) => !(line.isEmpty ?? line.values.every((value) => value === null)));
}

/** Size of the largest contact force of a frame, N. */
export function largestForce({ contacts }: RecordedFrame): number {
  return Math.max(0, ...contacts.map(({ force }) => Math.hypot(...force)));
}

function rewardPlots({ header, frames }: EpisodeRecording): PlotContent[] {
  const { rewardWeights } = header;
  const terms = Object.keys(frames.at(-1)?.rewardTerms ?? {});
  if (!rewardWeights || terms.length === 0) {
    const raw = terms.map((term) => lineOver(frames, term, ({ rewardTerms }) => rewardTerms[term]));
    return [
      { title: "Reward", lines: [lineOver(frames, "reward", ({ reward }) => reward)] },
      ...chunks("Reward terms", raw),
    ];
  }
  const weighted = terms.map((term) =>
    lineOver(frames, term, ({ rewardTerms }) => (rewardWeights[term] ?? 0) * (rewardTerms[term] ?? 0)),
  );
  return [
    { title: "Reward by term, stacked", lines: weighted, stacked: true },
    { title: "Reward", lines: [lineOver(frames, "reward", ({ reward }) => reward)] },
  ];
}

function valuePlots({ header, frames }: EpisodeRecording): PlotContent[] {
  const { gamma = GAMMA, gaeLambda } = header;
  const toGo = { label: `return to go, γ ${gamma}`, values: returnsToGo(frames, gamma) };
  const value = lineOver(frames, "value", (frame) => frame.value);
  return [
    { title: "Value and return to go", lines: [value, toGo] },
    {
      title: "Advantage",
      lines:
        gaeLambda === undefined
          ? []
          : [{ label: `GAE, λ ${gaeLambda}`, values: advantages(frames, gamma, gaeLambda) }],
    },
    {
      title: "Success",
      lines: [lineOver(frames, "success", ({ success }) => Number(success))],
      stacked: true,
      range: [0, 1],
    },
  ];
}

function actionPlots({ header, frames }: EpisodeRecording): PlotContent[] {
  const names = header.actionNames;
  const entries = (read: (frame: RecordedFrame) => readonly number[] | undefined) =>
    names.map((name, k) => lineOver(frames, name, (frame) => read(frame)?.[k]));
  const differs = frames.some(({ action, actionMean }) =>
    actionMean?.some((entry, k) => entry !== action[k]),
  );
  return [
    ...chunks(
      "Action",
      entries(({ action }) => action),
    ),
    ...(differs
      ? chunks(
          "Action, mean before clipping",
          entries(({ actionMean }) => actionMean),
        )
      : []),
    ...chunks(
      "Action, sample executed",
      entries(({ actionSample }) => actionSample),
    ),
    ...chunks(
      "Action, standard deviation",
      entries(({ actionStd }) => actionStd),
    ),
  ];
}

function jointPlots({ header, frames }: EpisodeRecording): PlotContent[] {
  const isGripper = (name: string) => /finger|gripper|jaw/i.test(name);
  const joints = header.jointNames.map((name, k) => ({ name, k }));
  const arm = joints.filter(({ name }) => !isGripper(name));
  const lines = (wanted: typeof joints) =>
    wanted.map(({ name, k }) => lineOver(frames, name, ({ jointPositions }) => jointPositions[k]));
  const shares = arm.flatMap(({ name, k }) => {
    const [low, high] = header.jointLimits?.[k] ?? [null, null];
    if (low === null || high === null || !(high > low)) return [];
    const share = (value: number | undefined) =>
      value === undefined ? null : (200 * (value - low)) / (high - low) - 100;
    return [lineOver(frames, name, ({ jointPositions }) => share(jointPositions[k]))];
  });
  return [
    ...chunks("Joint positions, rad", lines(arm)),
    ...chunks("Joints against their limits, %", shares, { range: [-100, 100], marks: [-100, 100] }),
    ...chunks("Gripper", lines(joints.filter(({ name }) => isGripper(name)))),
  ];
}

function contactPlots(frames: readonly RecordedFrame[]): PlotContent[] {
  if (!frames.some(({ contacts }) => contacts.length > 0)) return [];
  return [
    { title: "Largest contact force, N", lines: [lineOver(frames, "force", largestForce)] },
    { title: "Contact points", lines: [lineOver(frames, "points", ({ contacts }) => contacts.length)] },
  ];
}

/** Entries that share a unit and the start of their names stand together. */
function observationPlots({ header, frames }: EpisodeRecording): PlotContent[] {
  const groups = new Map<
    string,
    { readonly stem: string; readonly unit: string; readonly lines: PlotLine[] }
  >();
  for (const [k, name] of header.observationNames.entries()) {
    const unit = header.observationUnits?.[k] ?? "";
    const stem = stemOf(name);
    const key = JSON.stringify([stem, unit]);
    const group = groups.get(key) ?? { stem, unit, lines: [] };
    group.lines.push(lineOver(frames, name, ({ observation }) => observation[k]));
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ stem, unit, lines }) => {
    // one by itself has its whole name, as its plot has no legend
    const name = lines.length === 1 ? lines[0]!.label : stem;
    return chunks(unit && unit !== "1" ? `${name}, ${unit}` : name, lines);
  });
}

/** What is left of a name without its axis or number at the end: "cube_x" and "joint3" are of "cube" and "joint", "sin_4_yaw" is of itself. */
export function stemOf(name: string): string {
  const stem = name.replace(/[_.-](?:[xyzw]|\d+)$|\d+$/, "");
  return stem === "" ? name : stem;
}

/** More lines than colours are spread over several plots. */
function chunks(title: string, lines: readonly PlotLine[], more: Partial<PlotContent> = {}): PlotContent[] {
  const count = Math.ceil(lines.length / MAX_LINES);
  return Array.from({ length: count }, (_, k) => ({
    ...more,
    title: count === 1 ? title : `${title} (${k + 1} of ${count})`,
    lines: lines.slice(k * MAX_LINES, (k + 1) * MAX_LINES),
  }));
}
