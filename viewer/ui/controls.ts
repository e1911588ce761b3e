// Playback controls and the keyboard.
import type { Commands } from "../state/commands.js";
import {
  changeSpeed,
  SPEEDS,
  seek,
  setLoop,
  setSpeed,
  step,
  togglePlaying,
  zoomTo,
} from "../state/playback-actions.js";
import { longestShown, numFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState, Zoom } from "../state/viewer-state.js";
import { element, showText } from "./elements.js";

/** What a key does; with shift it may go faster. */
type KeyBindings = Readonly<Record<string, (fast: boolean) => void>>;

/** Show the time and how it goes on; buttons, the slider and the keyboard change it. */
export function bindControls(store: Store<ViewerState>, commands: Commands): void {
  showTime(store);
  showPace(store);
  const scrub = element("scrub");
  const speed = element("speed");
  const help = element("help");
  element("play").addEventListener("click", () => store.update(togglePlaying));
  element("back").addEventListener("click", () => store.update(step, -1));
  element("forward").addEventListener("click", () => store.update(step, 1));
  element("zoom-end").addEventListener("click", () => store.update(zoomTo));
  element("help-open").addEventListener("click", () => help.showModal());
  element("help-close").addEventListener("click", () => help.close());
  element("loop").addEventListener("change", () => store.update(setLoop, element("loop").checked));
  speed.addEventListener("change", () => store.update(setSpeed, Number(speed.value)));
  scrub.addEventListener("input", () => store.update(seek, Number(scrub.value)));
  const keys = keyBindings(store, commands);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || belongsTo(event)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    act(event.shiftKey);
    event.preventDefault();
  });
}

function keyBindings(store: Store<ViewerState>, commands: Commands): KeyBindings {
  const press = (id: Parameters<typeof element>[0]) => () => element(id).click();
  return {
    " ": () => store.update(togglePlaying),
    ArrowLeft: (fast) => store.update(step, fast ? -10 : -1),
    ArrowRight: (fast) => store.update(step, fast ? 10 : 1),
    ",": () => store.update(step, -1),
    ".": () => store.update(step, 1),
    Home: () => store.update(seek, 0),
    End: () => store.update(seek, Number.POSITIVE_INFINITY),
    "-": () => store.update(changeSpeed, -1),
    "+": () => store.update(changeSpeed, 1),
    "=": () => store.update(changeSpeed, 1),
    "[": () => void commands.openNeighbour(-1),
    "]": () => void commands.openNeighbour(1),
    "?": () => element("help").showModal(),
    l: press("loop"),
    t: press("show-path"),
    f: press("show-forces"),
    c: press("show-command"),
    x: press("show-axes"),
    v: press("follow-tool"),
    p: press("picture"),
    z: () => store.update(zoomTo),
  };
}

/** Show which frame of how many is shown. */
function showTime(store: Store<ViewerState>): void {
  const scrub = element("scrub");
  store.watch(
    (state) => [numFrames(state), state.frame, longestShown(state)?.recording.frames[state.frame]?.time],
    ([count, frame, time]) => {
      element("controls").inert = count === 0;
      scrub.max = String(Math.max(0, count - 1));
      scrub.value = String(frame);
      if (time === undefined) scrub.removeAttribute("aria-valuetext");
      else scrub.setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
      element("clock").textContent = time === undefined ? "–" : `${time.toFixed(2)} s · step ${frame}`;
    },
  );
  store.watch(({ zoom }) => zoom, showZoom);
}

function showZoom(zoom: Zoom | undefined): void {
  element("zoom").hidden = zoom === undefined;
  showText("zoom-note", zoom && `${zoom.from.toFixed(2)} to ${zoom.to.toFixed(2)} s`);
}

/** Show whether it plays, how fast, and what comes at the end. */
function showPace(store: Store<ViewerState>): void {
  const speed = element("speed");
  speed.replaceChildren(...SPEEDS.map((times) => new Option(`${times}×`, String(times))));
  store.watch(
    (state) => state.isPlaying,
    (isPlaying) => element("play").setAttribute("aria-label", isPlaying ? "Pause" : "Play"),
  );
  store.watch(
    (state) => state.speed,
    (times) => {
      speed.value = String(times);
    },
  );
  store.watch(
    (state) => state.loop,
    (loop) => {
      element("loop").checked = loop;
    },
  );
}

/** Keys that the focused control needs for itself: all of a list's, the space bar of a button, arrows of radios and tabs. */
function belongsTo({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement && (target.type === "search" || target.type === "text")) return true;
  if (target instanceof HTMLInputElement && target.type !== "range")
    return key === " " || key.startsWith("Arrow");
  if (target instanceof HTMLElement && target.localName === "summary") return key === " ";
  return target instanceof HTMLButtonElement && (key === " " || target.role === "tab");
}
