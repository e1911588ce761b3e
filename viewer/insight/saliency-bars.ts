// A bar for each named observation entry, to the left of the middle where it lowers the output.
import type { Reason } from "../live/protocol.js";
import { make } from "../ui/make.js";

interface Row {
  readonly row: HTMLElement;
  readonly bar: HTMLElement;
  readonly value: HTMLElement;
  readonly weight: HTMLElement;
}

/** Keeps one row per entry, in the order of the observation. */
export class SaliencyBars {
  readonly list = make("ol", { className: "saliency" });
  private rows: readonly Row[] = [];

  /** Draw other weights; the longest bar is the greatest of them. */
  show(reasons: readonly Reason[]): void {
    if (this.rows.length !== reasons.length) this.build(reasons);
    const greatest = Math.max(...reasons.map(({ weight }) => Math.abs(weight)), 1e-9);
    for (const [index, { name, unit, value, gradient, deviation, weight }] of reasons.entries()) {
      const { row, bar, value: read, weight: said } = this.rows[index]!;
      const share = Math.abs(weight) / greatest;
      bar.style.width = `${50 * share}%`;
      bar.style.left = weight < 0 ? `${50 - 50 * share}%` : "50%";
      bar.className = weight < 0 ? "lowers" : "raises";
      row.classList.toggle("slight", share < 0.08);
      read.textContent = `${short(value)}${unit === "1" ? "" : ` ${unit}`}`;
      said.textContent = `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(3)}`;
      const per = unit === "1" ? "" : ` per ${unit}`;
      row.title = `${name}: ${gradient.toPrecision(3)}${per}; it varies by ${deviation.toPrecision(2)}${unit === "1" ? "" : ` ${unit}`}`;
    }
  }

  private build(reasons: readonly Reason[]): void {
    this.rows = reasons.map(({ name }) => {
      const bar = make("i");
      const value = make("span", { className: "saliency-value" });
      const weight = make("b");
      const label = make("span", { className: "saliency-name", textContent: name });
      const row = make("li", {}, label, value, make("span", { className: "saliency-track" }, bar), weight);
      return { row, bar, value, weight };
    });
    this.list.replaceChildren(...this.rows.map(({ row }) => row));
  }
}

function short(value: number): string {
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
