// The viewer: lists runs and episodes, plays and compares them, and follows training live.
// before all that defines what data looks like
import "./without-eval.js";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./panels.css";
import "./stage.css";
import "./live/live.css";
import "./insight/insight.css";
import "./insight/sight.css";
import { parseEpisodeName } from "../src/recording/recording.js";
import type { RunItem } from "../src/recording/run-events.js";
import { CompareBar } from "./compare/compare-bar.js";
import { ComparePanel, type EpisodeAddress } from "./compare/compare-panel.js";
import { EpisodeList } from "./episodes/episode-list.js";
import { bestEpisode } from "./episodes/episode-order.js";
import { Player } from "./episodes/player.js";
import { showRunSummary } from "./episodes/run-summary.js";
import { runTitles } from "./episodes/run-titles.js";
import { MAX_COMPARED, ShownEpisodes } from "./episodes/shown-episodes.js";
import { InsightPanel } from "./insight/insight-panel.js";
import { LiveClient } from "./live/live-client.js";
import { type LiveHost, LiveMode } from "./live/live-mode.js";
import { bindStop, showConnection, showStatic, showStatus, showTraining } from "./live/live-run.js";
import { PolicyShelf } from "./live/policy-shelf.js";
import { EpisodePlots } from "./plots/episode-plots.js";
import { TrainingPlots } from "./plots/training-plots.js";
import { bindCapture } from "./scene/capture.js";
import { PredictedMarks } from "./scene/marks/predicted-marks.js";
import { RobotScene } from "./scene/robot-scene.js";
import { Thumbnails } from "./scene/thumbnails.js";
import { bindViewOptions } from "./scene/view-options.js";
import { EpisodeLoader } from "./sources/episode-loader.js";
import {
  fetchMetrics,
  fetchPolicy,
  fetchRecording,
  fetchRuns,
  isStatic,
  type LiveEvent,
  listen,
} from "./sources/run-source.js";
import { warn } from "./ui/banner.js";
import { bindControls, showPlaying } from "./ui/controls.js";
import { bindMenu } from "./ui/menu.js";
import { element, tell } from "./ui/page.js";
import { Tabs } from "./ui/tabs.js";

/** What tests and curious people may read from the page. */
interface ViewerState {
  ready: boolean;
  readonly frame: number;
  readonly playing: boolean;
  readonly numFrames: number;
  /** Name of the episode that is shown, or cannot be; undefined while one is read. */
  readonly episode: string | undefined;
  /** What is held on the graphics card; undefined without WebGL. */
  readonly resources: RobotScene["resources"] | undefined;
  /** Where the camera of the scene stands, m. */
  readonly eye: readonly [number, number, number] | undefined;
}

declare global {
  interface Window {
    armgymViewer: ViewerState;
  }
}

const NO_GRAPHICS =
  "This browser shows no WebGL, so there is no picture. Switch on hardware acceleration, or open the page in another browser.";
const LOST_GRAPHICS =
  "The browser has taken the graphics away from this page, so there is no picture. The plots go on; the picture comes back as soon as the browser allows it.";

const runSelect = element<HTMLSelectElement>("run");
const follow = element<HTMLInputElement>("follow");

// under way while the scene is set up
let listing: Promise<RunItem[]> | undefined = fetchRuns();
listing.catch(() => undefined);

let runs: RunItem[] = [];
/** What the runs are called. */
let titles: ReadonlyMap<string, string> = new Map();
const loader = new EpisodeLoader();
let current: RunItem | undefined;
let episode: string | undefined;

// before live mode, which takes the same keys
bindMenu(element<HTMLDetailsElement>("show"));
const robot = openScene();
const player = new Player(
  (frame) => shown.showFrame(frame),
  () => showPlaying(player.playing),
);
const seek = (frame: number) => {
  // a live episode is where it is
  if (live.isOn) return;
  player.pause();
  player.seek(frame);
};
const zoom = (from?: number, to?: number) => (live.isOn ? plots.zoom(from, to) : shown.zoom(from, to));
const plots = new EpisodePlots(element("episode-plots"), { seek, zoom });
const bar = new CompareBar({
  remove: (index) => shown.all.length > 1 && void openEpisodes(shown.all.filter((_, k) => k !== index)),
  setLayout: (layout) => shown.setLayout(layout),
  seek,
  end: () => void openEpisodes(shown.all.slice(0, 1)),
});
const client = new LiveClient();
const shelf = new PolicyShelf(client, fetchPolicy);
const marks = new PredictedMarks();
robot?.view.scene.add(marks);
const insight = new InsightPanel(element("insight"), client, shelf, {
  seek,
  mark(places) {
    marks.show(places);
    robot?.view.request();
  },
});
const shown: ShownEpisodes = new ShownEpisodes({
  robot,
  plots,
  player,
  bar,
  companions: {
    open(first) {
      // several at a time cannot be continued
      live.open(shown.all.length > 1 ? undefined : first?.recording);
      const run = runs.find((item) => item.run === first?.run);
      insight.open(first?.recording, run?.config ? run.run : undefined);
    },
    show(index, { recording }) {
      // a live episode has the scene for itself
      if (live.isOn) return true;
      insight.show(index, recording.frames);
      return false;
    },
  },
});
const training = new TrainingPlots(fetchMetrics);
const thumbnails = new Thumbnails(element("episodes"), {
  fetch: (key) => {
    const { run, name } = JSON.parse(key) as EpisodeAddress;
    return fetchRecording(run, name);
  },
  draw: (recording, width, height) => robot?.thumbnail(recording, width, height),
  state() {
    if (!window.armgymViewer.ready || !robot || robot.hasLostGraphics || live.isOn) return "waiting";
    return player.playing ? "playing" : "idle";
  },
});
const list = new EpisodeList({
  choose: chooseEpisode,
  compare: toggleCompared,
  picture: ({ name, length = 0 }) => thumbnails.holder(JSON.stringify({ run: current?.run, name }), length),
  cleared: () => thumbnails.reset(),
});
const comparePanel = new ComparePanel((episodes) => void chooseEpisodes(episodes));
const tabs = new Tabs();

window.armgymViewer = {
  ready: false,
  get frame() {
    return player.frame;
  },
  get playing() {
    return player.playing;
  },
  get numFrames() {
    return shown.numFrames;
  },
  get episode() {
    return loader.isLoading ? undefined : episode;
  },
  get resources() {
    return robot?.resources;
  },
  get eye() {
    return robot?.view.camera.position.toArray();
  },
};

const liveHost: LiveHost = {
  shown() {
    const { first } = shown;
    // what is shown is about to go
    if (loader.isLoading) return undefined;
    return first && shown.all.length === 1 ? { recording: first.recording, frame: player.frame } : undefined;
  },
  runs(env) {
    const names = runs.filter(({ config }) => config?.env === env).map(({ run }) => run);
    const own = names
      .filter((run) => run === current?.run)
      .map((run) => [run, "Policy of this run"] as const);
    const others = names
      .filter((run) => run !== current?.run)
      .map((run) => [run, `Policy of ${titles.get(run)}`] as const);
    return [...own, ...others];
  },
  begin() {
    follow.checked = false;
    player.pause();
    tabs.choose("live");
  },
  place(frames) {
    const frame = frames.at(-1)!;
    robot?.place(frame, frames.length - 1);
    shown.showLive(frames);
    insight.show(frames.length - 1, frames);
  },
  end(recording, frame) {
    episode = undefined;
    list.mark(undefined, []);
    shown.open([{ run: current?.run ?? "", name: "", recording }]);
    player.pause();
    player.seek(frame);
  },
};
const live = new LiveMode(client, shelf, liveHost, robot?.view);

void start();

function openScene(): RobotScene | undefined {
  try {
    return new RobotScene(element<HTMLCanvasElement>("canvas"), (isLost) =>
      warn("graphics", isLost ? LOST_GRAPHICS : undefined),
    );
  } catch {
    warn("graphics", NO_GRAPHICS);
    return undefined;
  }
}

async function start(): Promise<void> {
  bindControls(player, {
    openNeighbour(direction) {
      const name = list.neighbour(direction);
      if (name) chooseEpisode(name);
    },
    endZoom: () => zoom(),
  });
  if (robot) {
    bindViewOptions(robot, () => shown.showFrame(player.frame));
    const name = () => `armgym-${shown.first?.name.replace(/\.mcap$/, "") ?? "scene"}-step-${player.frame}`;
    bindCapture({ canvas: robot.canvas, draw: () => robot.draw(), name }, player);
  }
  runSelect.addEventListener("change", async () => {
    const item = runs.find(({ run }) => run === runSelect.value);
    if (item && (await live.mayLeave())) await openRun(item);
    else runSelect.value = current?.run ?? "";
  });
  bindStop();
  showStatic();
  listen(onLive, showConnection);
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (await refreshRuns()) {
    const run = runs.find((item) => item.run === wanted.get("run")) ?? runs[0];
    if (run) await openRun(run, listedEpisode(run, wanted.get("episode")));
    else tell("message", "There are no runs here yet. Train one: armgym train Reach-v1 --view");
  }
  window.armgymViewer.ready = true;
}

/** The name under which a wanted episode is listed: of a file with several it is the first. */
function listedEpisode({ episodes }: RunItem, wanted: string | null): string | undefined {
  if (wanted === null || episodes.some(({ name }) => name === wanted)) return wanted ?? undefined;
  return episodes.find(({ name }) => parseEpisodeName(name).file === wanted)?.name ?? wanted;
}

async function refreshRuns(): Promise<boolean> {
  try {
    runs = await (listing ?? fetchRuns());
    listing = undefined;
  } catch (error) {
    listing = undefined;
    tell("message", `The runs cannot be listed: ${(error as Error).message}`);
    return false;
  }
  nameRuns();
  return true;
}

/** Say everywhere what the runs are called. */
function nameRuns(): void {
  titles = runTitles(runs);
  runSelect.replaceChildren(
    ...runs.map(({ run }) => {
      const option = new Option(titles.get(run), run, false, run === current?.run);
      option.title = run;
      return option;
    }),
  );
  runSelect.title = current?.run ?? "";
  comparePanel.setRuns(runs, titles, current?.run);
  training.offer(titles);
}

async function openRun(item: RunItem, name = bestEpisode(item.episodes)): Promise<void> {
  current = item;
  runSelect.value = item.run;
  runSelect.title = item.run;
  showRunSummary(item);
  list.open(item.episodes);
  const curves = fetchMetrics(item.run).catch(() => []);
  if (name) await openEpisode(name);
  else {
    loader.stop();
    episode = undefined;
    shown.close();
    tell("message", "This run has no episodes yet. They appear here as they are recorded.");
  }
  const rows = await curves;
  if (current !== item) return;
  training.open(item.run, rows);
  nameRuns();
}

/** Open an episode that the user chose; live ones no longer take its place. */
function chooseEpisode(name: string): void {
  if (current) void chooseEpisodes([{ run: current.run, name }]);
}

async function chooseEpisodes(addresses: readonly EpisodeAddress[]): Promise<void> {
  if (!(await live.mayLeave())) return;
  follow.checked = false;
  await openEpisodes(addresses);
}

async function openEpisode(name: string): Promise<void> {
  if (current) await openEpisodes([{ run: current.run, name }]);
}

/** Take an episode of the list into the comparison, or out of it. */
function toggleCompared(name: string): void {
  if (!current) return;
  const { run } = current;
  // a live episode has no name to be found by again
  const known = shown.all.filter((item) => item.name !== "");
  const others = known.filter((item) => item.run !== run || item.name !== name);
  if (others.length < known.length && others.length > 0) void chooseEpisodes(others);
  else if (others.length >= MAX_COMPARED)
    bar.refuse(`${MAX_COMPARED} episodes are compared at most: leave one out first.`);
  else void chooseEpisodes([...others, { run, name }]);
}

async function openEpisodes(addresses: readonly EpisodeAddress[]): Promise<void> {
  const [first] = addresses;
  if (!first) return;
  const { run, name } = first;
  const compared = addresses.filter((item) => item.run === current?.run).map((item) => item.name);
  episode = name;
  list.mark(run === current?.run ? name : undefined, addresses.length > 1 ? compared : []);
  history.replaceState(null, "", `#run=${encodeURIComponent(run)}&episode=${encodeURIComponent(name)}`);
  const shownAs = ({ run, name }: EpisodeAddress) =>
    shown.all.find((other) => other.run === run && other.name === name)?.recording;
  const isCompared = addresses.length > 1 || shown.all.length > 1;
  try {
    const episodes = await loader.load(
      addresses,
      (address) => (isCompared ? shownAs(address) : undefined),
      () => shownAs(first) || shown.close(),
    );
    if (episodes) shown.open(episodes);
  } catch (error) {
    // what was to be set beside cannot be read: then what it was to stand beside stays
    if (isCompared && shownAs(first)) markShown();
    else shown.close();
    tell("message", (error as Error).message);
  }
}

/** Mark in the list what is shown. */
function markShown(): void {
  const names = shown.all.filter(({ run }) => run === current?.run).map(({ name }) => name);
  list.mark(names[0], shown.all.length > 1 ? names : []);
}

function onLive(event: LiveEvent): void {
  if (event.type === "resync") {
    void catchUp();
    return;
  }
  if (event.type === "status") {
    showStatus(event.text);
    return;
  }
  if (event.type === "training") {
    showTraining(event.run);
    return;
  }
  const name = event.run;
  if (!runs.some(({ run }) => run === name)) {
    void followNewRun(name);
    return;
  }
  if (event.type === "metrics") {
    training.add(name, event.values);
    if (name === current?.run) tabs.suggest("training");
    return;
  }
  if (name !== current?.run) return;
  const { type: _type, run: _run, ...item } = event;
  current.episodes = [...current.episodes.filter((known) => known.name !== item.name), item];
  list.open(current.episodes);
  comparePanel.setRuns(runs, titles, current.run);
  // nobody is asked about an episode that comes by itself
  if (follow.checked && !live.hasUnsaved) void openEpisode(item.name);
  void refreshEvaluation(current);
}

/** Fetch what was told while the connection was lost. */
async function catchUp(): Promise<void> {
  if (!(await refreshRuns()) || !current) return;
  const { run } = current;
  const item = runs.find((known) => known.run === run);
  if (!item) return;
  current = item;
  showRunSummary(item);
  list.open(item.episodes);
  const rows = await fetchMetrics(run).catch(() => []);
  if (current !== item) return;
  training.open(run, rows);
  nameRuns();
}

/** A training that began while the page was open. */
async function followNewRun(name: string): Promise<void> {
  await refreshRuns();
  const item = runs.find(({ run }) => run === name);
  if (item && follow.checked && !live.hasUnsaved) await openRun(item);
}

/** The evaluation is written shortly before the run's last episodes arrive. */
async function refreshEvaluation(item: RunItem): Promise<void> {
  if (isStatic) return;
  const fresh = (await fetchRuns().catch(() => [])).find(({ run }) => run === item.run);
  if (!fresh?.evaluation || item !== current) return;
  item.evaluation = fresh.evaluation;
  shelf.forget(item.run);
  showRunSummary(item);
  nameRuns();
  tabs.suggest("episode");
  const best = bestEpisode(item.episodes);
  if (follow.checked && !live.hasUnsaved && best && best !== episode) void openEpisode(best);
}
