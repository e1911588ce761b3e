// Reads the recordings that the state asks for.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import {
  isComparing,
  refuseEpisodes,
  showEpisodes,
  showLoading,
  shownAt,
  showProgress,
} from "../state/episode-actions.js";
import type { Store } from "../state/store.js";
import type { EpisodeAddress, LoadedEpisode, ViewerState } from "../state/viewer-state.js";
import { fetchRecording } from "./run-source.js";

/** Nothing is shown of what is read quicker than this, ms. */
const PATIENCE = 200;

/** Read the episodes that are asked for last; the reading of those before is given up. */
export function bindEpisodeLoader(store: Store<ViewerState>): void {
  let reading = new AbortController();
  store.watch(
    ({ loading, episodes }) => (loading ? episodes : undefined),
    (episodes) => {
      reading.abort();
      if (!episodes) return;
      reading = new AbortController();
      void load(store, episodes, reading.signal);
    },
  );
}

async function load(
  store: Store<ViewerState>,
  episodes: readonly EpisodeAddress[],
  signal: AbortSignal,
): Promise<void> {
  const timer = setTimeout(() => store.update(showLoading), PATIENCE);
  signal.addEventListener("abort", () => clearTimeout(timer));
  const progress = (read: number, expected: number | undefined) => {
    if (!signal.aborted) store.update(showProgress, read, expected);
  };
  const read = async (address: EpisodeAddress): Promise<LoadedEpisode> => {
    const { run, name } = address;
    return {
      run,
      name,
      recording: known(store.get(), address) ?? (await fetchRecording(run, name, { signal, progress })),
    };
  };
  try {
    const loaded = await Promise.all(episodes.map(read));
    if (!signal.aborted) store.update(showEpisodes, loaded);
  } catch (error) {
    if (!signal.aborted) store.update(refuseEpisodes, (error as Error).message);
  }
}

/** Of a comparison: the recording that is shown already. */
function known(state: ViewerState, address: EpisodeAddress): EpisodeRecording | undefined {
  return isComparing(state) ? shownAt(state, address)?.recording : undefined;
}
