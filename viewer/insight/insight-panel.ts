// Why the policy does what it does at the cursor: which observation entries count, and what it remembers.
import type { EpisodeRecording, RecordedFrame } from "../../src/replay/recording.js";
import type { LiveClient } from "../live/live-client.js";
import type { PolicyShelf } from "../live/policy-shelf.js";
import type { LoadedPolicy } from "../live/protocol.js";
import { make } from "../make.js";
import { MemoryMap } from "./memory-map.js";
import { SaliencyBars } from "./saliency-bars.js";

type Method = "gradient" | "integrated";

const MEANING: Readonly<Record<Method, string>> = {
  gradient:
    "How much the output changes when an entry rises by as much as it usually varies (its standard deviation in training).",
  integrated:
    "Each entry's share in what makes the output differ from that for the average observation (integrated gradients).",
};
/** An action further away from the recorded one than this is another policy's. */
const SAME_ACTION = 1e-4;

/** Explains the shown frame whenever its panel is open. */
export class InsightPanel {
  private readonly panel: HTMLElement;
  private readonly client: LiveClient;
  private readonly shelf: PolicyShelf;
  private readonly notice = make("p", { className: "insight-notice" });
  private readonly outputs = make("select");
  private readonly methods = make(
    "select",
    {},
    new Option("Gradient", "gradient"),
    new Option("Integrated gradients", "integrated"),
  );
  private readonly meaning = make("p");
  private readonly sum = make("p", { className: "insight-sum" });
  private readonly bars = new SaliencyBars();
  private readonly memory: MemoryMap;
  private readonly body: HTMLElement;
  private recording: EpisodeRecording | undefined;
  private run: string | undefined;
  private policy: LoadedPolicy | undefined;
  private frame = 0;
  private frames: readonly RecordedFrame[] = [];
  private busy = false;
  private due = false;
  /** Rises with each recording, so that answers about an earlier one are dropped. */
  private round = 0;

  /** `seek` is called with the frame under a press in the memory's map. */
  constructor(panel: HTMLElement, client: LiveClient, shelf: PolicyShelf, seek: (frame: number) => void) {
    this.panel = panel;
    this.client = client;
    this.shelf = shelf;
    this.memory = new MemoryMap(seek);
    this.outputs.setAttribute("aria-label", "Output to explain");
    this.methods.setAttribute("aria-label", "Method");
    for (const choice of [this.outputs, this.methods]) choice.addEventListener("change", () => this.update());
    const choices = make("div", { className: "insight-choices" }, this.outputs, this.methods);
    this.body = make(
      "div",
      { className: "insight-body", hidden: true },
      choices,
      this.meaning,
      this.sum,
      this.bars.list,
    );
    panel.replaceChildren(this.notice, this.body, this.memory.box);
    // what is not seen is not computed
    new MutationObserver(() => this.wake()).observe(panel, { attributeFilter: ["hidden"] });
  }

  /** Take another recording; `run` is where its policy comes from, undefined where there is none. */
  open(recording: EpisodeRecording | undefined, run: string | undefined): void {
    this.round++;
    this.recording = recording;
    this.run = run;
    this.policy = undefined;
    this.frame = 0;
    this.frames = recording?.frames ?? [];
    this.body.hidden = true;
    this.notice.textContent = run
      ? "Loading the policy…"
      : "This recording lies outside of any run: there is no policy to ask.";
    this.memory.show(undefined);
    this.wake();
  }

  /** Explain a frame of the recording, or of the live episode that has taken over. */
  show(frame: number, frames: readonly RecordedFrame[]): void {
    this.frame = frame;
    this.frames = frames;
    this.memory.mark(frame);
    this.update();
  }

  private wake(): void {
    if (this.panel.hidden) return;
    if (this.policy) this.update();
    else if (this.run && this.recording) void this.load(this.run, this.recording);
  }

  private async load(run: string, recording: EpisodeRecording): Promise<void> {
    const { round } = this;
    try {
      const policy = await this.shelf.get(run);
      if (round !== this.round) return;
      const known = recording.header.observationNames.join();
      if (policy.observation.map(({ name }) => name).join() !== known)
        throw new Error("the run's policy was trained on other observations than this recording holds.");
      const chosen = this.outputs.value;
      this.outputs.replaceChildren(
        ...policy.action.map(({ name }, entry) => new Option(`Action ${name}`, String(entry))),
        new Option("Value", "value"),
      );
      this.outputs.value = [...this.outputs.options].some(({ value }) => value === chosen) ? chosen : "0";
      this.policy = policy;
      this.notice.textContent = "";
      this.body.hidden = false;
      this.update();
      await this.showMemory(policy, recording, round);
    } catch (error) {
      if (round === this.round) this.notice.textContent = `No reasons to show: ${(error as Error).message}`;
    }
  }

  private async showMemory(policy: LoadedPolicy, { frames }: EpisodeRecording, round: number): Promise<void> {
    if (!policy.hasMemory) return;
    const recorded = frames.map(({ memory }) => memory ?? []);
    const isRecorded = recorded.every(({ length }) => length > 0);
    const observations = frames.map(({ observation }) => observation);
    const remembered = isRecorded
      ? recorded
      : await this.client.ask("remember", { title: policy.title, observations });
    if (round !== this.round) return;
    this.memory.show(remembered);
    this.memory.mark(this.frame);
  }

  /** Ask for the present frame; while an answer is under way only the newest question waits. */
  private update(): void {
    if (this.panel.hidden || !this.policy) return;
    this.due = true;
    if (!this.busy) void this.answer();
  }

  private async answer(): Promise<void> {
    this.busy = true;
    while (this.due) {
      this.due = false;
      await this.explain();
    }
    this.busy = false;
  }

  private async explain(): Promise<void> {
    const { policy, frames, frame, round } = this;
    if (!policy || !frames[frame]) return;
    const output = this.outputs.value === "value" ? "value" : Number(this.outputs.value);
    const method = this.methods.value as Method;
    const observations = frames.slice(0, frame + 1).map(({ observation }) => observation);
    try {
      const explanation = await this.client.ask("explain", {
        title: policy.title,
        observations,
        output,
        method,
      });
      if (round !== this.round) return;
      this.bars.show(explanation.reasons);
      this.meaning.textContent = MEANING[method];
      const { output: size, difference, error } = explanation;
      const shared =
        difference === undefined
          ? ""
          : ` · ${signed(difference)} against the average observation, shares miss ${Math.abs(error ?? 0).toExponential(0)}`;
      this.sum.textContent = `${label(output, policy)} ${size.toFixed(3)}${shared}`;
      this.notice.textContent = comparison(policy, frames, frame, output, size);
      this.panel.dataset.frame = String(frame);
    } catch (error) {
      if (round === this.round) this.notice.textContent = (error as Error).message;
    }
  }
}

/** Tell where what the policy says now is not what was recorded. */
function comparison(
  { steps }: LoadedPolicy,
  frames: readonly RecordedFrame[],
  frame: number,
  output: number | "value",
  size: number,
): string {
  const recorded = output === "value" ? frames[frame]!.value : frames[frame + 1]?.action[output];
  if (recorded === undefined || recorded === null) return "";
  const said = output === "value" ? size : Math.max(-1, Math.min(1, size));
  if (Math.abs(said - recorded) < SAME_ACTION * Math.max(1, Math.abs(recorded))) return "";
  return `Asked is the run's best policy (${steps} steps). Another one acted in this recording: it said ${recorded.toFixed(3)}.`;
}

function label(output: number | "value", { action }: LoadedPolicy): string {
  if (output === "value") return "Value";
  return `Action ${action[output]!.name}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
