// The link to what is shown: run, episodes, frame and tab, behind the # of the page's address.
import { parseEpisodeName } from "../../src/recording/recording.js";
import type { RunItem } from "../../src/recording/run-events.js";
import { beyondEnd, openEpisodes } from "./episode-actions.js";
import { chooseTab, say } from "./panel-actions.js";
import { seek } from "./playback-actions.js";
import { openRun, selectRun } from "./run-actions.js";
import { currentRun, MAX_COMPARED } from "./selectors.js";
import { derived } from "./store.js";
import { type EpisodeAddress, TABS, type TabName, type ViewerState } from "./viewer-state.js";

/** What a link names, as it is written there; nothing of it is known to exist. */
export interface ViewLink {
  readonly run?: string;
  readonly episode?: string;
  /** Episodes to compare with, each `NAME` of the same run or `RUN/NAME`. */
  readonly compare: readonly string[];
  readonly frame?: string;
  readonly tab?: string;
}

/** Read the part of an address behind its #. */
export function parseLink(hash: string): ViewLink {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const names = ["run", "episode", "frame", "tab"] as const;
  const named = names.flatMap((name) => {
    const value = parts.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(named), compare: parts.getAll("compare") };
}

/**
 * Return the link to what is shown, such as `#run=Reach-v1__ppo-mlp__1&episode=best.mcap&frame=12&tab=policy`; empty where there
 * is no run.
 *
 * While an episode plays the link has no frame, and so plays as well; a tab that came by itself and is the first is left out.
 */
export const linkTo = derived(
  (state: ViewerState) => [
    state.run,
    state.episodes,
    state.loading ? state.loading.frame : standingFrame(state),
    state.isTabChosen || state.tab !== TABS[0] ? state.tab : undefined,
  ],
  writeLink,
);

/** Show what a link names; what it names wrongly is left as it is, and said. */
export function openLink(state: ViewerState, link: ViewLink): ViewerState {
  const problems: string[] = [];
  const withTab = openTab(state, link.tab, problems);
  const opened = openNamed(withTab, link, problems);
  return say(opened, "link", problems.join(" ") || undefined);
}

function writeLink(
  current: string | undefined,
  episodes: readonly EpisodeAddress[],
  frame: number | undefined,
  tab: TabName | undefined,
): string {
  const [first, ...others] = episodes;
  const run = first?.run ?? current;
  if (run === undefined) return "";
  const parts = new URLSearchParams({ run });
  if (first) parts.set("episode", first.name);
  for (const other of others)
    parts.append("compare", other.run === run ? other.name : `${other.run}/${other.name}`);
  if (frame !== undefined) parts.set("frame", String(frame));
  if (tab !== undefined) parts.set("tab", tab);
  return `#${parts}`;
}

/** The frame, where an episode with a name stands still. */
function standingFrame({ episodes, shown, isPlaying, frame }: ViewerState): number | undefined {
  return episodes.length > 0 && shown.length > 0 && !isPlaying ? frame : undefined;
}

function openTab(state: ViewerState, tab: string | undefined, problems: string[]): ViewerState {
  if (tab === undefined) return state;
  const known = TABS.find((name) => name === tab);
  if (known) return chooseTab(state, known);
  problems.push(`The link names the tab "${tab}"; there are ${TABS.join(", ")}.`);
  return state;
}

function openNamed(state: ViewerState, link: ViewLink, problems: string[]): ViewerState {
  const fallback = currentRun(state) ?? state.runs[0];
  const run = link.run === undefined ? fallback : state.runs.find((item) => item.run === link.run);
  if (!run) {
    if (link.run !== undefined) problems.push(unknownRun(link.run, state));
    return state.run === undefined && fallback ? openRun(state, fallback.run) : state;
  }
  const frame = namedFrame(link.frame, problems);
  const episodes = namedEpisodes(state, run, link, problems);
  if (episodes.length === 0) {
    // the frame was meant of the episode that is not there
    const own = link.episode === undefined ? frame : undefined;
    return run.run === state.run ? seekNamed(state, own, problems) : openRun(state, run.run, own);
  }
  const selected = selectRun(state, run.run);
  const { shown, loading } = state;
  const isShown =
    !loading &&
    shown.length === episodes.length &&
    episodes.every(({ run, name }, k) => shown[k]!.run === run && shown[k]!.name === name);
  return isShown ? seekNamed(selected, frame, problems) : openEpisodes(selected, episodes, frame);
}

/** Go to a frame of the episodes that are shown already. */
function seekNamed(state: ViewerState, frame: number | undefined, problems: string[]): ViewerState {
  if (frame === undefined || state.shown.length === 0) return state;
  const sought = seek(state, frame);
  if (sought.frame !== frame) problems.push(beyondEnd(frame, sought.frame));
  return sought;
}

function namedEpisodes(
  state: ViewerState,
  run: RunItem,
  { episode, compare }: ViewLink,
  problems: string[],
): EpisodeAddress[] {
  if (episode === undefined) return [];
  const addresses = [episode, ...compare].map((text) => addressOf(text, run.run));
  const found = addresses.flatMap((address) => {
    const item = state.runs.find((known) => known.run === address.run);
    const name = item && listedName(item, address.name);
    if (name === undefined)
      problems.push(`The link names the episode ${address.name}, which ${address.run} does not have.`);
    return name === undefined ? [] : [{ run: address.run, name }];
  });
  if (found.length > MAX_COMPARED)
    problems.push(`The link names ${found.length} episodes; the first ${MAX_COMPARED} are compared.`);
  return found.slice(0, MAX_COMPARED);
}

function addressOf(text: string, run: string): EpisodeAddress {
  const slash = text.indexOf("/");
  return slash < 0 ? { run, name: text } : { run: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The name under which an episode is listed: of a file with several it is the first. */
function listedName({ episodes }: RunItem, wanted: string): string | undefined {
  const exact = episodes.find(({ name }) => name === wanted);
  return (exact ?? episodes.find(({ name }) => parseEpisodeName(name).file === wanted))?.name;
}

function namedFrame(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const frame = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (frame === undefined) problems.push(`The link names the frame "${text}"; frames are 0, 1, 2 and so on.`);
  return frame;
}

function unknownRun(run: string, state: ViewerState): string {
  const shown = state.run === undefined ? "The newest is shown." : "";
  return `The link names the run "${run}", which is not here. ${shown}`.trim();
}
