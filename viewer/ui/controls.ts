// Playback controls and the keyboard.

import type { Player } from "../episodes/player.js";
import { element } from "./page.js";

/** What the keyboard and the buttons do besides playing. */
export interface ControlActions {
  /** Open the next (1) or the previous (-1) episode of the list. */
  openNeighbour(direction: 1 | -1): void;
  /** Show the whole episode again. */
  endZoom(): void;
}

const speed = element<HTMLSelectElement>("speed");
const loop = element<HTMLInputElement>("loop");
const scrub = element<HTMLInputElement>("scrub");
const help = element<HTMLDialogElement>("help");

/** Let the controls and the keyboard drive `player`. */
export function bindControls(player: Player, actions: ControlActions): void {
  const setLoop = () => {
    player.loop = loop.checked;
  };
  const setSpeed = (index: number) => {
    speed.selectedIndex = Math.max(0, Math.min(speed.options.length - 1, index));
    player.speed = Number(speed.value);
  };
  const press = (id: string) => () => element(id).click();
  element("play").addEventListener("click", () => player.toggle());
  element("back").addEventListener("click", () => player.step(-1));
  element("forward").addEventListener("click", () => player.step(1));
  element("zoom-end").addEventListener("click", () => actions.endZoom());
  element("help-open").addEventListener("click", () => help.showModal());
  element("help-close").addEventListener("click", () => help.close());
  speed.addEventListener("change", () => setSpeed(speed.selectedIndex));
  loop.addEventListener("change", setLoop);
  scrub.addEventListener("input", () => {
    player.pause();
    player.seek(Number(scrub.value));
  });
  const keys: Readonly<Record<string, (fast: boolean) => void>> = {
    " ": () => player.toggle(),
    ArrowLeft: (fast) => player.step(fast ? -10 : -1),
    ArrowRight: (fast) => player.step(fast ? 10 : 1),
    ",": () => player.step(-1),
    ".": () => player.step(1),
    Home: () => player.step(Number.NEGATIVE_INFINITY),
    End: () => player.step(Number.POSITIVE_INFINITY),
    "-": () => setSpeed(speed.selectedIndex - 1),
    "+": () => setSpeed(speed.selectedIndex + 1),
    "=": () => setSpeed(speed.selectedIndex + 1),
    "[": () => actions.openNeighbour(-1),
    "]": () => actions.openNeighbour(1),
    "?": () => help.showModal(),
    l: press("loop"),
    t: press("show-path"),
    f: press("show-forces"),
    c: press("show-command"),
    x: press("show-axes"),
    v: press("follow-tool"),
    p: press("picture"),
    z: () => actions.endZoom(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || belongsTo(event)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    act(event.shiftKey);
    event.preventDefault();
  });
}

/** Show in the controls which frame of how many is shown. */
export function showTime(index: number, numFrames: number, time: number): void {
  scrub.max = String(numFrames - 1);
  scrub.value = String(index);
  scrub.setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
  element("clock").textContent = `${time.toFixed(2)} s · step ${index}`;
}

/** Show that there is nothing to play. */
export function showNoTime(): void {
  scrub.max = "0";
  scrub.value = "0";
  scrub.removeAttribute("aria-valuetext");
  element("clock").textContent = "–";
}

/** Show whether it plays. */
export function showPlaying(playing: boolean): void {
  element("play").setAttribute("aria-label", playing ? "Pause" : "Play");
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
