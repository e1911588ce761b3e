// Live mode: an episode that goes on in this page from the frame that is shown.

import type { RecordedFrame } from "../../src/recording/recording.js";
import type { Perturbation } from "../../src/scene/perturbation.js";
import type { SceneView } from "../scene/robot-scene.js";
import {
  addLiveStep,
  beginLive,
  chooseDriver,
  complainLive,
  endLive,
  failLive,
  forgetUnsaved,
  sayLive,
  setLiveRunning,
  startLive,
} from "../state/live-actions.js";
import { currentDriver, firstShown, isLive } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { LivePhase, LoadedEpisode, ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { isTextField } from "../ui/key-bindings.js";
import { Grab } from "./grab.js";
import { askToLeave } from "./leave-dialog.js";
import type { LiveClient } from "./live-client.js";
import { LivePanel } from "./live-panel.js";
import { ManualDrive } from "./manual-drive.js";
import type { PolicyShelf } from "./policy-shelf.js";
import type { Driver, LiveStart } from "./protocol.js";

/** What tests may read of live mode. */
interface LiveState {
  readonly state: LivePhase;
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

const LONG_ENOUGH = "This live episode is long enough. Stop it, and continue from its end.";

/** What is said once a live episode has begun: how exactly the page has made the recording again. */
function startNotice({ difference }: LiveStart): string {
  return difference === 0
    ? "The replay up to here is the recording, bit for bit."
    : `The replay up to here is the recording, within ${difference.toExponential(0)} m: browsers round sines and such a little differently.`;
}

/** What is said once a live episode has ended. */
function endNotice(numSteps: number, from: number): string {
  return `Shown is the live episode: ${numSteps} steps, from step ${from} on in this page. Download it, or continue from any of its frames.`;
}

/** Starts, drives and ends live episodes. */
export class LiveMode {
  private readonly store: Store<ViewerState>;
  private readonly client: LiveClient;
  private readonly shelf: PolicyShelf;
  private readonly grab: Grab | undefined;
  private readonly drive = new ManualDrive();
  private readonly panel: LivePanel;
  private start: LiveStart | undefined;
  /** What the state holds of the live episode, to be appended to. */
  private frames: RecordedFrame[] = [];
  /** Changes of the world that wait for the next step. */
  private changes: Perturbation = {};
  private stepping: Promise<void> = Promise.resolve();
  /** Rises with each start, so that what belongs to an earlier one is dropped. */
  private round = 0;

  /** `view` is missing where the browser draws no scene. */
  constructor(
    store: Store<ViewerState>,
    client: LiveClient,
    shelf: PolicyShelf,
    view: SceneView | undefined,
  ) {
    this.store = store;
    this.client = client;
    this.shelf = shelf;
    this.grab = view && new Grab(view);
    this.panel = new LivePanel(store, this.drive.sliders, {
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
    store.watch(firstShown, (first) => this.open(first));
    store.watch(
      ({ live }) => live.phase,
      (phase) => {
        document.body.dataset.live = phase;
        if (this.grab) this.grab.active = this.isOn;
      },
    );
    store.watch(
      ({ live }) => live.episode,
      (episode) => episode && this.grab?.draw(),
    );
    const mode = this;
    window.armgymLive = {
      get state() {
        return mode.phase;
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

  /** Ask before a live episode is lost; returns whether the page may go on to something else. */
  async mayLeave(): Promise<boolean> {
    const { unsaved } = this.store.get().live;
    if (unsaved === 0) return true;
    if (this.phase === "running") this.store.update(setLiveRunning, false);
    const wish = await askToLeave(unsaved);
    if (wish === "stay" || (wish === "download" && !(await this.download()))) return false;
    this.store.update(forgetUnsaved);
    return true;
  }

  private get phase(): LivePhase {
    return this.store.get().live.phase;
  }

  /** Whether the scene shows a live episode. */
  private get isOn(): boolean {
    return isLive(this.store.get());
  }

  /** Another recording is shown: what was under way is dropped. */
  private open(first: LoadedEpisode | undefined): void {
    this.round++;
    this.grab?.release();
    this.drive.releaseAll();
    this.grab?.open(first?.recording.header.scene ?? { entities: [] });
  }

  /** Continue from the frame that is shown. */
  private async begin(): Promise<void> {
    const { shown, loading, frame } = this.store.get();
    const [first] = shown;
    // what is shown is about to go
    if (!first || shown.length > 1 || loading || this.phase !== "off") return;
    const { recording } = first;
    // what comes after the frame is left behind
    if (frame < recording.frames.length - 1 && !(await this.mayLeave())) return;
    const round = ++this.round;
    this.store.update(startLive);
    try {
      const driver = await this.driverOf(currentDriver(this.store.get()));
      const start = await this.client.ask("start", { recording, frame, driver });
      if (round !== this.round) return;
      this.start = start;
      this.changes = {};
      this.drive.open(start.actionNames);
      this.panel.begin(start, recording);
      const before = recording.frames.slice(0, frame + 1);
      const total = before.reduce((sum, { reward }) => sum + reward, 0);
      this.frames = [...before.slice(0, frame), start.frame];
      this.store.update(beginLive, this.frames, total, startNotice(start));
      void this.run();
    } catch (error) {
      if (round === this.round) this.store.update(failLive, (error as Error).message);
    }
  }

  private toggle(): void {
    this.store.update(setLiveRunning, this.phase === "paused");
    if (this.phase === "running") void this.run();
  }

  private pauseAndStep(): void {
    if (!this.isOn) return;
    this.store.update(setLiveRunning, false);
    void this.step();
  }

  /** Step at the environment's own pace, times the speed chosen. */
  private async run(): Promise<void> {
    const { round } = this;
    while (this.phase === "running" && round === this.round) {
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
        this.frames.push(frame);
        this.store.update(addLiveStep, frame.reward);
      }
      if (ended !== undefined || index >= MOST_STEPS) {
        this.store.update(setLiveRunning, false);
        this.store.update(sayLive, ended ?? LONG_ENOUGH);
      }
    } catch (error) {
      this.fail(round, error as Error);
    }
  }

  /** Stop, and show what came of it as an episode. */
  private async end(): Promise<void> {
    if (!this.isOn) return;
    this.store.update(setLiveRunning, false);
    await this.stepping;
    const recording = await this.client.ask("recording", {});
    const last = recording.frames.length - 1;
    const notice = endNotice(last, recording.header.takenOver ?? last);
    this.store.update(endLive, recording, notice);
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
      this.store.update(forgetUnsaved);
      return true;
    } catch (error) {
      this.store.update(complainLive, (error as Error).message);
      return false;
    }
  }

  private async chooseDriver(choice: string): Promise<void> {
    this.store.update(chooseDriver, choice);
    if (!this.isOn) return;
    const { round } = this;
    try {
      const driver = await this.driverOf(choice);
      await this.stepping;
      if (round === this.round) await this.client.ask("drive", { driver });
    } catch (error) {
      this.fail(round, error as Error);
    }
  }

  /** Stand still and say what failed, unless another recording is shown since. */
  private fail(round: number, { message }: Error): void {
    if (round !== this.round) return;
    this.store.update(setLiveRunning, false);
    this.store.update(complainLive, message);
  }

  /** Load what a choice names. */
  private async driverOf(choice: string): Promise<Driver> {
    if (choice === "expert" || choice === "recorded" || choice === "manual") return { kind: choice };
    const { title } = await this.shelf.get(choice.slice("run:".length));
    return { kind: "policy", title };
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
      if (this.store.get().live.unsaved > 0) event.preventDefault();
    });
    element("stage").addEventListener("contextmenu", (event) => {
      if (this.grab?.active) event.preventDefault();
    });
  }
}

/** Controls that need a key for themselves: a text and a list all of them, others the space bar and arrows. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLSelectElement || isTextField(target)) return true;
  if (target instanceof HTMLInputElement) return key === " " || key.startsWith("Arrow");
  return target instanceof HTMLButtonElement && key === " ";
}
