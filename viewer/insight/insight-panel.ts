// Why the policy does what it does at the cursor: what it sees and predicts, what counts, and what it remembers.
import { haveSameEntries } from "../../src/recording/entry-names.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { LiveClient } from "../live/live-client.js";
import type { PolicyShelf } from "../live/policy-shelf.js";
import type { Explanation, LoadedPolicy, Which } from "../live/protocol.js";
import { seek } from "../state/playback-actions.js";
import { firstShown, policyRun, shownFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { MemoryMap } from "./memory-map.js";
import { PredictionList } from "./prediction-list.js";
import { SaliencyBars } from "./saliency-bars.js";
import { SightPanel } from "./sight-panel.js";

type Method = "gradient" | "integrated";

const MEANING: Readonly<Record<Method, string>> = {
  gradient:
    "How much the output changes when an entry rises by as much as it usually varies (its standard deviation in training). In the pictures: how much it hangs on a pixel.",
  integrated:
    "Each entry's share in what makes the output differ from that for the average observation and an even picture (integrated gradients).",
};
const OUTSIDE = "This recording lies outside of any run: there is no policy to ask.";
const NOTHING = "No episode is shown.";
/** An action further away from the recorded one than this is another policy's. */
const SAME_ACTION = 1e-4;

/** Marks in the scene where the policy holds things to be; nothing without places. */
type MarkPlaces = (places: Explanation["places"]) => void;

/** Explains the shown frame whenever its panel is open. */
export class InsightPanel {
  private readonly panel = element("insight");
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
  private readonly sight = new SightPanel();
  private readonly predictions = new PredictionList();
  private readonly memory: MemoryMap;
  private readonly body: HTMLElement;
  private readonly mark: MarkPlaces;
  /** Whether the panel is in sight: what is not seen is not computed. */
  private isSeen = false;
  private recording: EpisodeRecording | undefined;
  private run: string | undefined;
  private policy: LoadedPolicy | undefined;
  private frame = 0;
  private frames: readonly RecordedFrame[] = [];
  /** Whether the worker has the recording. */
  private watched = false;
  private busy = false;
  private due = false;
  /** Rises with each recording, so that answers about an earlier one are dropped. */
  private round = 0;

  constructor(store: Store<ViewerState>, client: LiveClient, shelf: PolicyShelf, mark: MarkPlaces) {
    this.client = client;
    this.shelf = shelf;
    this.mark = mark;
    this.memory = new MemoryMap((frame) => store.update(seek, frame));
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
    this.panel.replaceChildren(this.notice, this.sight.box, this.body, this.predictions.box, this.memory.box);
    store.watch(
      (state) => [firstShown(state), policyRun(state)],
      ([first, run]) => this.open(first?.recording, run),
    );
    store.watch(shownFrames, (found) => found && this.show(found.index, found.frames));
    store.watch(
      ({ tab }) => tab === "policy",
      (isSeen) => {
        this.isSeen = isSeen;
        this.wake();
      },
    );
  }

  /** Take another recording; `run` is where its policy comes from, undefined where there is none. */
  private open(recording: EpisodeRecording | undefined, run: string | undefined): void {
    this.round++;
    this.recording = recording;
    this.run = run;
    this.policy = undefined;
    this.watched = false;
    this.frame = 0;
    this.frames = recording?.frames ?? [];
    this.body.hidden = true;
    this.notice.textContent = recording ? (run ? "Loading the policy…" : OUTSIDE) : NOTHING;
    this.memory.show(undefined);
    this.predictions.show({});
    this.sight.open(recording?.header.scene ?? { entities: [] });
    this.mark([]);
    this.wake();
  }

  /** Explain a frame of the recording, or of the live episode that has taken over. */
  private show(frame: number, frames: readonly RecordedFrame[]): void {
    this.frame = frame;
    this.frames = frames;
    this.memory.mark(frame);
    this.update();
  }

  private wake(): void {
    const { recording, run, policy } = this;
    if (!this.isSeen) this.mark([]);
    if (!this.isSeen || !recording) return;
    if (!this.watched && (run || hasPictures(recording))) {
      this.watched = true;
      this.client.ask("watch", { recording }).catch((error: Error) => {
        this.notice.textContent = error.message;
      });
    }
    this.update();
    if (run && !policy) void this.load(run, recording);
  }

  private async load(run: string, recording: EpisodeRecording): Promise<void> {
    const { round } = this;
    try {
      const policy = await this.shelf.get(run);
      if (round !== this.round) return;
      const read = policy.observation.map(({ name }) => name);
      if (!haveSameEntries(read, recording.header.observationNames))
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
    const remembered = isRecorded ? recorded : await this.client.ask("remember", { title: policy.title });
    if (round !== this.round) return;
    this.memory.show(remembered);
    this.memory.mark(this.frame);
  }

  /** Ask for the present frame; while an answer is under way only the newest question waits. */
  private update(): void {
    if (!this.isSeen || !this.watched) return;
    this.due = true;
    if (!this.busy) void this.answer();
  }

  private async answer(): Promise<void> {
    this.busy = true;
    while (this.due) {
      this.due = false;
      const { frame, frames, round, recording } = this;
      const which = frames === recording?.frames ? "watched" : "live";
      try {
        if (recording && hasPictures(recording)) {
          const pictures = await this.client.ask("see", { which, frame });
          if (round === this.round) this.sight.show(pictures);
        }
        await this.explain(which);
      } catch (error) {
        if (round === this.round) this.notice.textContent = (error as Error).message;
      }
    }
    this.busy = false;
  }

  private async explain(which: Which): Promise<void> {
    const { policy, frames, frame, round } = this;
    if (!policy || !frames[frame]) return;
    const output = this.outputs.value === "value" ? "value" : Number(this.outputs.value);
    const method = this.methods.value as Method;
    const explanation = await this.client.ask("explain", {
      title: policy.title,
      which,
      frame,
      output,
      method,
    });
    if (round !== this.round) return;
    this.bars.show(explanation.reasons);
    this.sight.explain(explanation);
    this.predictions.show(explanation);
    if (this.isSeen) this.mark(explanation.places);
    this.meaning.textContent = MEANING[method];
    this.sum.textContent = `${label(output, policy)} ${explanation.output.toFixed(3)}${sharedOut(explanation)}`;
    this.notice.textContent = comparison(policy, frames, frame, output, explanation.output);
    this.panel.dataset.frame = String(frame);
  }
}

/** Whether there is something to see: cameras whose pictures are drawn again, or pictures that the recording holds. */
function hasPictures({ header, frames }: EpisodeRecording): boolean {
  return header.cameras !== undefined || frames[0]?.pictures !== undefined;
}

/** Tell what integrated gradients share out. */
function sharedOut({ difference, error, imageShare }: Explanation): string {
  if (difference === undefined) return "";
  const seen = imageShare === undefined ? "" : `, ${signed(imageShare)} of it by the pictures`;
  return ` · ${signed(difference)} against the average observation${seen}, shares miss ${Math.abs(error ?? 0).toExponential(0)}`;
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
