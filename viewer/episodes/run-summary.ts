// One line about a run: how well it does, after how many steps and minutes.

import type { RunItem } from "../../src/recording/run-events.js";
import { element } from "../ui/page.js";

/** Show the line for `item`. */
export function showRunSummary({ evaluation }: RunItem): void {
  const line = element("run-summary");
  if (!evaluation) {
    line.textContent = "Not evaluated yet";
    return;
  }
  const { successRate, successInterval, episodes, steps, minutes } = evaluation;
  const rate = document.createElement("b");
  rate.textContent = `${percent(successRate)} success`;
  const parts = [
    successInterval
      ? ` (95 % interval ${percent(successInterval[0])} to ${percent(successInterval[1])})`
      : "",
    ` on ${episodes} episodes`,
    ` · ${Math.round(steps / 1000)}k steps`,
    minutes === undefined ? "" : ` · ${duration(minutes)}`,
  ];
  line.replaceChildren(rate, parts.join(""));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function duration(minutes: number): string {
  return minutes < 1 ? `${(60 * minutes).toFixed(0)} s` : `${minutes.toFixed(1)} min`;
}
