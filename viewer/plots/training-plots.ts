// Curves of a training run that grow while it goes on, over those of other runs where asked for.
import type { MetricRow } from "../../src/recording/run-events.js";
import { letterOf } from "../compare/compare-series.js";
import { addOverlay, removeOverlay } from "../state/run-actions.js";
import { titles } from "../state/selectors.js";
import { derived, type Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { Plot } from "./plot.js";
import { chartsOf, curvesOf, type RunRows } from "./training-curves.js";

/** The metrics of the run, and of those drawn over it; undefined while they are fetched. */
const drawnRuns = derived(
  (state: ViewerState) => [state.run, state.metrics, state.overlays],
  (run, metrics, overlays): readonly RunRows[] | undefined =>
    run === undefined || metrics === undefined
      ? undefined
      : [{ run, rows: metrics }, ...[...overlays].map(([run, rows]) => ({ run, rows }))],
);

/** Draw the metrics of the run; `fetch` gets those of another run that is to be drawn over it. */
export function bindTrainingPlots(
  store: Store<ViewerState>,
  fetch: (run: string) => Promise<readonly MetricRow[]>,
): void {
  bindOverlays(store, fetch);
  const curves = new TrainingCurves();
  // the same runs with more rows are drawn at most once per picture of the screen, others at once
  let isDue = false;
  let drawn = "";
  const draw = () => {
    isDue = false;
    curves.draw(drawnRuns(store.get()) ?? []);
  };
  store.watch(drawnRuns, (runs) => {
    element("no-training").hidden = runs?.some(({ rows }) => rows.length > 0) ?? true;
    const names = JSON.stringify(runs?.map(({ run }) => run));
    if (names !== drawn) {
      drawn = names;
      curves.clear();
      draw();
    } else if (!isDue) {
      isDue = true;
      requestAnimationFrame(draw);
    }
  });
}

/** A box per other run that draws it over the one shown, with its letter while it is drawn. */
function bindOverlays(
  store: Store<ViewerState>,
  fetch: (run: string) => Promise<readonly MetricRow[]>,
): void {
  const letters = new Map<string, { readonly box: HTMLInputElement; readonly letter: HTMLElement }>();
  const showDrawn = () => {
    const drawn = [...store.get().overlays.keys()];
    for (const [run, { box, letter }] of letters) {
      const index = drawn.indexOf(run);
      box.checked = index >= 0;
      letter.textContent = index < 0 ? "" : letterOf(index + 1);
    }
  };
  const toggle = async (run: string, isWanted: boolean) => {
    if (isWanted) store.update(addOverlay, run, await fetch(run).catch(() => []));
    else store.update(removeOverlay, run);
    // one that was refused is not drawn
    showDrawn();
  };
  store.watch(
    (state) => [titles(state), state.run],
    ([called, current]) => {
      const others = [...called].filter(([run]) => run !== current);
      letters.clear();
      element("overlay-runs").hidden = others.length === 0;
      element("overlay-list").replaceChildren(
        ...others.map(([run, title]) => {
          const [box, letter] = [make("input", { type: "checkbox" }), make("b")];
          box.addEventListener("change", () => void toggle(run, box.checked));
          letters.set(run, { box, letter });
          return make("label", { className: "toggle", title: run }, box, letter, make("span", {}, title));
        }),
      );
      showDrawn();
    },
  );
  store.watch(({ overlays }) => overlays, showDrawn);
}

/** One plot per kind of metric. */
class TrainingCurves {
  private readonly parent = element("training-plots");
  private readonly plots = new Map<string, Plot>();

  constructor() {
    new ResizeObserver(() => {
      for (const plot of this.plots.values()) plot.resize(this.parent.clientWidth - 4);
    }).observe(this.parent);
  }

  clear(): void {
    for (const plot of this.plots.values()) plot.close();
    this.plots.clear();
  }

  draw(runs: readonly RunRows[]): void {
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
