// The line over the scene that says which episodes are compared, how, and where they part.

import type { Layout } from "../scene/robot-scene.js";
import { make } from "../ui/make.js";
import { element, tell } from "../ui/page.js";
import { letterOf } from "./compare-series.js";
import type { Divergence } from "./divergence.js";

/** What the line does. */
export interface CompareActions {
  /** Leave an episode out. */
  remove(index: number): void;
  setLayout(layout: Layout): void;
  seek(frame: number): void;
  /** Compare no longer. */
  end(): void;
}

/** Shows and steers a comparison. */
export class CompareBar {
  private readonly actions: CompareActions;
  private divergence: number | undefined;

  constructor(actions: CompareActions) {
    this.actions = actions;
    element("layout").addEventListener("change", ({ target }) =>
      actions.setLayout((target as HTMLInputElement).value as Layout),
    );
    element("compare-end").addEventListener("click", () => actions.end());
    element("divergence").addEventListener("click", () => {
      if (this.divergence !== undefined) actions.seek(this.divergence);
    });
  }

  /** Say why an episode was not taken in; it stands until the comparison changes. */
  refuse(reason: string): void {
    tell("compare-note", reason);
  }

  /** Show the episodes by their names; none hides the line. */
  show(labels: readonly string[], divergence: Divergence | undefined, controlRate: number): void {
    tell("compare-note", undefined);
    element("compare-bar").hidden = labels.length < 2;
    element("compared").replaceChildren(...labels.map((label, k) => this.chip(label, k)));
    this.divergence = divergence?.visible ?? divergence?.first;
    element("divergence").hidden = divergence === undefined;
    const at = (frame: number) => `step ${frame} (${(frame / controlRate).toFixed(2)} s)`;
    if (labels.length < 2) return;
    if (divergence === undefined) {
      tell("divergence-text", "Equal to the last bit of every pose.");
      return;
    }
    const { first, visible } = divergence;
    tell(
      "divergence-text",
      visible === undefined
        ? `First differ at ${at(first)}, never by more than 1 mm.`
        : `First differ at ${at(first)}${visible === first ? ", by more than 1 mm." : `; by more than 1 mm from ${at(visible)} on.`}`,
    );
  }

  private chip(label: string, k: number): HTMLElement {
    const chip = make("li", { className: `compared-${k}` });
    const remove = make("button", { type: "button", textContent: "×" });
    remove.setAttribute("aria-label", `Leave out ${letterOf(k)}`);
    remove.addEventListener("click", () => this.actions.remove(k));
    chip.append(make("b", {}, letterOf(k)), make("span", {}, label), remove);
    return chip;
  }
}
