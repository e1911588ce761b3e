// The plots of the episode shown, under one time cursor.
import type { EpisodeRecording, RecordedFrame } from "../src/replay/recording.js";
import { Plot, type PlotLine } from "./plot.js";

/** Draws everything that is recorded of an episode over time. */
export class EpisodePlots {
  private readonly parent: HTMLElement;
  private readonly seek: (frame: number) => void;
  private plots: Plot[] = [];
  private frame = 0;

  /** `seek` is called with the frame under a press or a drag. */
  constructor(parent: HTMLElement, seek: (frame: number) => void) {
    this.parent = parent;
    this.seek = seek;
    new ResizeObserver(() => {
      for (const plot of this.plots) plot.resize(parent.clientWidth - 4);
      this.show(this.frame);
    }).observe(parent);
  }

  /** Show another recording. */
  open(recording: EpisodeRecording): void {
    for (const plot of this.plots) plot.close();
    const times = recording.frames.map(({ time }) => time);
    this.plots = episodeLines(recording).flatMap(([title, lines]) =>
      lines.length === 0 ? [] : [new Plot(this.parent, title, times, lines, this.seek)],
    );
  }

  /** Move the cursor of all plots to `frame`. */
  show(frame: number): void {
    this.frame = frame;
    for (const plot of this.plots) plot.show(frame);
  }
}

function episodeLines({ header, frames }: EpisodeRecording): [string, PlotLine[]][] {
  const terms = Object.keys(frames.at(-1)?.rewardTerms ?? {});
  const line = (label: string, read: (frame: RecordedFrame) => number | null | undefined): PlotLine => ({
    label,
    values: frames.map((frame) => read(frame) ?? null),
  });
  let sum = 0;
  const returns = frames.map(({ reward }) => {
    sum += reward;
    return sum;
  });
  const largest = ({ contacts }: RecordedFrame) =>
    Math.max(0, ...contacts.map(({ force }) => Math.hypot(...force)));
  const isGripper = (name: string) => /finger|gripper|jaw/i.test(name);
  const joints = header.jointNames.map((name, k) => ({ name, k }));
  const jointLines = (wanted: boolean) =>
    joints
      .filter(({ name }) => isGripper(name) === wanted)
      .map(({ name, k }) => line(name, ({ jointPositions }) => jointPositions[k]));
  const all: [string, PlotLine[]][] = [
    ["Reward", [line("reward", ({ reward }) => reward)]],
    ["Reward terms", terms.map((term) => line(term, ({ rewardTerms }) => rewardTerms[term]))],
    [
      "Value and return so far",
      [line("value", ({ value }) => value), { label: "return so far", values: returns }],
    ],
    ["Action", header.actionNames.map((name, k) => line(name, ({ action }) => action[k]))],
    ["Joint positions, rad", jointLines(false)],
    ["Gripper", jointLines(true)],
    ["Largest contact force, N", [line("force", largest)]],
  ];
  const hasRewards = frames.some(({ reward }) => reward !== 0);
  const hasContacts = frames.some(({ contacts }) => contacts.length > 0);
  // a dump of the NaN guard has states only
  return all.filter(([title]) => {
    if (/^(Reward|Value)/.test(title)) return hasRewards || !header.dump;
    return hasContacts || !title.includes("contact");
  });
}
