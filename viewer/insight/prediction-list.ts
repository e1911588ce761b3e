// What a policy predicts from what it sees, beside what is so.
import type { Explanation } from "../live/protocol.js";
import { make } from "../ui/make.js";

/** Keeps a row per number, and one per place. */
export class PredictionList {
  readonly box: HTMLElement;
  private readonly rows = make("tbody");
  private readonly sum = make("p");

  constructor() {
    const titles = ["", "predicted", "actual", "off by"].map((textContent) => make("th", { textContent }));
    this.box = make(
      "section",
      { className: "predictions", hidden: true },
      make("h3", { className: "plot-title", textContent: "Where it holds things to be" }),
      this.sum,
      make("table", {}, make("thead", {}, make("tr", {}, ...titles)), this.rows),
    );
  }

  /** Show other predictions; nothing without any. */
  show({ predictions = [], places = [] }: Pick<Explanation, "predictions" | "places">): void {
    this.box.hidden = predictions.length === 0;
    const off = places.map(({ name, predicted, actual }) => {
      if (!actual) return name;
      const distance = Math.hypot(...predicted.map((value, k) => value - actual[k]!));
      return `${name} off by ${(1000 * distance).toFixed(0)} mm`;
    });
    this.sum.textContent = off.length > 0 ? `${off.join(", ")}. Marked in the pictures and the scene.` : "";
    this.rows.replaceChildren(
      ...predictions.map(({ name, unit, predicted, actual }) => {
        const cells = [
          name,
          said(predicted, unit),
          actual === null ? "–" : said(actual, unit),
          actual === null ? "–" : said(predicted - actual, unit),
        ];
        return make("tr", {}, ...cells.map((textContent) => make("td", { textContent })));
      }),
    );
  }
}

function said(value: number, unit: string): string {
  return `${value.toFixed(3)}${unit === "1" ? "" : ` ${unit}`}`;
}
