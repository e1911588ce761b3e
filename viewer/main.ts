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
import { parseEpisodeName } from "../src/replay/recording.js";
import { bindCapture } from "./capture.js";
import { CompareBar } from "./compare/compare-bar.js";
import { ComparePanel, type EpisodeAddress } from "./compare/compare-panel.js";
import { bindControls, showPlaying } from "./controls.js";
import { EpisodeList } from "./episode-list.js";
import { bestEpisode } from "./episode-order.js";
import { EpisodePlots } from "./episode-plots.js";
import { InsightPanel } from "./insight/insight-panel.js";
import { LiveClient } from "./live/live-client.js";
import { type LiveHost, LiveMode } from "./live/live-mode.js";
import { PolicyShelf } from "./live/policy-shelf.js";
import { bindStop, showConnection, showStatic, showStatus, showTraining } from "./live-run.js";
import { PredictedMarks } from "./marks/predicted-marks.js";
import { element, tell } from "./page.js";
import { Player } from "./player.js";
import { RobotScene } from "./robot-scene.js";
import {
  fetchMetrics,
  fetchPolicy,
  fetchRecording,
  fetchRuns,
  isStatic,
  type LiveEvent,
  listen,
  type RunItem,
} from "./run-source.js";
import { showRunSummary } from "./run-summary.js";
import { MAX_COMPARED, ShownEpisodes } from "./shown-episodes.js";
import { Tabs } from "./tabs.js";
import { Thumbnails } from "./thumbnails.js";
import { TrainingPlots } from "./training-plots.js";
import { bindViewOptions } from "./view-options.js";

/** What tests and curious people may read from the page. */
interface ViewerState {
  ready: boolean;
  readonly frame: number;
  readonly playing: boolean;
  readonly numFrames: number;
  readonly episode: string | undefined;
  /** What is held on the graphics card; undefined without WebGL. */
  readonly resources: RobotScene["resources"] | undefined;
}

declare global {
  interface Window {
    armgymViewer: ViewerState;
  }
}

const runSelect = element<HTMLSelectElement>("run");
const follow = element<HTMLInputElement>("follow");

// under way while the scene is set up
let listing: Promise<RunItem[]> | undefined = fetchRuns();
listing.catch(() => undefined);

let runs: RunItem[] = [];
let current: RunItem | undefined;
let episode: string | undefined;

const robot = openScene();
const player = new Player(
  (frame) => shown.showFrame(frame),
  () => showPlaying(player.playing),
);
const seek = (frame: number) => {
  player.pause();
  player.seek(frame);
};
const zoom = (from?: number, to?: number) => shown.zoom(from, to);
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
  busy: () => player.playing || !window.armgymViewer.ready,
});
const list = new EpisodeList({
  choose: chooseEpisode,
  compare: toggleCompared,
  picture: (name) => thumbnails.holder(JSON.stringify({ run: current?.run, name })),
  cleared: () => thumbnails.reset(),
});
const comparePanel = new ComparePanel((episodes) => {
  follow.checked = false;
  void openEpisodes(episodes);
});
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
    return episode;
  },
  get resources() {
    return robot?.resources;
  },
};

const liveHost: LiveHost = {
  shown() {
    const { first } = shown;
    return first && shown.all.length === 1 ? { recording: first.recording, frame: player.frame } : undefined;
  },
  runs(env) {
    const names = runs.filter(({ config }) => config?.env === env).map(({ run }) => run);
    const own = names
      .filter((run) => run === current?.run)
      .map((run) => [run, "Policy of this run"] as const);
    const others = names
      .filter((run) => run !== current?.run)
      .map((run) => [run, `Policy of ${run}`] as const);
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
    shown.showState(frame);
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
    return new RobotScene(element<HTMLCanvasElement>("canvas"));
  } catch {
    tell(
      "banner",
      "This browser shows no WebGL, so there is no picture. Switch on hardware acceleration, or open the page in another browser.",
    );
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
  runSelect.addEventListener("change", () => {
    const item = runs.find(({ run }) => run === runSelect.value);
    if (item) void openRun(item);
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
  runSelect.replaceChildren(...runs.map(({ run }) => new Option(run, run, false, run === current?.run)));
  offerRuns();
  return true;
}

function offerRuns(): void {
  comparePanel.setRuns(runs, current?.run);
  training.offer(runs.map(({ run }) => run));
}

async function openRun(item: RunItem, name = bestEpisode(item.episodes)): Promise<void> {
  current = item;
  runSelect.value = item.run;
  showRunSummary(item);
  list.open(item.episodes);
  const curves = fetchMetrics(item.run).catch(() => []);
  if (name) await openEpisode(name);
  else {
    shown.close();
    tell("message", "This run has no episodes yet. They appear here as they are recorded.");
  }
  const rows = await curves;
  if (current !== item) return;
  training.open(item.run, rows);
  offerRuns();
}

/** Open an episode that the user chose; live ones no longer take its place. */
function chooseEpisode(name: string): void {
  follow.checked = false;
  void openEpisode(name);
}

async function openEpisode(name: string): Promise<void> {
  if (current) await openEpisodes([{ run: current.run, name }]);
}

/** Take an episode of the list into the comparison, or out of it. */
function toggleCompared(name: string): void {
  if (!current) return;
  follow.checked = false;
  const { run } = current;
  const others = shown.all.filter((item) => item.run !== run || item.name !== name);
  if (others.length < shown.all.length && others.length > 0) void openEpisodes(others);
  else void openEpisodes([...others.slice(0, MAX_COMPARED - 1), { run, name }]);
}

async function openEpisodes(addresses: readonly EpisodeAddress[]): Promise<void> {
  const [first] = addresses;
  if (!first) return;
  const { run, name } = first;
  const compared = addresses.filter((item) => item.run === current?.run).map((item) => item.name);
  episode = name;
  list.mark(run === current?.run ? name : undefined, addresses.length > 1 ? compared : []);
  history.replaceState(null, "", `#run=${encodeURIComponent(run)}&episode=${encodeURIComponent(name)}`);
  try {
    const episodes = await Promise.all(
      addresses.map(async (item) => {
        const known = shown.all.find((other) => other.run === item.run && other.name === item.name);
        const isAlone = addresses.length === 1 && shown.all.length === 1;
        const recording = known && !isAlone ? known.recording : await fetchRecording(item.run, item.name);
        return { ...item, recording };
      }),
    );
    // another one was chosen meanwhile
    if (episode !== name) return;
    shown.open(episodes);
  } catch (error) {
    if (episode !== name) return;
    shown.close();
    tell("message", (error as Error).message);
  }
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
  const name = event.run?.split(/[\\/]/).at(-1);
  if (event.type === "training") {
    showTraining(name ?? null);
    return;
  }
  if (name === undefined) return;
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
  comparePanel.setRuns(runs, current.run);
  if (follow.checked) void openEpisode(item.name);
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
  offerRuns();
}

/** A training that began while the page was open. */
async function followNewRun(name: string): Promise<void> {
  await refreshRuns();
  const item = runs.find(({ run }) => run === name);
  if (item && follow.checked) await openRun(item);
}

/** The evaluation is written shortly before the run's last episodes arrive. */
async function refreshEvaluation(item: RunItem): Promise<void> {
  if (isStatic) return;
  const fresh = (await fetchRuns().catch(() => [])).find(({ run }) => run === item.run);
  if (!fresh?.evaluation || item !== current) return;
  item.evaluation = fresh.evaluation;
  shelf.forget(item.run);
  showRunSummary(item);
  tabs.suggest("episode");
  const best = bestEpisode(item.episodes);
  if (follow.checked && best && best !== episode) void openEpisode(best);
}
