// Two policies on the same seeds, outcome by outcome.
import type { EpisodeItem, RunItem } from "../../src/recording/run-events.js";

/** Episodes of one policy: a run after so many steps. */
export interface PolicyEpisodes {
  readonly id: string;
  readonly label: string;
  readonly env: string;
  readonly run: string;
  readonly bySeed: ReadonlyMap<string, EpisodeItem>;
}

/** One seed that both policies met. */
export interface OutcomeRow {
  readonly seed: string;
  readonly a: EpisodeItem;
  readonly b: EpisodeItem;
}

/** How two policies compare on the seeds that both met. */
export interface OutcomeTable {
  readonly rows: readonly OutcomeRow[];
  readonly counts: {
    readonly both: number;
    readonly onlyA: number;
    readonly onlyB: number;
    readonly neither: number;
  };
  /** Mean return, of B less that of A. */
  readonly returnGain: number;
}

/** Sort the episodes of all runs by the policy that acted; `titles` say what runs are called. */
export function policiesOf(runs: readonly RunItem[], titles: ReadonlyMap<string, string>): PolicyEpisodes[] {
  const found = new Map<string, { policy: PolicyEpisodes; episodes: Map<string, EpisodeItem> }>();
  for (const { run, config, episodes } of runs) {
    for (const item of episodes) {
      const steps = /^step-0*(\d+)/.exec(item.name)?.[1];
      if (steps === undefined || item.seed === undefined) continue;
      const id = `${run} ${steps}`;
      const bySeed = found.get(id)?.episodes ?? new Map<string, EpisodeItem>();
      bySeed.set(item.seed, item);
      const label = `${Number(steps).toLocaleString("en")} steps · ${titles.get(run) ?? run}`;
      found.set(id, { policy: { id, label, env: config?.env ?? "", run, bySeed }, episodes: bySeed });
    }
  }
  return [...found.values()].map(({ policy }) => policy);
}

/** Set the outcomes of two policies side by side, seed by seed. */
export function compareOutcomes(a: PolicyEpisodes, b: PolicyEpisodes): OutcomeTable {
  const rows = [...a.bySeed]
    .flatMap(([seed, item]) => {
      const other = b.bySeed.get(seed);
      return other ? [{ seed, a: item, b: other }] : [];
    })
    .sort((x, y) => x.seed.localeCompare(y.seed, "en", { numeric: true }));
  const count = (first: boolean, second: boolean) =>
    rows.filter((row) => row.a.success === first && row.b.success === second).length;
  const gain = rows.reduce((sum, row) => sum + (row.b.return ?? 0) - (row.a.return ?? 0), 0);
  return {
    rows,
    counts: {
      both: count(true, true),
      onlyA: count(true, false),
      onlyB: count(false, true),
      neither: count(false, false),
    },
    returnGain: rows.length > 0 ? gain / rows.length : 0,
  };
}
