// Which episodes of a run are listed, and in which order.
import type { EpisodeItem } from "../../src/recording/run-events.js";

/** Outcome that is listed. */
export type OutcomeFilter = "all" | "success" | "failure";
/** What comes first. */
export type EpisodeOrder = "newest" | "slowest" | "lowest" | "highest" | "seed";

/** What the list is asked for. */
export interface ListRequest {
  readonly outcome: OutcomeFilter;
  readonly order: EpisodeOrder;
  /** Digits that the seed must hold; empty for any. */
  readonly seed: string;
}

/** Return the episodes asked for, in order; items come oldest first. */
export function listedEpisodes(items: readonly EpisodeItem[], request: ListRequest): EpisodeItem[] {
  const { outcome, order, seed } = request;
  const found = [...items]
    .reverse()
    .filter(
      (item) =>
        (outcome === "all" || item.success === (outcome === "success")) &&
        (seed === "" || item.seed?.includes(seed) === true),
    );
  const by = (value: (item: EpisodeItem) => number) => found.sort((a, b) => value(a) - value(b));
  // of those that never were solved, and of older recordings, there is no such time
  if (order === "slowest")
    return by(({ success, successTime }) => (success && successTime !== undefined ? -successTime : 1));
  if (order === "lowest") return by((item) => item.return ?? Number.POSITIVE_INFINITY);
  if (order === "highest") return by((item) => -(item.return ?? Number.NEGATIVE_INFINITY));
  if (order === "seed")
    return found.sort((a, b) => (a.seed ?? "").localeCompare(b.seed ?? "", "en", { numeric: true }));
  return found;
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
