// The viewer: lists runs and episodes, plays them, and follows training live.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./panels.css";
import "./live/live.css";
import "./insight/insight.css";
import type { EpisodeRecording, RecordedFrame } from "../src/replay/recording.js";
import { bindControls, showPlaying, showTime } from "./controls.js";
import { drawnValues } from "./drawn-values.js";
import { bestEpisode, EpisodeList } from "./episode-list.js";
import { EpisodePlots } from "./episode-plots.js";
import { InsightPanel } from "./insight/insight-panel.js";
import { LiveClient } from "./live/live-client.js";
import { type LiveHost, LiveMode } from "./live/live-mode.js";
import { PolicyShelf, policyFromServer } from "./live/policy-shelf.js";
import { element, tell } from "./page.js";
import { Player } from "./player.js";
import { RobotScene } from "./robot-scene.js";
import {
  fetchMetrics,
  fetchRecording,
  fetchRuns,
  type LiveEvent,
  listen,
  type RunItem,
} from "./run-source.js";
import { showRunSummary } from "./run-summary.js";
import { Tabs } from "./tabs.js";
import { TrainingPlots } from "./training-plots.js";

/** What tests and curious people may read from the page. */
interface ViewerState {
  ready: boolean;
  readonly frame: number;
  readonly playing: boolean;
  readonly numFrames: number;
  readonly episode: string | undefined;
}

declare global {
  interface Window {
    armgymViewer: ViewerState;
  }
}

const runSelect = element<HTMLSelectElement>("run");
const follow = element<HTMLInputElement>("follow");

let runs: RunItem[] = [];
let current: RunItem | undefined;
let episode: string | undefined;
let recording: EpisodeRecording | undefined;
let robot: RobotScene | undefined;
let live: LiveMode | undefined;

const player = new Player(showFrame, () => showPlaying(player.playing));
const plots = new EpisodePlots(element("plots"), (frame) => {
  player.pause();
  player.seek(frame);
});
const training = new TrainingPlots(element("training"), element("no-training"));
const list = new EpisodeList(chooseEpisode);
const tabs = new Tabs({ episode: "plots", insight: "insight", live: "live", training: "training" });
const client = new LiveClient();
const shelf = new PolicyShelf(client, policyFromServer);
const insight = new InsightPanel(element("insight"), client, shelf, (frame) => {
  player.pause();
  player.seek(frame);
});

window.armgymViewer = {
  ready: false,
  get frame() {
    return player.frame;
  },
  get playing() {
    return player.playing;
  },
  get numFrames() {
    return recording?.frames.length ?? 0;
  },
  get episode() {
    return episode;
  },
};

const liveHost: LiveHost = {
  shown: () => recording && { recording, frame: player.frame },
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
    placeFrame(frames.at(-1)!, frames.length - 1);
    insight.show(frames.length - 1, frames);
  },
  end(made, frame) {
    recording = made;
    episode = undefined;
    list.mark(undefined);
    showRecording(made);
    player.pause();
    player.seek(frame);
  },
};

void start();

async function start(): Promise<void> {
  try {
    robot = new RobotScene(element<HTMLCanvasElement>("canvas"));
  } catch {
    tell(
      "banner",
      "This browser shows no WebGL, so there is no picture. Switch on hardware acceleration, or open the page in another browser.",
    );
  }
  live = new LiveMode(client, shelf, liveHost, robot?.view);
  bindControls(player, {
    openNeighbour(direction) {
      const name = list.neighbour(direction);
      if (name) chooseEpisode(name);
    },
    setMarks: (path, forces) => robot?.setMarks(path, forces),
    resetCamera: () => robot?.resetCamera(),
  });
  runSelect.addEventListener("change", () => {
    const item = runs.find(({ run }) => run === runSelect.value);
    if (item) void openRun(item);
  });
  listen(onLive, showConnection);
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (await refreshRuns()) {
    const run = runs.find((item) => item.run === wanted.get("run")) ?? runs[0];
    if (run) await openRun(run, wanted.get("episode") ?? undefined);
    else tell("message", "There are no runs here yet. Train one: armgym train Reach-v1 --view");
  }
  window.armgymViewer.ready = true;
}

function showConnection(connected: boolean): void {
  const line = element("connection");
  line.textContent = connected ? "Connected" : "Connection lost, trying again. Is armgym still running?";
  line.className = connected ? "connected" : "bad";
}

async function refreshRuns(): Promise<boolean> {
  try {
    runs = await fetchRuns();
  } catch (error) {
    tell("message", `The runs cannot be listed: ${(error as Error).message}`);
    return false;
  }
  runSelect.replaceChildren(...runs.map(({ run }) => new Option(run, run, false, run === current?.run)));
  return true;
}

async function openRun(item: RunItem, name = bestEpisode(item.episodes)): Promise<void> {
  current = item;
  runSelect.value = item.run;
  showRunSummary(item);
  list.open(item.episodes);
  training.open(await fetchMetrics(item.run).catch(() => []));
  if (name) return openEpisode(name);
  closeEpisode();
  tell("message", "This run has no episodes yet. They appear here as they are recorded.");
}

/** Open an episode that the user chose; live ones no longer take its place. */
function chooseEpisode(name: string): void {
  follow.checked = false;
  void openEpisode(name);
}

async function openEpisode(name: string): Promise<void> {
  if (!current) return;
  const { run } = current;
  episode = name;
  list.mark(name);
  history.replaceState(null, "", `#run=${encodeURIComponent(run)}&episode=${encodeURIComponent(name)}`);
  try {
    const read = await fetchRecording(run, name);
    // another one was chosen meanwhile
    if (episode !== name || current.run !== run) return;
    recording = read;
  } catch (error) {
    if (episode !== name) return;
    closeEpisode();
    tell("message", (error as Error).message);
    return;
  }
  tell("message", undefined);
  showRecording(recording);
}

/** Show a recording from its beginning. */
function showRecording(recording: EpisodeRecording): void {
  const { dump } = recording.header;
  const { length } = recording.frames;
  if (robot) {
    tell(
      "banner",
      dump &&
        `Dropped by the NaN guard: ${dump} was not finite. Shown are the last ${length} states before it; training went on without this episode.`,
    );
  }
  robot?.open(recording);
  tell("drawn", drawnValues(recording.header));
  plots.open(recording);
  live?.open(recording);
  insight.open(recording, current?.config ? current.run : undefined);
  player.open(length, 1 / recording.header.controlRate);
}

/** Show nothing rather than an episode of another name. */
function closeEpisode(): void {
  player.pause();
  recording = undefined;
  live?.open(undefined);
  insight.open(undefined, undefined);
  element("badge").hidden = true;
}

function showFrame(index: number): void {
  const frame = recording?.frames[index];
  if (!recording || !frame) return;
  plots.show(index);
  showTime(index, recording.frames.length, frame.time);
  // a live episode has the scene for itself
  if (live?.isOn) return;
  insight.show(index, recording.frames);
  placeFrame(frame, index);
}

/** Show a frame in the scene. */
function placeFrame(frame: RecordedFrame, index: number): void {
  robot?.place(frame, index);
  const dump = recording?.header.dump;
  tell("badge", dump ? "NaN guard" : frame.success ? "✓ Goal reached" : "Goal not reached yet");
  element("badge").className = dump ? "bad" : frame.success ? "good" : "";
}

function onLive(event: LiveEvent): void {
  if (event.type === "status") {
    element("connection").textContent = event.text;
    return;
  }
  const name = event.run.split(/[\\/]/).at(-1)!;
  if (!runs.some(({ run }) => run === name)) return void followNewRun(name);
  if (name !== current?.run) return;
  if (event.type === "metrics") {
    tabs.suggest("training");
    training.add(event.values);
    return;
  }
  const { type: _type, run: _run, ...item } = event;
  current.episodes = [...current.episodes.filter((known) => known.name !== item.name), item];
  list.open(current.episodes);
  if (follow.checked) void openEpisode(item.name);
  void refreshEvaluation(current);
}

/** A training that began while the page was open. */
async function followNewRun(name: string): Promise<void> {
  await refreshRuns();
  const item = runs.find(({ run }) => run === name);
  if (item && follow.checked) await openRun(item);
}

/** The evaluation is written shortly before the run's last episodes arrive. */
async function refreshEvaluation(item: RunItem): Promise<void> {
  const fresh = (await fetchRuns().catch(() => [])).find(({ run }) => run === item.run);
  if (!fresh?.evaluation || item !== current) return;
  item.evaluation = fresh.evaluation;
  shelf.forget(item.run);
  showRunSummary(item);
  tabs.suggest("episode");
  const best = bestEpisode(item.episodes);
  if (follow.checked && best && best !== episode) void openEpisode(best);
}
