// What is plotted of several episodes: the same number of each in one plot.
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { isDrawn, largestForce, lineOver, type PlotSection } from "../plots/episode-series.js";
import type { PlotContent, PlotLine } from "../plots/plot-content.js";
import { returnsToGo } from "../plots/return-to-go.js";
import { largestOffset } from "./divergence.js";

const LETTERS = "ABCDEFGH";

/** Name the episode, or run, at `index` of a comparison. */
export function letterOf(index: number): string {
  return LETTERS[index] ?? String(index + 1);
}

/** List plots of all `recordings`, each episode with its letter, colour and dashes. */
export function compareSections(recordings: readonly EpisodeRecording[]): PlotSection[] {
  const each = (title: string, read: (frame: RecordedFrame) => number | null | undefined): PlotContent => ({
    title,
    lines: recordings.map(({ frames }, k) => named(k, lineOver(frames, "", read))),
  });
  const [base] = recordings;
  if (!base) return [];
  const soFar = recordings.map(({ frames }, k) => {
    let sum = 0;
    const values = frames.map(({ reward }) => {
      sum += reward;
      return sum;
    });
    return named(k, { label: "", values });
  });
  const toGo = recordings.map(({ header, frames }, k) =>
    named(k, { label: "", values: returnsToGo(frames, header.gamma ?? 1) }),
  );
  const offsets = recordings.slice(1).map(({ frames }, k) => ({
    ...named(k + 1, {
      label: "",
      values: frames.map(({ poses }, index) => {
        const other = base.frames[index]?.poses;
        return other ? finite(1000 * largestOffset(poses, other)) : null;
      }),
    }),
    label: `${letterOf(k + 1)} from A`,
  }));
  const joints = base.header.jointNames.map((name, joint) =>
    each(name, ({ jointPositions }) => jointPositions[joint]),
  );
  const actions = base.header.actionNames.map((name, entry) =>
    each(`Action ${name}`, ({ action }) => action[entry]),
  );
  return [
    {
      name: "Outcome",
      open: true,
      plots: [
        { title: "Farthest apart, mm", lines: offsets },
        each("Reward", ({ reward }) => reward),
        { title: "Return so far", lines: soFar },
        each("Value", ({ value }) => value),
        { title: "Return to go", lines: toGo },
        each("Success", ({ success }) => Number(success)),
        each("Largest contact force, N", largestForce),
      ].filter(isDrawn),
    },
    { name: "Actions", open: false, plots: actions },
    { name: "Joints", open: false, plots: joints },
  ];
}

function named(k: number, line: PlotLine): PlotLine {
  return { ...line, label: letterOf(k), color: k, dash: k };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
