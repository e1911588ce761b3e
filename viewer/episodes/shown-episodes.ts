// What is shown: one episode, or up to four that are compared, on one clock.
import type { RecordedFrame } from "../../src/recording/recording.js";
import type { CompareBar } from "../compare/compare-bar.js";
import { compareSections, letterOf } from "../compare/compare-series.js";
import { findDivergence } from "../compare/divergence.js";
import type { EpisodePlots } from "../plots/episode-plots.js";
import { episodeSections } from "../plots/episode-series.js";
import type { Layout, RobotScene } from "../scene/robot-scene.js";
import type { LoadedEpisode } from "../sources/episode-loader.js";
import { warn } from "../ui/banner.js";
import { showNoTime, showTime } from "../ui/controls.js";
import { make } from "../ui/make.js";
import { element, tell } from "../ui/page.js";
import { drawnValues } from "./drawn-values.js";
import { jointWarnings } from "./joint-warnings.js";
import type { Player } from "./player.js";
import { recordingNotices } from "./recording-notices.js";

/** Most episodes that are compared. */
export const MAX_COMPARED = 4;
/** The plots of a live episode rest between two drawings for so long at least, ms, and for so many times as one takes. */
const LEAST_PAUSE = 150;
const PAUSES = 6;

/** Parts of the page that show episodes. */
export interface EpisodeViews {
  readonly robot: RobotScene | undefined;
  readonly plots: EpisodePlots;
  readonly player: Player;
  readonly bar: CompareBar;
  readonly companions: EpisodeCompanions;
}

/** Parts of the page that go along with the first episode. */
export interface EpisodeCompanions {
  /** Another episode is the first, or none. */
  open(first: LoadedEpisode | undefined): void;
  /** Another frame is shown; says whether the scene is in use for something else. */
  show(index: number, first: LoadedEpisode): boolean;
}

/** Shows episodes in all views, and a frame of theirs. */
export class ShownEpisodes {
  all: readonly LoadedEpisode[] = [];
  private layout: Layout = "tiles";
  private longest = 0;
  private live: readonly RecordedFrame[] | undefined;
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private pause = LEAST_PAUSE;
  private readonly views: EpisodeViews;

  constructor(views: EpisodeViews) {
    this.views = views;
  }

  /** The episode that the clock and the notices belong to. */
  get first(): LoadedEpisode | undefined {
    return this.all[0];
  }

  /** Frames of the longest episode. */
  get numFrames(): number {
    return this.all.length === 0 ? 0 : this.all[this.longest]!.recording.frames.length;
  }

  /** Show other episodes; a comparison goes on at the time it is. */
  open(episodes: readonly LoadedEpisode[]): void {
    const { robot, plots, player, companions } = this.views;
    const goesOn = episodes.length > 1 || this.all.length > 1;
    const { frame } = player;
    this.all = episodes;
    const lengths = episodes.map(({ recording }) => recording.frames.length);
    this.longest = lengths.indexOf(Math.max(...lengths));
    const recordings = episodes.map(({ recording }) => recording);
    const [first] = recordings;
    if (!first) return;
    this.endLive();
    element("controls").inert = false;
    tell("message", undefined);
    warn("recording", recordingNotices(first).join(" ") || undefined);
    robot?.open(recordings, this.layout);
    tell("drawn", drawnValues(first.header));
    const times = recordings[this.longest]!.frames.map(({ time }) => time);
    plots.open(recordings.length > 1 ? compareSections(recordings) : episodeSections(first), times);
    this.showComparison();
    companions.open(episodes[0]);
    tell("zoom-note", undefined);
    element("zoom").hidden = true;
    player.open(times.length, 1 / first.header.controlRate, goesOn ? frame : undefined);
  }

  /** Show nothing rather than an episode of another name. */
  close(): void {
    const { robot, plots, player, companions } = this.views;
    this.endLive();
    player.pause();
    this.all = [];
    robot?.open([]);
    plots.close();
    companions.open(undefined);
    player.open(0, 1, 0);
    warn("recording", undefined);
    for (const id of ["badge", "joint-warning", "drawn"]) tell(id, undefined);
    element("zoom").hidden = true;
    element("controls").inert = true;
    showNoTime();
    this.showComparison();
  }

  /** Put episodes side by side or over each other. */
  setLayout(layout: Layout): void {
    this.layout = layout;
    this.views.robot?.open(
      this.all.map(({ recording }) => recording),
      layout,
    );
    this.showTileNames();
    this.showFrame(this.views.player.frame);
  }

  /** Show a frame in all views. */
  showFrame(index: number): void {
    const { robot, plots, companions } = this.views;
    const { first } = this;
    if (!first) return;
    plots.show(index);
    showTime(index, this.numFrames, this.all[this.longest]!.recording.frames[index]!.time);
    if (companions.show(index, first)) return;
    for (const [k, { recording }] of this.all.entries()) {
      const own = Math.min(index, recording.frames.length - 1);
      robot?.place(recording.frames[own]!, own, k);
    }
    const { frames } = first.recording;
    this.showState(frames[Math.min(index, frames.length - 1)]!);
  }

  /** Show a live episode, which began as the one shown: all its frames so far, at the last of them. */
  showLive(frames: readonly RecordedFrame[]): void {
    this.showState(frames.at(-1)!);
    this.live = frames;
    this.drawing ??= setTimeout(() => this.drawLive(), this.pause);
  }

  /** Draw the plots anew, and rest for much longer than that took. */
  private drawLive(): void {
    this.drawing = undefined;
    const { first, live: frames } = this;
    if (!first || !frames) return;
    const began = performance.now();
    const { header } = first.recording;
    this.views.plots.update(
      episodeSections({ header, frames }),
      frames.map(({ time }) => time),
    );
    this.views.plots.show(frames.length - 1);
    this.pause = Math.max(LEAST_PAUSE, PAUSES * (performance.now() - began));
  }

  private endLive(): void {
    clearTimeout(this.drawing);
    this.drawing = undefined;
    this.live = undefined;
  }

  /** Say what there is to say of a frame of the first episode. */
  showState(frame: RecordedFrame): void {
    const header = this.first?.recording.header;
    if (!header) return;
    tell("joint-warning", jointWarnings(header, frame));
    const word = header.dump ? "NaN guard" : frame.success ? "✓ Goal reached" : "Goal not reached yet";
    tell("badge", this.all.length > 1 ? undefined : word);
    element("badge").className = header.dump ? "bad" : frame.success ? "good" : "";
  }

  /** Show a stretch of time, s; without it, all. */
  zoom(from?: number, to?: number): void {
    const { plots, player } = this.views;
    const frames = this.all[this.longest]?.recording.frames;
    if (!frames) return;
    plots.zoom(from, to);
    element("zoom").hidden = from === undefined;
    if (from === undefined || to === undefined) {
      player.setRange();
      return;
    }
    const first = frames.findIndex(({ time }) => time >= from);
    const last = frames.findLastIndex(({ time }) => time <= to);
    player.setRange(first, Math.max(first, last));
    tell("zoom-note", `${from.toFixed(2)} to ${to.toFixed(2)} s`);
  }

  /** Letters over the tiles, and the success of each. */
  private showTileNames(): void {
    const names = element("tile-names");
    names.hidden = this.all.length < 2 || this.layout === "overlay";
    names.dataset.count = String(this.all.length);
    names.replaceChildren(...this.all.map((_, k) => make("li", { className: `compared-${k}` }, letterOf(k))));
  }

  private showComparison(): void {
    const recordings = this.all.map(({ recording }) => recording);
    const [first, ...others] = recordings;
    const isCompared = first && others.length > 0;
    const divergence = isCompared ? findDivergence(first, others) : undefined;
    const mark = divergence?.visible ?? divergence?.first;
    this.views.bar.show(isCompared ? this.all.map(labelOf) : [], divergence, first?.header.controlRate ?? 1);
    this.views.plots.mark(mark);
    const tick = element("divergence-tick");
    tick.hidden = mark === undefined;
    if (mark !== undefined) tick.style.setProperty("--share", String(mark / Math.max(1, this.numFrames - 1)));
    this.showTileNames();
  }
}

function labelOf({ recording: { header } }: LoadedEpisode): string {
  const steps = header.policySteps;
  const policy = steps >= 1000 ? `${Math.round(steps / 1000)}k` : String(steps);
  return `seed ${header.seed} · ${header.agent} at ${policy}`;
}
