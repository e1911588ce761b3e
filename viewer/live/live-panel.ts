// The panel and the bar of live mode: who acts, what is changed by hand, and the result.

import type { EpisodeRecording } from "../../src/recording/recording.js";
import type { Perturbation } from "../../src/scene/perturbation.js";
import { currentDriver, drivers, firstShown, isLive } from "../state/selectors.js";
import { derived, type Store } from "../state/store.js";
import type { Live, LiveEpisode, LivePhase, ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";
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

/** The drivers in a list of texts, which is the same list for the same texts. */
const driverTexts = derived(
  (state: ViewerState) => [drivers(state)],
  (offered) => offered.flat(),
);

/** The panel and the bar: functions of the state, but for the sliders, which belong to one live episode. */
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
  private readonly who = select("Who acts", []);
  private readonly notice = make("p", { className: "live-notice" });
  private readonly result = make("p", { className: "live-result" });
  private readonly begins = button("Continue from here", "primary");
  private readonly save = button("Download MCAP");
  private readonly manual: HTMLElement;
  private readonly physics = make("section", { className: "live-group" });
  private readonly hint = make("p");
  /** Whether there is an expert for the live episode. */
  private hasExpert = true;

  /** `sliders` are those of manual drive. */
  constructor(store: Store<ViewerState>, sliders: HTMLElement, actions: LiveActions) {
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
    this.follow(store);
  }

  /** Times the real time. */
  get speed(): number {
    return Number(this.speeds.value);
  }

  /** A live episode has begun. */
  begin({ movable, hasGoal, hasExpert }: LiveStart, { header }: EpisodeRecording): void {
    const objects = movable.filter(({ isObject }) => isObject).map(({ entity }) => entity);
    this.hasExpert = hasExpert;
    this.allowExpert(hasExpert);
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
  }

  private follow(store: Store<ViewerState>): void {
    store.watch(
      ({ shown }) => shown.length !== 1 || shown[0]!.recording.header.imported !== undefined,
      (isImpossible) => {
        for (const begins of [this.begins, element("continue")]) begins.disabled = isImpossible;
      },
    );
    // the same runs under the same titles are offered once, however often they are listed
    store.watch(driverTexts, () => this.offerDrivers(store.get()));
    store.watch(firstShown, () => this.offerDrivers(store.get()));
    store.watch(
      (state) => [currentDriver(state), isLive(state)],
      ([driver, isOn]) => {
        this.who.value = driver;
        // sliders and keys are of use only to who drives
        this.manual.hidden = !isOn || driver !== "manual";
      },
    );
    store.watch(
      ({ live }) => live.phase,
      (phase) => this.showPhase(phase),
    );
    store.watch(
      ({ live }) => live,
      (live) => this.showLive(live),
    );
  }

  private offerDrivers(state: ViewerState): void {
    this.who.replaceChildren(...drivers(state).map(([driver, title]) => new Option(title, driver)));
    this.who.value = currentDriver(state);
    if (isLive(state)) this.allowExpert(this.hasExpert);
  }

  private allowExpert(isAllowed: boolean): void {
    for (const option of this.who.options) if (option.value === "expert") option.disabled = !isAllowed;
  }

  /** Show the buttons of a phase. */
  private showPhase(phase: LivePhase): void {
    const isOn = phase === "running" || phase === "paused";
    this.bar.hidden = !isOn;
    element("controls").hidden = isOn;
    this.physics.hidden = !isOn;
    this.hint.hidden = !isOn;
    this.begins.hidden = isOn;
    this.play.textContent = phase === "running" ? "Pause" : "Go on";
    const waits = phase === "starting" ? "Starting…" : "Continue from here";
    this.begins.textContent = waits;
    element("continue").textContent = waits;
  }

  private showLive({ notice, isProblem, canSave, episode }: Live): void {
    this.notice.textContent = notice || INTRO;
    this.notice.classList.toggle("bad", isProblem);
    if (isProblem) this.notice.setAttribute("role", "alert");
    else this.notice.removeAttribute("role");
    this.save.hidden = !canSave;
    this.result.textContent = episode ? resultOf(episode) : "";
    if (episode) this.clock.textContent = clockOf(episode);
  }

  private fill(): void {
    const { actions } = this;
    const who = make("label", { className: "live-who" }, make("span", { textContent: "Who acts" }), this.who);
    this.who.addEventListener("change", () => actions.chooseDriver(this.who.value));
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

function clockOf({ frames, index }: LiveEpisode): string {
  return `${frames[index]!.time.toFixed(2)} s · step ${index}`;
}

function resultOf({ frames, index, total }: LiveEpisode): string {
  const { success, value } = frames[index]!;
  const annotated = value === null ? "" : ` · value ${value.toFixed(2)}`;
  return `${success ? "Goal reached" : "Goal not reached"} · return ${total.toFixed(1)}${annotated}`;
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
