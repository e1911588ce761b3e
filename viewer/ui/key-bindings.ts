// Key bindings of the viewer; live mode adds its own (live/live-mode.ts).
import type { Commands } from "../state/commands.js";
import { changeSpeed, seek, step, togglePlaying, zoomTo } from "../state/playback-actions.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "./elements.js";

/** What a key does; with shift it may go faster. */
type KeyBindings = Readonly<Record<string, (fast: boolean) => void>>;

/** Bind the keyboard to playback, episodes and what is shown; keys of the focused control and of the browser stay theirs. */
export function bindKeys(store: Store<ViewerState>, commands: Commands): void {
  const keys = keyBindings(store, commands);
  const help = element("help");
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

/** Whether letters that are typed belong to `target`. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && (target.type === "search" || target.type === "text");
}

/** Keys that the focused control needs for itself: all of a list's, the space bar of a button, arrows of radios and tabs. */
function belongsTo({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLSelectElement) return true;
  if (isTextField(target)) return true;
  if (target instanceof HTMLInputElement && target.type !== "range")
    return key === " " || key.startsWith("Arrow");
  if (target instanceof HTMLElement && target.localName === "summary") return key === " ";
  return target instanceof HTMLButtonElement && (key === " " || target.role === "tab");
}
