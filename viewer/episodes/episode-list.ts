// The list of a run's episodes, with pictures, a filter and an order.

import type { EpisodeItem } from "../../src/recording/run-events.js";
import { make } from "../ui/make.js";
import { element, tell } from "../ui/page.js";
import { type EpisodeOrder, type ListRequest, listedEpisodes, type OutcomeFilter } from "./episode-order.js";

/** What the list tells. */
export interface ListActions {
  /** Open an episode. */
  choose(name: string): void;
  /** Take an episode into the comparison, or out of it. */
  compare(name: string): void;
  /** Return an element that holds the episode's picture. */
  picture(item: EpisodeItem): HTMLElement;
  /** The entries are made anew. */
  cleared(): void;
}

/** Lists episodes and says which one was chosen. */
export class EpisodeList {
  private items: readonly EpisodeItem[] = [];
  private current: string | undefined;
  private compared: readonly string[] = [];
  private request: ListRequest = { outcome: "all", order: "newest", seed: "" };
  private readonly actions: ListActions;

  constructor(actions: ListActions) {
    this.actions = actions;
    const order = element<HTMLSelectElement>("order");
    const seed = element<HTMLInputElement>("seed");
    const change = (part: Partial<ListRequest>) => {
      this.request = { ...this.request, ...part };
      this.draw();
    };
    element("filter").addEventListener("change", ({ target }) =>
      change({ outcome: (target as HTMLInputElement).value as OutcomeFilter }),
    );
    order.addEventListener("change", () => change({ order: order.value as EpisodeOrder }));
    seed.addEventListener("input", () => change({ seed: seed.value.trim() }));
  }

  /** Show the episodes of a run. */
  open(items: readonly EpisodeItem[]): void {
    this.items = items;
    this.draw();
  }

  /** Mark the episode that is shown, and those it is compared with. */
  mark(name: string | undefined, compared: readonly string[] = []): void {
    this.current = name;
    this.compared = compared;
    for (const button of element("episodes").querySelectorAll<HTMLElement>(".episode")) {
      const isCurrent = button.dataset.name === name;
      button.setAttribute("aria-current", String(isCurrent));
      const toggle = button.parentElement!.querySelector(".compare-toggle")!;
      toggle.setAttribute("aria-pressed", String(compared.includes(button.dataset.name!)));
      if (isCurrent) reveal(button.parentElement!);
    }
  }

  /** Return the episode after or before the marked one in the list as filtered. */
  neighbour(direction: 1 | -1): string | undefined {
    const names = listedEpisodes(this.items, this.request).map(({ name }) => name);
    const index = names.indexOf(this.current ?? "");
    return index < 0 ? names[0] : names[index + direction];
  }

  private draw(): void {
    const shown = listedEpisodes(this.items, this.request);
    this.actions.cleared();
    element("episodes").replaceChildren(...shown.map((item) => this.entry(item)));
    this.mark(this.current, this.compared);
    const total = this.items.length;
    element("episode-count").textContent =
      shown.length === total ? `${total}` : `${shown.length} of ${total}`;
    tell("no-episodes", shown.length > 0 ? undefined : this.nothing());
  }

  private nothing(): string {
    const { outcome, seed } = this.request;
    if (seed !== "") return `No seed here holds ${seed}.`;
    if (outcome === "all") return "None yet: they appear here as they are recorded.";
    return outcome === "success" ? "None succeeded." : "None failed.";
  }

  private entry(item: EpisodeItem): HTMLLIElement {
    const { name } = item;
    const button = make("button", { type: "button", className: "episode" });
    button.dataset.name = name;
    const [sign, word, style] = verdict(item);
    // of what cannot be read, the name of its file tells
    const seed = item.seed ?? /seed-(.+)\.mcap$/.exec(name)?.[1];
    const steps = /^step-0*(\d+)/.exec(name)?.[1];
    const file = seed === undefined ? "" : name;
    const policy = steps ? `at ${thousands(Number(steps))}` : name.startsWith("dump") ? "NaN guard" : file;
    const isUnreadable = word === "unreadable";
    const figures = isUnreadable
      ? [word, policy]
      : [item.return === undefined ? "" : item.return.toFixed(1), lengthOf(item), policy];
    const head = make("span", { className: "episode-title" });
    head.append(
      make("span", { className: style }, sign),
      make("span", {}, seed === undefined ? name : `Seed ${seed}`),
      make("span", { className: `${style} verdict-${word}` }, isUnreadable ? "" : word),
    );
    const detail = make("small", isUnreadable ? { className: "bad" } : {});
    detail.textContent = figures.filter(Boolean).join(" · ");
    detail.title = `Return, ${item.successTime === undefined ? "length" : "time to success"}${steps ? `, policy after ${Number(steps)} steps` : `, ${name}`}`;
    button.append(this.actions.picture(item), head, detail);
    button.addEventListener("click", () => this.actions.choose(name));
    const compare = make("button", { type: "button", className: "compare-toggle" });
    compare.innerHTML = COMPARE_ICON;
    compare.title = "Compare with the episode shown";
    compare.setAttribute(
      "aria-label",
      seed === undefined ? `Compare ${name}` : `Compare seed ${seed}, ${policy}`,
    );
    compare.addEventListener("click", () => this.actions.compare(name));
    const entry = make("li");
    entry.append(button, compare);
    return entry;
  }
}

const COMPARE_ICON =
  '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 2h5v12H2zm1.4 1.4v9.2h2.2V3.4zM9 2h5v12H9z" fill-rule="evenodd" /></svg>';

function verdict({ name, success }: EpisodeItem): [sign: string, word: string, style: string] {
  if (name.startsWith("dump")) return ["!", "dropped", "bad"];
  if (success === undefined) return ["?", "unreadable", "bad"];
  return success ? ["✓", "success", "good"] : ["✗", "failure", "bad"];
}

/** How long it took: to solve the task, or in vain. */
function lengthOf({ length, success, successTime }: EpisodeItem): string {
  if (success && successTime !== undefined) return `in ${successTime.toFixed(1)} s`;
  return length === undefined ? "" : `${length} steps`;
}

/** Scroll the list, and nothing else, to an entry. */
function reveal(entry: HTMLElement): void {
  const list = element("episodes");
  const [view, box] = [list.getBoundingClientRect(), entry.getBoundingClientRect()];
  if (box.top < view.top || box.bottom > view.bottom) list.scrollTop += box.top - view.top - 40;
  if (box.left < view.left || box.right > view.right) list.scrollLeft += box.left - view.left - 20;
}

function thousands(steps: number): string {
  return steps >= 1000 ? `${Math.round(steps / 1000)}k` : String(steps);
}
