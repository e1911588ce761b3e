// Getting recordings, with a word about how far it is where that takes long.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import type { EpisodeAddress } from "../compare/compare-panel.js";
import { element, tell } from "../ui/page.js";
import { fetchRecording } from "./run-source.js";

/** Nothing is said of what is read quicker than this, ms. */
const PATIENCE = 200;

/** An episode with its recording. */
export interface LoadedEpisode extends EpisodeAddress {
  readonly recording: EpisodeRecording;
}

/** Loads what was asked for last; what was asked for before is given up. */
export class EpisodeLoader {
  private reading = new AbortController();
  /** Whether what was asked for last is not there yet. */
  isLoading = false;

  /**
   * Load episodes, but for those that `known` has.
   *
   * `slow` is called where it takes long. Returns undefined where something else has been asked for meanwhile; rejects in
   * plain words where a recording cannot be read.
   */
  async load(
    addresses: readonly EpisodeAddress[],
    known: (address: EpisodeAddress) => EpisodeRecording | undefined,
    slow: () => void,
  ): Promise<readonly LoadedEpisode[] | undefined> {
    this.stop();
    const { signal } = this.reading;
    this.isLoading = true;
    const name = addresses.map((address) => address.name).join(", ");
    const waiting = setTimeout(() => {
      slow();
      showLoading(name);
    }, PATIENCE);
    const progress = (read: number, expected: number | undefined) => {
      if (!signal.aborted) showProgress(name, read, expected);
    };
    try {
      const loaded = await Promise.all(
        addresses.map(async (address) => {
          const recording =
            known(address) ?? (await fetchRecording(address.run, address.name, { signal, progress }));
          return { ...address, recording };
        }),
      );
      return signal.aborted ? undefined : loaded;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      clearTimeout(waiting);
      if (!signal.aborted) this.stop();
    }
  }

  /** Give up what is being loaded. */
  stop(): void {
    this.isLoading = false;
    this.reading.abort();
    this.reading = new AbortController();
    showLoading(undefined);
  }
}

/** Say that a recording is read, or no longer. */
function showLoading(name: string | undefined): void {
  if (name !== undefined) tell("message", undefined);
  element("loading").hidden = name === undefined;
  tell("loading-text", name === undefined ? undefined : `Reading ${name}`);
  element<HTMLProgressElement>("loading-bar").removeAttribute("value");
}

/** Say how much has been read. */
function showProgress(name: string, read: number, expected: number | undefined): void {
  if (element("loading").hidden || !expected) return;
  element<HTMLProgressElement>("loading-bar").value = Math.min(1, read / expected);
  const count = (states: number) => states.toLocaleString("en");
  tell("loading-text", `Reading ${name}: ${count(read)} of ${count(expected)} states`);
}
