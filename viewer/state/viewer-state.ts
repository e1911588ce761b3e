// All that the page shows, as plain data: every panel is a function of it, and actions return the next one.

import type { FitValidation } from "../../src/recording/fit-validation.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { MetricRow, RunItem } from "../../src/recording/run-events.js";
import type { ListRequest } from "./episode-order.js";

/** An episode of a run. */
export interface EpisodeAddress {
  readonly run: string;
  /** Empty for an episode that was made in this page. */
  readonly name: string;
}

/** An episode with its recording. */
export interface LoadedEpisode extends EpisodeAddress {
  readonly recording: EpisodeRecording;
}

/** Episodes that are being read. */
export interface Loading {
  /** Frame to open them at, without playing; undefined: the first, playing. */
  readonly frame: number | undefined;
  /** Whether it takes long enough to be shown. */
  readonly isSlow: boolean;
  /** Frames read so far, and how many the file holds. */
  readonly read: number;
  readonly expected: number | undefined;
}

/** A stretch of time. */
export interface Zoom {
  /** s */
  readonly from: number;
  readonly to: number;
  /** Frames that lie in it. */
  readonly frames: readonly [first: number, last: number];
}

/** How several episodes share the picture. */
export type Layout = "tiles" | "overlay";

/** What is drawn over the entities of the scene. */
export interface SceneOptions {
  readonly path: boolean;
  readonly forces: boolean;
  readonly command: boolean;
  readonly areas: boolean;
  readonly workspace: boolean;
  readonly axes: boolean;
  readonly cameras: boolean;
}

/** The panels beside the scene, in the order of their tabs. */
export const TABS = ["episode", "policy", "live", "training", "compare"] as const;

/** Name of a panel beside the scene. */
export type TabName = (typeof TABS)[number];

/** Policies whose outcomes are compared, by their ids. */
export interface PolicyPair {
  readonly a: string;
  readonly b: string;
}

/** The live channel to the server. */
export interface Connection {
  readonly phase: "opening" | "open" | "lost" | "static";
  /** Last line of the server about itself; it stays when the server ends. */
  readonly status?: string;
  /** Why what the page asked of the server was not done. */
  readonly problem?: string;
}

/** The training by the server's process. */
export interface Training {
  readonly run: string;
  /** How far the user's wish to end it has come. */
  readonly stop: "none" | "unconfirmed" | "saving";
}

/** What live mode does. */
export type LivePhase = "off" | "starting" | "running" | "paused";

/** A live episode so far. */
export interface LiveEpisode {
  /** Frames of the recording before it, and its own; only ever appended to. */
  readonly frames: readonly RecordedFrame[];
  /** The last frame when this was the state. */
  readonly index: number;
  /** Return so far. */
  readonly total: number;
}

/** Live mode. */
export interface Live {
  readonly phase: LivePhase;
  /** While it is on. */
  readonly episode: LiveEpisode | undefined;
  /** Steps made in this page that were not downloaded; they outlast the live episode. */
  readonly unsaved: number;
  /** Whether there is a live episode to download. */
  readonly canSave: boolean;
  readonly notice: string;
  /** Whether the notice is about something that failed. */
  readonly isProblem: boolean;
}

/** Places of the page that show a sentence to the user. */
export type MessagePlace = "stage" | "link" | "compare" | "overlays" | "capture";

/** Everything that the page shows. */
export interface ViewerState {
  /** Whether the page has been set up. */
  readonly isReady: boolean;
  readonly messages: Readonly<Partial<Record<MessagePlace, string>>>;

  /** All runs, newest first. */
  readonly runs: readonly RunItem[];
  /** Name of the run that is shown. */
  readonly run: string | undefined;
  /** Metrics of that run; undefined while they are fetched. */
  readonly metrics: readonly MetricRow[] | undefined;
  /** What the best epoch of a fit came to; undefined of a policy, and while it is fetched. */
  readonly validation: FitValidation | undefined;
  /** Metrics of other runs that are drawn over them, by the names of the runs. */
  readonly overlays: ReadonlyMap<string, readonly MetricRow[]>;

  /** Which episodes of the run are listed, in which order. */
  readonly list: ListRequest;
  /** Whether new episodes are opened as they are recorded. */
  readonly follow: boolean;

  /** Episodes asked for: the first, and those that it is compared with. */
  readonly episodes: readonly EpisodeAddress[];
  /** Set while they are read. */
  readonly loading: Loading | undefined;
  /** Episodes that are shown. */
  readonly shown: readonly LoadedEpisode[];
  readonly layout: Layout;

  readonly frame: number;
  readonly isPlaying: boolean;
  /** Times real time. */
  readonly speed: number;
  readonly loop: boolean;
  readonly zoom: Zoom | undefined;
  /** Whether a video is being made, which ends with the episode. */
  readonly isFilming: boolean;

  /** "lost": the browser has taken it away for now; "missing": the browser has no WebGL. */
  readonly graphics: "drawn" | "lost" | "missing";
  readonly drawn: SceneOptions;
  /** Whether the camera moves along with the tool. */
  readonly followTool: boolean;

  readonly tab: TabName;
  /** Whether the user chose the tab, which then stays. */
  readonly isTabChosen: boolean;
  /** Policies that the user compares; undefined: those of the run with most episodes. */
  readonly policies: PolicyPair | undefined;

  readonly connection: Connection;
  readonly training: Training | undefined;
  readonly live: Live;
  /** Who acts in live episodes, as the user chose: "run:NAME", "expert", "recorded", "manual"; undefined: the first offered. */
  readonly driver: string | undefined;
}

/** Live mode before it has begun. */
export const NO_LIVE: Live = {
  phase: "off",
  episode: undefined,
  unsaved: 0,
  canSave: false,
  notice: "",
  isProblem: false,
};

/** The page before anything was fetched. */
export const INITIAL_STATE: ViewerState = {
  isReady: false,
  messages: {},
  runs: [],
  run: undefined,
  metrics: undefined,
  validation: undefined,
  overlays: new Map(),
  list: { outcome: "all", order: "newest", seed: "" },
  follow: true,
  episodes: [],
  loading: undefined,
  shown: [],
  layout: "tiles",
  frame: 0,
  isPlaying: false,
  speed: 1,
  loop: true,
  zoom: undefined,
  isFilming: false,
  graphics: "drawn",
  drawn: {
    path: true,
    forces: false,
    command: true,
    areas: true,
    workspace: false,
    axes: false,
    cameras: true,
  },
  followTool: false,
  tab: "episode",
  isTabChosen: false,
  policies: undefined,
  connection: { phase: "opening" },
  training: undefined,
  live: NO_LIVE,
  driver: undefined,
};
