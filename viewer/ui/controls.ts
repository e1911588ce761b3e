// Playback controls: buttons, the slider, the clock.
import { SPEEDS, seek, setLoop, setSpeed, step, togglePlaying, zoomTo } from "../state/playback-actions.js";
import { longestShown, numFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState, Zoom } from "../state/viewer-state.js";
import { element, showText } from "./elements.js";

/** Show the time and how it goes on; buttons and the slider change it. */
export function bindControls(store: Store<ViewerState>): void {
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
