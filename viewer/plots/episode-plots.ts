// The plots of what is shown, in sections, under one time cursor.
import type { PlotSection } from "./episode-series.js";
import { Plot } from "./plot.js";
import type { PlotPointer } from "./plot-pointer.js";

/** A section on the page; its plots are made when it is first opened. */
interface OpenSection {
  readonly details: HTMLDetailsElement;
  content: PlotSection;
  readonly plots: Plot[];
}

/** Plots of more frames than this are made section by section, so that the page does something else in between. */
const MANY_FRAMES = 5000;

/** Draws everything that is recorded of an episode over time. */
export class EpisodePlots {
  private readonly parent: HTMLElement;
  private readonly pointer: PlotPointer;
  /** What the user opened and closed, for the next episode. */
  private readonly wanted = new Map<string, boolean>();
  private sections: OpenSection[] = [];
  /** Sections whose plots are still to be made. */
  private waiting: OpenSection[] = [];
  private filling: ReturnType<typeof setTimeout> | undefined;
  private times: readonly number[] = [];
  private frame = 0;
  private marked: number | undefined;
  private stretch: readonly [number | undefined, number | undefined] = [undefined, undefined];

  /** `pointer` is told about presses, brushes and where the mouse is, in any plot. */
  constructor(parent: HTMLElement, pointer: Omit<PlotPointer, "hover">) {
    this.parent = parent;
    this.pointer = { ...pointer, hover: (index) => this.hover(index) };
    new ResizeObserver(() => {
      for (const plot of this.plots()) plot.resize(this.width());
      this.show(this.frame);
    }).observe(parent);
  }

  /** Show other series over `times` (s). */
  open(sections: readonly PlotSection[], times: readonly number[]): void {
    this.close();
    this.times = times;
    this.stretch = [undefined, undefined];
    this.sections = sections.map((content) => this.addSection(content));
  }

  /** Take more values of the same episode; what is opened and zoomed into stays so. */
  update(sections: readonly PlotSection[], times: readonly number[]): void {
    const layoutOf = (all: readonly PlotSection[]) =>
      JSON.stringify(
        all.map(({ name, plots }) => [name, plots.map(({ title, lines }) => [title, lines.length])]),
      );
    this.times = times;
    if (layoutOf(sections) === layoutOf(this.sections.map(({ content }) => content))) {
      for (const [k, section] of this.sections.entries()) {
        section.content = sections[k]!;
        for (const [at, plot] of section.plots.entries())
          plot.update(times, section.content.plots[at]!.lines);
      }
      return;
    }
    // something new has come, such as the first contact
    const { stretch, marked } = this;
    const scroller = this.parent.closest("aside");
    const top = scroller?.scrollTop ?? 0;
    this.open(sections, times);
    this.mark(marked);
    if (stretch[0] !== undefined) this.zoom(...stretch);
    scroller?.scrollTo({ top });
  }

  /** Take everything off the page. */
  close(): void {
    for (const plot of this.plots()) plot.close();
    for (const { details } of this.sections) details.remove();
    clearTimeout(this.filling);
    this.waiting = [];
    this.sections = [];
    this.marked = undefined;
  }

  /** Move the cursor of all plots to `frame`. */
  show(frame: number): void {
    this.frame = frame;
    for (const plot of this.plots()) plot.show(frame);
  }

  /** Show a stretch of time in all plots, or all of it. */
  zoom(from?: number, to?: number): void {
    this.stretch = [from, to];
    for (const plot of this.plots()) plot.zoom(from, to);
    this.show(this.frame);
  }

  /** Mark a frame in all plots. */
  mark(frame: number | undefined): void {
    this.marked = frame;
    for (const plot of this.plots()) plot.showMark(frame);
  }

  private hover(index: number | undefined): void {
    for (const plot of this.plots()) {
      plot.showHover(index);
      if (index === undefined) plot.show(this.frame);
    }
  }

  private plots(): Plot[] {
    return this.sections.flatMap(({ plots }) => plots);
  }

  private width(): number {
    return this.parent.clientWidth - 4;
  }

  private addSection(content: PlotSection): OpenSection {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const count = document.createElement("small");
    summary.textContent = content.name;
    count.textContent = ` ${content.plots.length}`;
    summary.append(count);
    details.className = "plot-section";
    details.append(summary);
    this.parent.append(details);
    const section: OpenSection = { details, content, plots: [] };
    details.open = this.wanted.get(content.name) ?? content.open;
    if (details.open && this.times.length > MANY_FRAMES) this.fillLater(section);
    else if (details.open) this.fill(section);
    details.addEventListener("toggle", () => {
      this.wanted.set(content.name, details.open);
      if (details.open && details.isConnected) this.fill(section);
    });
    return section;
  }

  private fillLater(section: OpenSection): void {
    this.waiting.push(section);
    if (this.waiting.length > 1) return;
    const next = () => {
      const [first] = this.waiting;
      if (first?.details.open) this.fill(first);
      this.waiting.shift();
      if (this.waiting.length > 0) this.filling = setTimeout(next);
    };
    this.filling = setTimeout(next);
  }

  private fill({ details, content, plots }: OpenSection): void {
    if (plots.length > 0) return;
    for (const plot of content.plots) plots.push(new Plot(details, this.times, plot, this.pointer));
    for (const plot of plots) {
      plot.resize(this.width());
      if (this.stretch[0] !== undefined) plot.zoom(...this.stretch);
      plot.showMark(this.marked);
      plot.show(this.frame);
    }
  }
}
