// The viewer: lists runs and episodes, plays them, and follows training live.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import type { EpisodeRecording } from "../src/replay/recording.js";
import { Player } from "./player.js";
import { EpisodePlots, TrainingPlots } from "./plots.js";
import { RobotScene } from "./robot-scene.js";
import {
  type EpisodeItem,
  fetchMetrics,
  fetchRecording,
  fetchRuns,
  type LiveEvent,
  listen,
  type RunItem,
} from "./run-source.js";

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

const element = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type;
const runSelect = element<HTMLSelectElement>("run");
const scrub = element<HTMLInputElement>("scrub");
const playButton = element<HTMLButtonElement>("play");

let runs: RunItem[] = [];
let current: RunItem | undefined;
let episode: string | undefined;
let recording: EpisodeRecording | undefined;
let robot: RobotScene | undefined;

const player = new Player(showFrame, () => {
  playButton.textContent = player.playing ? "⏸" : "▶";
  playButton.setAttribute("aria-label", player.playing ? "Pause" : "Play");
});
const plots = new EpisodePlots(element("plots"), (frame) => {
  player.pause();
  player.seek(frame);
});
const training = new TrainingPlots(element("training"));

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

void start();

async function start(): Promise<void> {
  try {
    robot = new RobotScene(element<HTMLCanvasElement>("canvas"));
  } catch {
    tell(
      "This browser shows no WebGL. Switch on hardware acceleration, or open the page in another browser.",
    );
  }
  bindControls();
  listen(onLive, (connected) => {
    element("connection").textContent = connected ? "● connected" : "○ connection lost, trying again";
  });
  const wanted = new URLSearchParams(location.hash.slice(1));
  await refreshRuns();
  const run = runs.find((item) => item.run === wanted.get("run")) ?? runs.at(-1);
  if (run) await openRun(run, wanted.get("episode") ?? undefined);
  else tell("There are no runs yet. Train one: armgym train Reach-v1");
  window.armgymViewer.ready = true;
}

async function refreshRuns(): Promise<void> {
  try {
    runs = await fetchRuns();
  } catch (error) {
    tell(`The runs cannot be listed: ${(error as Error).message}`);
  }
  runSelect.replaceChildren(...runs.map(({ run }) => new Option(run, run, false, run === current?.run)));
}

async function openRun(item: RunItem, name?: string): Promise<void> {
  current = item;
  runSelect.value = item.run;
  const { evaluation } = item;
  element("run-summary").textContent = evaluation
    ? `success ${(100 * evaluation.successRate).toFixed(1)} % of ${evaluation.episodes} held-out episodes after ${evaluation.steps} steps`
    : "not evaluated yet";
  listEpisodes();
  training.open(await fetchMetrics(item.run).catch(() => []));
  const chosen = name ?? item.episodes.at(-1)?.name;
  if (chosen) await openEpisode(chosen);
  else tell("This run has no episodes yet; they appear here as they are recorded.");
}

function listEpisodes(): void {
  element("episodes").replaceChildren(...[...(current?.episodes ?? [])].reverse().map(episodeEntry));
}

function episodeEntry(item: EpisodeItem): HTMLLIElement {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.name = item.name;
  button.setAttribute("aria-current", String(item.name === episode));
  const mark = document.createElement("span");
  mark.textContent = item.success === undefined ? "?" : item.success ? "✓" : "✗";
  mark.className = item.success ? "good" : "bad";
  const title = document.createElement("span");
  title.textContent = `seed ${item.seed ?? "?"}`;
  const verdict = document.createElement("span");
  verdict.textContent = item.success === undefined ? "" : item.success ? "success" : "failed";
  verdict.className = mark.className;
  const detail = document.createElement("small");
  const steps = /^step-0*(\d+)/.exec(item.name)?.[1];
  const trained = item.name.startsWith("dump") ? "NaN dump" : steps ? `policy of step ${steps}` : item.name;
  detail.textContent = `return ${item.return?.toFixed(1) ?? "?"} · ${trained}`;
  button.append(mark, title, verdict, detail);
  button.addEventListener("click", () => void openEpisode(item.name));
  const entry = document.createElement("li");
  entry.append(button);
  return entry;
}

async function openEpisode(name: string): Promise<void> {
  if (!current) return;
  try {
    recording = await fetchRecording(current.run, name);
  } catch (error) {
    player.pause();
    tell((error as Error).message);
    return;
  }
  episode = name;
  tell(undefined);
  history.replaceState(
    null,
    "",
    `#run=${encodeURIComponent(current.run)}&episode=${encodeURIComponent(name)}`,
  );
  for (const button of element("episodes").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.name === name));
  }
  scrub.max = String(recording.frames.length - 1);
  robot?.open(recording);
  plots.open(recording);
  player.open(recording.frames.length, 1 / recording.header.controlRate);
}

function showFrame(index: number): void {
  const frame = recording?.frames[index];
  if (!frame) return;
  robot?.place(frame, index);
  plots.show(index);
  scrub.value = String(index);
  element("clock").textContent = `${frame.time.toFixed(2)} s · step ${index}`;
  const badge = element("badge");
  badge.hidden = false;
  badge.textContent = recording?.header.dump
    ? `dump: ${recording.header.dump} was not finite`
    : frame.success
      ? "✓ success"
      : "… not there yet";
  badge.className = frame.success ? "good" : "";
}

function bindControls(): void {
  playButton.addEventListener("click", () => player.toggle());
  element("back").addEventListener("click", () => player.step(-1));
  element("forward").addEventListener("click", () => player.step(1));
  element<HTMLSelectElement>("speed").addEventListener("change", ({ target }) => {
    player.speed = Number((target as HTMLSelectElement).value);
  });
  scrub.addEventListener("input", () => {
    player.pause();
    player.seek(Number(scrub.value));
  });
  runSelect.addEventListener("change", () => {
    const item = runs.find(({ run }) => run === runSelect.value);
    if (item) void openRun(item);
  });
  addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement) return;
    if (event.key === " ") player.toggle();
    else if (event.key === "ArrowLeft") player.step(-1);
    else if (event.key === "ArrowRight") player.step(1);
    else return;
    event.preventDefault();
  });
}

function onLive(event: LiveEvent): void {
  if (event.type === "status") {
    element("connection").textContent = event.text;
    return;
  }
  const name = event.run.split(/[\\/]/).at(-1)!;
  if (!runs.some(({ run }) => run === name)) {
    // a new run: follow it
    void refreshRuns().then(() => {
      const item = runs.find(({ run }) => run === name);
      if (item) void openRun(item);
    });
    return;
  }
  if (name !== current?.run) return;
  if (event.type === "metrics") training.add(event.values);
  else {
    current.episodes.push(event);
    listEpisodes();
    if (!player.playing) void openEpisode(event.name);
  }
}

function tell(text: string | undefined): void {
  const message = element("message");
  message.hidden = text === undefined;
  message.textContent = text ?? "";
}
