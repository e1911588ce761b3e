// The list of a run's episodes, with pictures, a filter and an order.
import type { EpisodeItem } from "../../src/recording/run-events.js";
import type { Commands } from "../state/commands.js";
import type { EpisodeOrder, ListRequest, OutcomeFilter } from "../state/episode-order.js";
import { changeList, setFollow } from "../state/panel-actions.js";
import { currentRun, listed, marked } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { EpisodeAddress, ViewerState } from "../state/viewer-state.js";
import { element, showText } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** Where the small pictures of the list come from. */
export interface ListPictures {
  /** Return an element that holds the picture of an episode of so many steps. */
  holder(episode: EpisodeAddress, steps: number): HTMLElement;
  /** The elements are about to be replaced. */
  reset(): void;
}

/** Show the episodes of the run, and which of them are shown; presses open and compare them. */
export function bindEpisodeList(store: Store<ViewerState>, commands: Commands, pictures: ListPictures): void {
  bindRequest(store);
  store.watch(
    (state) => [listed(state), state.run, currentRun(state)?.episodes.length ?? 0],
    ([items, run = "", total]) => {
      pictures.reset();
      element("episodes").replaceChildren(
        ...items.map((item) => {
          const picture = pictures.holder({ run, name: item.name }, item.length ?? 0);
          return entry(item, picture, commands);
        }),
      );
      element("episode-count").textContent =
        items.length === total ? `${total}` : `${items.length} of ${total}`;
      showText("no-episodes", items.length > 0 || run === "" ? undefined : nothing(store.get()));
    },
  );
  store.watch(
    (state) => [marked(state), listed(state)],
    ([{ current, compared }]) => mark(current, compared),
  );
}

/** The filter, the order and the search. */
function bindRequest(store: Store<ViewerState>): void {
  const filters = element("filter").querySelectorAll("input");
  const [order, seed, follow] = [element("order"), element("seed"), element("follow")];
  for (const input of filters)
    input.addEventListener("change", () =>
      store.update(changeList, { outcome: input.value as OutcomeFilter }),
    );
  order.addEventListener("change", () => store.update(changeList, { order: order.value as EpisodeOrder }));
  seed.addEventListener("input", () => store.update(changeList, { seed: seed.value.trim() }));
  follow.addEventListener("change", () => store.update(setFollow, follow.checked));
  store.watch(
    ({ list }) => list,
    (list) => {
      for (const input of filters) input.checked = input.value === list.outcome;
      order.value = list.order;
      if (seed.value.trim() !== list.seed) seed.value = list.seed;
    },
  );
  store.watch(
    (state) => state.follow,
    (isFollowing) => {
      follow.checked = isFollowing;
    },
  );
}

function mark(current: string | undefined, compared: readonly string[]): void {
  for (const button of element("episodes").querySelectorAll<HTMLElement>(".episode")) {
    const isCurrent = button.dataset.name === current;
    button.setAttribute("aria-current", String(isCurrent));
    const toggle = button.parentElement!.querySelector(".compare-toggle")!;
    toggle.setAttribute("aria-pressed", String(compared.includes(button.dataset.name!)));
    if (isCurrent) reveal(button.parentElement!);
  }
}

function nothing(state: ViewerState): string {
  if (currentRun(state)?.fit) return "None: this run learned from data.";
  const { outcome, seed }: ListRequest = state.list;
  if (seed !== "") return `No seed here holds ${seed}.`;
  if (outcome === "all") return "None yet: they appear here as they are recorded.";
  return outcome === "success" ? "None succeeded." : "None failed.";
}

function entry(item: EpisodeItem, picture: HTMLElement, commands: Commands): HTMLLIElement {
  const { name } = item;
  const button = make("button", { type: "button", className: "episode" });
  button.dataset.name = name;
  const [sign, word, style] = verdict(item);
  // of what cannot be read, the name of its file tells
  const seed = item.imported ? undefined : (item.seed ?? /seed-(.+)\.mcap$/.exec(name)?.[1]);
  const steps = /^step-0*(\d+)/.exec(name)?.[1];
  const file = seed === undefined ? "" : name;
  const policy = steps ? `at ${thousands(Number(steps))}` : name.startsWith("dump") ? "NaN guard" : file;
  const isUnreadable = word === "unreadable";
  const figures = isUnreadable
    ? [word, policy]
    : [item.return === undefined || item.imported ? "" : item.return.toFixed(1), lengthOf(item), policy];
  const head = make("span", { className: "episode-title" });
  head.append(
    make("span", { className: style }, sign),
    make("span", {}, seed === undefined ? name : `Seed ${seed}`),
    make("span", { className: `${style} verdict-${word}` }, isUnreadable ? "" : word),
  );
  const detail = make("small", isUnreadable ? { className: "bad" } : {});
  detail.textContent = figures.filter(Boolean).join(" · ");
  detail.title = `Return, ${item.successTime === undefined ? "length" : "time to success"}${steps ? `, policy after ${Number(steps)} steps` : `, ${name}`}`;
  button.append(picture, head, detail);
  button.addEventListener("click", () => void commands.openEpisode(name));
  const compare = make("button", { type: "button", className: "compare-toggle" });
  compare.innerHTML = COMPARE_ICON;
  compare.title = "Compare with the episode shown";
  compare.setAttribute(
    "aria-label",
    seed === undefined ? `Compare ${name}` : `Compare seed ${seed}, ${policy}`,
  );
  compare.addEventListener("click", () => void commands.toggleCompared(name));
  const entry = make("li");
  entry.append(button, compare);
  return entry;
}

const COMPARE_ICON =
  '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 2h5v12H2zm1.4 1.4v9.2h2.2V3.4zM9 2h5v12H9z" fill-rule="evenodd" /></svg>';

function verdict({ name, success, imported }: EpisodeItem): [sign: string, word: string, style: string] {
  if (imported) return ["", "imported", ""];
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
