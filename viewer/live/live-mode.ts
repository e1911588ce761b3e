// Live mode: an episode that goes on in this page from the frame that is shown.

import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { Perturbation } from "../../src/scene/perturbation.js";
import type { SceneView } from "../scene/robot-scene.js";
import { element } from "../ui/page.js";
import { Grab } from "./grab.js";
import { askToLeave } from "./leave-dialog.js";
import type { LiveClient } from "./live-client.js";
import { LivePanel } from "./live-panel.js";
import { ManualDrive } from "./manual-drive.js";
import type { PolicyShelf } from "./policy-shelf.js";
import type { Driver, LiveStart } from "./protocol.js";

/** What the rest of the page gives and does. */
export interface LiveHost {
  /** What is shown now; undefined where nothing is. */
  shown(): { readonly recording: EpisodeRecording; readonly frame: number } | undefined;
  /** Runs whose policy may act in the environment, with what to call it; the present run's first. */
  runs(env: string): readonly (readonly [run: string, title: string])[];
  /** Live mode begins: stop playing. */
  begin(): void;
  /** Show the last of all frames so far, those of the recording up to the start included. */
  place(frames: readonly RecordedFrame[]): void;
  /** Live mode has ended: show its episode as any other, at a frame. */
  end(recording: EpisodeRecording, frame: number): void;
}

/** What tests may read of live mode. */
interface LiveState {
  readonly state: "off" | "starting" | "running" | "paused";
  readonly index: number;
  readonly frame: RecordedFrame | undefined;
  readonly difference: number | undefined;
  /** Where an entity of the scene is on the screen. */
  screenPoint(entity: number): [number, number];
}

declare global {
  interface Window {
    armgymLive: LiveState;
  }
}

/** Longest live episode, control steps: what is recorded lies in memory. */
const MOST_STEPS = 20_000;

/** Starts, drives and ends live episodes. */
export class LiveMode {
  private readonly client: LiveClient;
  private readonly shelf: PolicyShelf;
  private readonly host: LiveHost;
  private readonly grab: Grab | undefined;
  private readonly drive = new ManualDrive();
  private readonly panel: LivePanel;
  private state: LiveState["state"] = "off";
  private start: LiveStart | undefined;
  private frames: RecordedFrame[] = [];
  private total = 0;
  /** Changes of the world that wait for the next step. */
  private changes: Perturbation = {};
  private stepping: Promise<void> = Promise.resolve();
  /** Steps made here that were not downloaded. */
  private unsaved = 0;
  /** Rises with each start, so that what belongs to an earlier one is dropped. */
  private round = 0;

  /** `view` is missing where the browser draws no scene. */
  constructor(client: LiveClient, shelf: PolicyShelf, host: LiveHost, view: SceneView | undefined) {
    this.client = client;
    this.shelf = shelf;
    this.host = host;
    this.grab = view && new Grab(view);
    this.panel = new LivePanel(this.drive.sliders, {
      begin: () => void this.begin(),
      toggle: () => this.toggle(),
      step: () => this.pauseAndStep(),
      end: () => void this.end(),
      download: () => void this.download(),
      chooseDriver: (choice) => void this.chooseDriver(choice),
      change: (change) => {
        const { mass } = this.changes;
        this.changes = {
          ...this.changes,
          ...change,
          ...(change.mass ? { mass: { ...mass, ...change.mass } } : {}),
        };
      },
    });
    this.bindKeys();
    const mode = this;
    window.armgymLive = {
      get state() {
        return mode.state;
      },
      get index() {
        return mode.frames.length - 1;
      },
      get frame() {
        return mode.frames.at(-1);
      },
      get difference() {
        return mode.start?.difference;
      },
      screenPoint: (entity) => this.grab?.screenPoint(entity) ?? [0, 0],
    };
  }

  /** Whether the scene shows a live episode. */
  get isOn(): boolean {
    return this.state === "running" || this.state === "paused";
  }

  /** Whether steps that were made in this page would be lost with it, also after the live episode was stopped. */
  get hasUnsaved(): boolean {
    return this.unsaved > 0;
  }

  /** Ask before a live episode is lost; returns whether the page may go on to something else. */
  async mayLeave(): Promise<boolean> {
    if (!this.hasUnsaved) return true;
    if (this.state === "running") this.become("paused");
    const wish = await askToLeave(this.unsaved);
    if (wish === "stay" || (wish === "download" && !(await this.download()))) return false;
    this.unsaved = 0;
    return true;
  }

  /** Another recording is shown. */
  open(recording: EpisodeRecording | undefined): void {
    if (this.state !== "off") this.leave();
    this.panel.open(recording, recording ? this.host.runs(recording.header.env) : []);
    this.grab?.open(recording?.header.scene.entities ?? []);
  }

  /** Continue from the frame that is shown. */
  private async begin(): Promise<void> {
    const shown = this.host.shown();
    if (!shown || this.state !== "off") return;
    // what comes after the frame is left behind
    if (shown.frame < shown.recording.frames.length - 1 && !(await this.mayLeave())) return;
    const round = ++this.round;
    this.become("starting");
    this.host.begin();
    const { recording, frame } = shown;
    try {
      const driver = await this.driverOf(this.panel.driver);
      const start = await this.client.ask("start", { recording, frame, driver });
      if (round !== this.round) return;
      this.start = start;
      this.changes = {};
      this.total = recording.frames.slice(0, frame + 1).reduce((sum, { reward }) => sum + reward, 0);
      this.drive.open(start.actionNames);
      this.panel.begin(start, recording);
      this.frames = [...recording.frames.slice(0, frame), start.frame];
      this.show();
      this.become("running");
      void this.run();
    } catch (error) {
      if (round !== this.round) return;
      this.become("off");
      this.panel.complain((error as Error).message);
    }
  }

  private toggle(): void {
    if (this.state === "running") this.become("paused");
    else if (this.state === "paused") {
      this.become("running");
      void this.run();
    }
  }

  private pauseAndStep(): void {
    if (!this.isOn) return;
    this.become("paused");
    void this.step();
  }

  /** Step at the environment's own pace, times the speed chosen. */
  private async run(): Promise<void> {
    const { round } = this;
    while (this.state === "running" && round === this.round) {
      const began = performance.now();
      await this.step();
      const pause = 1000 / (this.start!.controlRate * this.panel.speed) - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, pause)));
    }
  }

  private step(): Promise<void> {
    // what is pressed now counts, not what is pressed when the steps before are done
    const manual = this.drive.action();
    this.stepping = this.stepping.then(() => this.stepNow(manual));
    return this.stepping;
  }

  private async stepNow(manual: readonly number[]): Promise<void> {
    const { round } = this;
    if (!this.isOn) return;
    const hand: Perturbation = { ...this.changes, ...this.grab?.hand() };
    this.changes = {};
    try {
      const { frame, index, ended } = await this.client.ask("step", { hand, manual });
      if (round !== this.round) return;
      if (ended === undefined) {
        this.total += frame.reward;
        this.unsaved++;
        this.frames.push(frame);
        this.show();
      }
      if (ended !== undefined || index >= MOST_STEPS) {
        this.become("paused");
        this.panel.say(ended ?? "This live episode is long enough. Stop it, and continue from its end.");
      }
    } catch (error) {
      if (round !== this.round) return;
      this.become("paused");
      this.panel.complain((error as Error).message);
    }
  }

  private show(): void {
    const { frames } = this;
    this.host.place(frames);
    this.grab?.draw();
    this.panel.show(frames.at(-1)!, frames.length - 1, this.total);
  }

  /** Stop, and show what came of it as an episode. */
  private async end(): Promise<void> {
    if (!this.isOn) return;
    this.become("paused");
    await this.stepping;
    const recording = await this.client.ask("recording", {});
    this.leave();
    this.host.end(recording, recording.frames.length - 1);
    this.panel.finished(recording);
  }

  private leave(): void {
    this.round++;
    this.grab?.release();
    this.drive.releaseAll();
    this.become("off");
  }

  /** Returns whether the file was handed over. */
  private async download(): Promise<boolean> {
    try {
      await this.stepping;
      const bytes = await this.client.ask("save", {});
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
      link.download = this.panel.fileName;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      this.unsaved = 0;
      return true;
    } catch (error) {
      this.panel.complain((error as Error).message);
      return false;
    }
  }

  private async chooseDriver(choice: string): Promise<void> {
    if (!this.isOn) return;
    const { round } = this;
    try {
      const driver = await this.driverOf(choice);
      await this.stepping;
      if (round === this.round) await this.client.ask("drive", { driver });
    } catch (error) {
      if (round !== this.round) return;
      this.become("paused");
      this.panel.complain((error as Error).message);
    }
  }

  /** Load what a choice names. */
  private async driverOf(choice: string): Promise<Driver> {
    if (choice === "expert" || choice === "recorded" || choice === "manual") return { kind: choice };
    const { title } = await this.shelf.get(choice.slice("run:".length));
    return { kind: "policy", title };
  }

  private become(state: LiveState["state"]): void {
    this.state = state;
    if (this.grab) this.grab.active = this.isOn;
    document.body.dataset.live = state;
    this.panel.become(state);
  }

  private bindKeys(): void {
    const acts: Readonly<Record<string, () => void>> = {
      " ": () => this.toggle(),
      ".": () => this.pauseAndStep(),
      ArrowRight: () => this.pauseAndStep(),
      Escape: () => void this.end(),
    };
    addEventListener(
      "keydown",
      (event) => {
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        if (event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target, key)) return;
        if (!this.isOn || document.querySelector("dialog[open]")) return;
        if (!this.drive.press(key)) {
          if (!acts[key]) return;
          acts[key]();
        }
        // the player's own keys rest meanwhile
        event.stopImmediatePropagation();
        event.preventDefault();
      },
      { capture: true },
    );
    addEventListener("keyup", ({ key }) => this.drive.release(key.toLowerCase()));
    addEventListener("blur", () => this.drive.releaseAll());
    addEventListener("beforeunload", (event) => {
      if (this.hasUnsaved) event.preventDefault();
    });
    element("stage").addEventListener("contextmenu", (event) => {
      if (this.grab?.active) event.preventDefault();
    });
  }
}

/** Controls that need a key for themselves. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return key === " " || key.startsWith("Arrow");
  return target instanceof HTMLButtonElement && key === " ";
}
