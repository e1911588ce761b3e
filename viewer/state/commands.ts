// What the user asks for elsewhere than where it is shown; first a live episode that would be lost is asked about.
import { chooseEpisodes } from "./episode-actions.js";
import { openLink, type ViewLink } from "./link.js";
import { say } from "./panel-actions.js";
import { openRun } from "./run-actions.js";
import { comparisonWith, MAX_COMPARED, neighbour } from "./selectors.js";
import type { Store } from "./store.js";
import type { EpisodeAddress, ViewerState } from "./viewer-state.js";

/** Commands of the user; each resolves when it was done, or when the user chose to stay. */
export interface Commands {
  openRun(run: string): Promise<void>;
  openEpisodes(episodes: readonly EpisodeAddress[]): Promise<void>;
  /** Open an episode of the run that is shown. */
  openEpisode(name: string): Promise<void>;
  /** Open the next (1) or the previous (-1) episode of the list. */
  openNeighbour(direction: 1 | -1): Promise<void>;
  /** Take an episode of the run into the comparison, or out of it. */
  toggleCompared(name: string): Promise<void>;
  openLink(link: ViewLink): Promise<void>;
}

/** Make the commands; `mayLeave` asks whether a live episode may be lost. */
export function createCommands(store: Store<ViewerState>, mayLeave: () => Promise<boolean>): Commands {
  const commands: Commands = {
    async openRun(run) {
      if (await mayLeave()) store.update(openRun, run);
    },
    async openEpisodes(episodes) {
      if (await mayLeave()) store.update(chooseEpisodes, episodes);
    },
    async openEpisode(name) {
      const { run } = store.get();
      if (run !== undefined) await commands.openEpisodes([{ run, name }]);
    },
    async openNeighbour(direction) {
      const name = neighbour(store.get(), direction);
      if (name !== undefined) await commands.openEpisode(name);
    },
    async toggleCompared(name) {
      const { run } = store.get();
      if (run === undefined) return;
      const episodes = comparisonWith(store.get(), { run, name });
      if (episodes.length <= MAX_COMPARED) await commands.openEpisodes(episodes);
      else
        store.update(say, "compare", `${MAX_COMPARED} episodes are compared at most: leave one out first.`);
    },
    async openLink(link) {
      if (await mayLeave()) store.update(openLink, link);
    },
  };
  return commands;
}
