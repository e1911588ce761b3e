// What a run that goes on sends to its viewers.
import type { EpisodeSummary } from "./recording.js";

/** An event of a run: a row of metrics, an episode that was recorded, a line to be shown, or which run is trained. */
export type LiveEvent =
  | { readonly type: "metrics"; readonly run: string; readonly values: Readonly<Record<string, number>> }
  | ({ readonly type: "episode"; readonly run: string; readonly name: string } & EpisodeSummary)
  | { readonly type: "status"; readonly text: string }
  /** Which run is trained now; null when none is. */
  | { readonly type: "training"; readonly run: string | null };
