// Curves of a training run that grow while it goes on, over those of other runs where asked for.
import type { MetricRow } from "../../src/recording/run-events.js";
import { letterOf } from "../compare/compare-series.js";
import { make } from "../ui/make.js";
import { element, tell } from "../ui/page.js";
import { Plot } from "./plot.js";
import { chartsOf, curvesOf, type RunRows } from "./training-curves.js";

/** More runs than colours cannot be told apart. */
const MAX_OTHERS = 7;

/** Draws the metrics of one run, and of others over it. */
export class TrainingPlots {
  private readonly parent = element("training-plots");
  private readonly fetch: (run: string) => Promise<readonly MetricRow[]>;
  private run = "";
  private rows: MetricRow[] = [];
  private readonly others = new Map<string, readonly MetricRow[]>();
  private readonly plots = new Map<string, Plot>();
  private due = false;

  /** `fetch` gets the rows of another run. */
  constructor(fetch: (run: string) => Promise<readonly MetricRow[]>) {
    this.fetch = fetch;
    new ResizeObserver(() => {
      for (const plot of this.plots.values()) plot.resize(this.parent.clientWidth - 4);
    }).observe(this.parent);
  }

  /** Start over with the rows of another run. */
  open(run: string, rows: readonly MetricRow[]): void {
    this.run = run;
    this.rows = [...rows];
    this.others.delete(run);
    this.clear();
    this.draw();
  }

  /** Offer the other runs, by their titles, to be drawn over this one. */
  offer(runs: ReadonlyMap<string, string>): void {
    const others = [...runs].filter(([run]) => run !== this.run);
    element("overlay-runs").hidden = others.length === 0;
    element("overlay-list").replaceChildren(...others.map(([run, title]) => this.choice(run, title)));
  }

  /** Add a row of `run`; drawn at most once per picture of the screen. */
  add(run: string, row: MetricRow): void {
    const other = this.others.get(run);
    if (run === this.run) this.rows.push(row);
    else if (other) this.others.set(run, [...other, row]);
    else return;
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.draw();
    });
  }

  private choice(run: string, title: string): HTMLElement {
    const box = make("input");
    const letter = make("b");
    letter.dataset.run = run;
    box.type = "checkbox";
    box.checked = this.others.has(run);
    box.addEventListener("change", async () => {
      tell("overlay-note", undefined);
      if (!box.checked) this.others.delete(run);
      else if (this.others.size >= MAX_OTHERS) {
        box.checked = false;
        tell(
          "overlay-note",
          `At most ${MAX_OTHERS} runs are drawn over this one. Take one of them off first.`,
        );
        return;
      } else this.others.set(run, await this.fetch(run).catch(() => []));
      this.clear();
      this.draw();
    });
    const label = make("label", { className: "toggle", title: run });
    label.append(box, letter, make("span", {}, title));
    return label;
  }

  private clear(): void {
    for (const plot of this.plots.values()) plot.close();
    this.plots.clear();
  }

  private draw(): void {
    const others = [...this.others].map(([run, rows]): RunRows => ({ run, rows }));
    const runs = [{ run: this.run, rows: this.rows }, ...others];
    for (const letter of element("overlay-list").querySelectorAll<HTMLElement>("b")) {
      const k = runs.findIndex(({ run }) => run === letter.dataset.run);
      letter.textContent = k < 0 ? "" : letterOf(k);
    }
    element("no-training").hidden = runs.some(({ rows }) => rows.length > 0);
    for (const [title, tags] of chartsOf(runs)) {
      const { steps, lines } = curvesOf(runs, tags);
      const plot = this.plots.get(title);
      if (plot?.numLines === lines.length) {
        plot.update(steps, lines);
        continue;
      }
      // a line more, such as the first validation: drawn anew in the same place
      const drawn = new Plot(this.parent, steps, { title, lines });
      if (plot) {
        plot.replaceBy(drawn);
        plot.close();
      }
      drawn.update(steps, lines);
      this.plots.set(title, drawn);
    }
  }
}
