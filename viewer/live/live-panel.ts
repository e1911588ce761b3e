// The panel and the bar of live mode: who acts, what is changed by hand, and the result.

import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { Perturbation } from "../../src/scene/perturbation.js";
import { make } from "../ui/make.js";
import { element } from "../ui/page.js";
import { changeSlider } from "./change-slider.js";
import type { LiveStart } from "./protocol.js";

/** What the user does in the panel and the bar. */
export interface LiveActions {
  begin(): void;
  toggle(): void;
  step(): void;
  end(): void;
  download(): void;
  /** "run:NAME", "expert", "recorded" or "manual". */
  chooseDriver(choice: string): void;
  change(hand: Pick<Perturbation, "mass" | "friction">): void;
}

const INTRO =
  "Continue from here takes the state at the cursor, exactly, into a simulation in this page. The policy carries on, and " +
  "you can take part: drag the objects, the arm and the goal, change masses and friction, or drive by hand.";
const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["W S", "forward, back"],
  ["A D", "left, right"],
  ["E Q", "up, down"],
  ["G", "gripper"],
];

/** Draws what live mode is in. */
export class LivePanel {
  /** Name of the file to download. */
  fileName = "live.mcap";
  private readonly actions: LiveActions;
  private readonly play = button("Pause", "primary");
  private readonly clock = make("output", { className: "live-clock" });
  private readonly speeds = select("Live pace", [
    ["0.1", "0.1×"],
    ["0.25", "0.25×"],
    ["0.5", "0.5×"],
    ["1", "1×"],
    ["2", "2×"],
  ]);
  private readonly bar = make("div", { className: "live-bar" });
  private readonly drivers = select("Who acts", []);
  private readonly notice = make("p", { className: "live-notice" });
  private readonly result = make("p", { className: "live-result" });
  private readonly begins = button("Continue from here", "primary");
  private readonly save = button("Download MCAP");
  private readonly manual: HTMLElement;
  private readonly physics = make("section", { className: "live-group" });
  private readonly hint = make("p");
  private isLive = false;

  /** `sliders` are those of manual drive. */
  constructor(sliders: HTMLElement, actions: LiveActions) {
    this.actions = actions;
    const keys = make("p", { className: "live-keys" });
    for (const [key, what] of KEYS) {
      const caps = key.split(" ").map((cap) => make("kbd", { textContent: cap }));
      keys.append(make("span", {}, ...caps, ` ${what}`), " ");
    }
    this.manual = make(
      "section",
      { className: "live-group" },
      make("h3", { textContent: "By hand" }),
      sliders,
      keys,
    );
    this.fill();
    this.fillBar();
    this.become("off");
  }

  /** What is chosen to act. */
  get driver(): string {
    return this.drivers.value;
  }

  /** Times the real time. */
  get speed(): number {
    return Number(this.speeds.value);
  }

  /** Another recording is shown; `runs` have policies for it, perhaps, each with what to call it. */
  open(
    recording: EpisodeRecording | undefined,
    runs: readonly (readonly [run: string, title: string])[],
  ): void {
    const old = this.drivers.value;
    const options: (readonly [string, string])[] = [
      ...runs.map(([run, title]) => [`run:${run}`, title] as const),
      ["expert", "Scripted expert"],
      ["recorded", "Recorded actions"],
      ["manual", "By hand"],
    ];
    this.drivers.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    const kept = options.some(([value]) => value === old) ? old : options[0]![0];
    this.drivers.value = kept;
    for (const begins of [this.begins, element<HTMLButtonElement>("continue")]) begins.disabled = !recording;
    this.save.hidden = true;
    this.result.textContent = "";
    this.say(INTRO);
  }

  /** A live episode has begun. */
  begin({ movable, hasGoal, hasExpert, difference }: LiveStart, { header }: EpisodeRecording): void {
    const objects = movable.filter(({ isObject }) => isObject).map(({ entity }) => entity);
    for (const option of this.drivers.options) if (option.value === "expert") option.disabled = !hasExpert;
    const drawn = header.randomization ?? {};
    const sliders = objects.map((entity, index) =>
      changeSlider(`Mass of ${entity}`, drawn.objectMass?.[index] ?? 1, (factor) =>
        this.actions.change({ mass: { [entity]: factor } }),
      ),
    );
    const friction = changeSlider("Friction", drawn.friction?.[0] ?? 1, (factor) =>
      this.actions.change({ friction: factor }),
    );
    this.physics.replaceChildren(make("h3", { textContent: "Physics" }), ...sliders, friction);
    const things = [...(objects.length > 0 ? ["objects"] : []), "arm", ...(hasGoal ? ["goal"] : [])];
    this.hint.textContent = `Drag in the scene: ${things.join(", ")}. Beside them a drag turns the view.`;
    this.fileName = `${header.env}-seed-${header.seed}-live.mcap`;
    this.say(
      difference === 0
        ? "The replay up to here is the recording, bit for bit."
        : `The replay up to here is the recording, within ${difference.toExponential(0)} m: browsers round sines and such a little differently.`,
    );
    this.save.hidden = false;
  }

  /** Show where it is. */
  show({ time, success, value }: RecordedFrame, index: number, total: number): void {
    this.clock.textContent = `${time.toFixed(2)} s · step ${index}`;
    const annotated = value === null ? "" : ` · value ${value.toFixed(2)}`;
    this.result.textContent = `${success ? "Goal reached" : "Goal not reached"} · return ${total.toFixed(1)}${annotated}`;
  }

  /** A live episode is over and shown as a recording. */
  finished({ frames, header }: EpisodeRecording): void {
    this.save.hidden = false;
    const from = header.takenOver ?? frames.length - 1;
    this.say(
      `Shown is the live episode: ${frames.length - 1} steps, from step ${from} on in this page. Download it, or continue from any of its frames.`,
    );
  }

  /** Show the buttons of a state. */
  become(state: "off" | "starting" | "running" | "paused"): void {
    const isLive = state === "running" || state === "paused";
    this.bar.hidden = !isLive;
    element("controls").hidden = isLive;
    this.physics.hidden = !isLive;
    this.hint.hidden = !isLive;
    this.isLive = isLive;
    this.showManual();
    this.begins.hidden = isLive;
    this.play.textContent = state === "running" ? "Pause" : "Go on";
    const waits = state === "starting" ? "Starting…" : "Continue from here";
    this.begins.textContent = waits;
    element("continue").textContent = waits;
  }

  /** Tell something. */
  say(text: string): void {
    this.notice.textContent = text;
    this.notice.classList.remove("bad");
    this.notice.removeAttribute("role");
  }

  /** Tell what is wrong. */
  complain(text: string): void {
    this.say(text);
    this.notice.classList.add("bad");
    this.notice.setAttribute("role", "alert");
  }

  /** Sliders and keys are of use only to who drives. */
  private showManual(): void {
    this.manual.hidden = !this.isLive || this.drivers.value !== "manual";
  }

  private fill(): void {
    const { actions } = this;
    const who = make(
      "label",
      { className: "live-who" },
      make("span", { textContent: "Who acts" }),
      this.drivers,
    );
    this.drivers.addEventListener("change", () => {
      this.showManual();
      actions.chooseDriver(this.drivers.value);
    });
    this.begins.addEventListener("click", () => actions.begin());
    this.save.addEventListener("click", () => actions.download());
    const ends = make("div", { className: "live-ends" }, this.begins, this.save);
    element("live").replaceChildren(
      this.notice,
      ends,
      this.result,
      who,
      this.hint,
      this.physics,
      this.manual,
    );
  }

  private fillBar(): void {
    const { actions, bar } = this;
    const [step, end] = [button("Step"), button("Stop and keep")];
    step.title = "One control step (. or →)";
    this.play.title = "Pause or go on (space)";
    end.title = "Show the live episode as a recording (Esc)";
    this.play.addEventListener("click", () => actions.toggle());
    step.addEventListener("click", () => actions.step());
    end.addEventListener("click", () => actions.end());
    this.speeds.value = "1";
    const pace = make("label", { className: "field" }, "Pace", this.speeds);
    const sign = make("span", { className: "live-sign", textContent: "Live" });
    bar.append(sign, this.play, step, this.clock, pace, end);
    element("controls").before(bar);
    element("continue").addEventListener("click", () => actions.begin());
  }
}

function button(text: string, className = ""): HTMLButtonElement {
  return make("button", { type: "button", textContent: text, className });
}

function select(
  name: string,
  options: readonly (readonly [value: string, text: string])[],
): HTMLSelectElement {
  const made = make("select", {}, ...options.map(([value, text]) => new Option(text, value)));
  made.setAttribute("aria-label", name);
  return made;
}
