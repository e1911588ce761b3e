// The line over the scene that shows which episodes are compared, how, and where they part; and their letters in the scene.
import { openEpisodes } from "../state/episode-actions.js";
import { setLayout } from "../state/panel-actions.js";
import { seek } from "../state/playback-actions.js";
import { firstShown, numFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { Layout, LoadedEpisode, ViewerState } from "../state/viewer-state.js";
import { element, showText } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { letterOf } from "./compare-series.js";
import { type Divergence, divergence, divergenceFrame } from "./divergence.js";

/** Show the comparison; its buttons leave episodes out, change the layout and go to where they part. */
export function bindCompareBar(store: Store<ViewerState>): void {
  const layouts = element("layout").querySelectorAll("input");
  for (const input of layouts)
    input.addEventListener("change", () => store.update(setLayout, input.value as Layout));
  element("compare-end").addEventListener("click", () =>
    store.update(openEpisodes, store.get().shown.slice(0, 1)),
  );
  element("divergence").addEventListener("click", () => {
    const frame = divergenceFrame(store.get());
    if (frame !== undefined) store.update(seek, frame);
  });
  const leaveOut = (k: number) => store.update(openEpisodes, store.get().shown.toSpliced(k, 1));
  store.watch(
    ({ shown }) => shown,
    () => {
      const state = store.get();
      const compared = state.shown.length > 1 ? state.shown : [];
      element("compare-bar").hidden = compared.length === 0;
      element("compared").replaceChildren(...compared.map((episode, k) => chip(episode, k, leaveOut)));
      showDivergence(state);
    },
  );
  store.watch(
    ({ layout }) => layout,
    (layout) => {
      for (const input of layouts) input.checked = input.value === layout;
    },
  );
  store.watch(({ shown, layout }) => [shown.length, layout], showTileNames);
}

/** Letters over the tiles. */
function showTileNames([count, layout]: readonly [number, Layout]): void {
  const names = element("tile-names");
  names.hidden = count < 2 || layout === "overlay";
  names.dataset.count = String(count);
  names.replaceChildren(
    ...Array.from({ length: count }, (_, k) => make("li", { className: `compared-${k}` }, letterOf(k))),
  );
}

function chip(episode: LoadedEpisode, k: number, leaveOut: (k: number) => void): HTMLElement {
  const made = make("li", { className: `compared-${k}` });
  const remove = make("button", { type: "button", textContent: "×" });
  remove.setAttribute("aria-label", `Leave out ${letterOf(k)}`);
  remove.addEventListener("click", () => leaveOut(k));
  made.append(make("b", {}, letterOf(k)), make("span", {}, labelOf(episode)), remove);
  return made;
}

function labelOf({ recording: { header } }: LoadedEpisode): string {
  const steps = header.policySteps;
  const policy = steps >= 1000 ? `${Math.round(steps / 1000)}k` : String(steps);
  return `seed ${header.seed} · ${header.agent} at ${policy}`;
}

function showDivergence(state: ViewerState): void {
  const frame = divergenceFrame(state);
  const tick = element("divergence-tick");
  tick.hidden = frame === undefined;
  if (frame !== undefined)
    tick.style.setProperty("--share", String(frame / Math.max(1, numFrames(state) - 1)));
  element("divergence").hidden = frame === undefined;
  const rate = firstShown(state)?.recording.header.controlRate ?? 1;
  showText("divergence-text", divergenceText(divergence(state), rate));
}

function divergenceText(found: Divergence | undefined, controlRate: number): string {
  if (!found) return "Equal to the last bit of every pose.";
  const at = (frame: number) => `step ${frame} (${(frame / controlRate).toFixed(2)} s)`;
  const { first, visible } = found;
  if (visible === undefined) return `First differ at ${at(first)}, never by more than 1 mm.`;
  const then = visible === first ? ", by more than 1 mm." : `; by more than 1 mm from ${at(visible)} on.`;
  return `First differ at ${at(first)}${then}`;
}
