// The list of a run's episodes, newest policy first, with a filter.
import { element, tell } from "./page.js";
import type { EpisodeItem } from "./run-source.js";

type Filter = "all" | "success" | "failure";

/** Lists episodes and says which one was chosen. */
export class EpisodeList {
  private items: readonly EpisodeItem[] = [];
  private current: string | undefined;
  private filter: Filter = "all";
  private readonly choose: (name: string) => void;

  constructor(choose: (name: string) => void) {
    this.choose = choose;
    element("filter").addEventListener("change", ({ target }) => {
      this.filter = (target as HTMLInputElement).value as Filter;
      this.draw();
    });
  }

  /** Show the episodes of a run. */
  open(items: readonly EpisodeItem[]): void {
    this.items = items;
    this.draw();
  }

  /** Mark the episode that is shown. */
  mark(name: string | undefined): void {
    this.current = name;
    for (const button of element("episodes").querySelectorAll("button")) {
      const isCurrent = button.dataset.name === name;
      button.setAttribute("aria-current", String(isCurrent));
      if (isCurrent) reveal(button.parentElement!);
    }
  }

  /** Return the episode after or before the marked one in the list as filtered. */
  neighbour(direction: 1 | -1): string | undefined {
    const names = this.shown().map(({ name }) => name);
    const index = names.indexOf(this.current ?? "");
    return index < 0 ? names[0] : names[index + direction];
  }

  private shown(): EpisodeItem[] {
    return [...this.items]
      .reverse()
      .filter(({ success }) => this.filter === "all" || success === (this.filter === "success"));
  }

  private draw(): void {
    const shown = this.shown();
    element("episodes").replaceChildren(...shown.map((item) => this.entry(item)));
    this.mark(this.current);
    const total = this.items.length;
    element("episode-count").textContent =
      shown.length === total ? `${total}` : `${shown.length} of ${total}`;
    const none = {
      all: "None yet: they appear here as they are recorded.",
      success: "None succeeded.",
      failure: "None failed.",
    };
    tell("no-episodes", shown.length > 0 ? undefined : none[this.filter]);
  }

  private entry(item: EpisodeItem): HTMLLIElement {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.name = item.name;
    const [sign, word, style] = verdict(item);
    const steps = /^step-0*(\d+)/.exec(item.name)?.[1];
    const isDump = item.name.startsWith("dump");
    button.append(span(sign, style), span(`Seed ${item.seed ?? "unknown"}`), span(word, style));
    const detail = document.createElement("small");
    const policy = steps ? `at ${thousands(Number(steps))}` : isDump ? "NaN guard" : item.name;
    const figures = [
      item.return === undefined ? "" : `return ${item.return.toFixed(1)}`,
      item.length === undefined ? "" : `${item.length} steps`,
    ];
    detail.title = steps ? `Policy after ${steps} steps` : item.name;
    detail.append(span(figures.filter(Boolean).join(" · ")), span(policy));
    button.append(detail);
    button.addEventListener("click", () => this.choose(item.name));
    const entry = document.createElement("li");
    entry.append(button);
    return entry;
  }
}

/** Return the episode to begin with: of those that succeeded the one with the highest return, else the newest. */
export function bestEpisode(items: readonly EpisodeItem[]): string | undefined {
  const readable = items.filter(({ success }) => success !== undefined);
  const worth = ({ success, return: total = 0 }: EpisodeItem) => (success ? total : Number.NEGATIVE_INFINITY);
  const best = readable.reduce<EpisodeItem | undefined>(
    (found, item) => (found && worth(found) > worth(item) ? found : item),
    undefined,
  );
  return (best ?? items.at(-1))?.name;
}

function verdict({ name, success }: EpisodeItem): [sign: string, word: string, style: string] {
  if (name.startsWith("dump")) return ["!", "dropped", "bad"];
  if (success === undefined) return ["?", "unreadable", "bad"];
  return success ? ["✓", "success", "good"] : ["✗", "failure", "bad"];
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

function span(text: string, className = ""): HTMLSpanElement {
  const made = document.createElement("span");
  made.textContent = text;
  made.className = className;
  return made;
}
