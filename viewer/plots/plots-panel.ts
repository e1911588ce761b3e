// The plots of the episodes that are shown, and of one that grows.
import { compareSections } from "../compare/compare-series.js";
import { divergenceFrame } from "../compare/divergence.js";
import { seek, zoomTo } from "../state/playback-actions.js";
import { firstShown, isLive, longestShown, numFrames, shownFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { EpisodePlots } from "./episode-plots.js";
import { episodeSections } from "./episode-series.js";

/** The plots of a live episode rest between two drawings for so long at least, ms, and for so many times as one takes. */
const LEAST_PAUSE = 150;
const PAUSES = 6;

/** Plot the episodes that are shown, under one cursor at the frame. */
export function bindPlots(store: Store<ViewerState>): void {
  const plots = new EpisodePlots(element("episode-plots"), {
    seek: (frame) => store.update(seek, frame),
    zoom: (from, to) => store.update(zoomTo, from, to),
  });
  store.watch(
    ({ shown }) => shown,
    () => openPlots(plots, store.get()),
  );
  store.watch(
    ({ zoom }) => zoom,
    (zoom) => plots.zoom(zoom?.from, zoom?.to),
  );
  store.watch(
    (state) => [state.shown, state.frame, isLive(state)],
    ([, frame, live]) => {
      if (!live) plots.show(frame);
    },
  );
  bindLivePlots(store, plots);
}

function openPlots(plots: EpisodePlots, state: ViewerState): void {
  const recordings = state.shown.map(({ recording }) => recording);
  const [first] = recordings;
  if (!first) {
    plots.close();
    return;
  }
  const times = longestShown(state)!.recording.frames.map(({ time }) => time);
  plots.open(recordings.length > 1 ? compareSections(recordings) : episodeSections(first), times);
  plots.mark(divergenceFrame(state));
}

/** Draw the plots of an episode that grows now and then: that takes long compared with a step. */
function bindLivePlots(store: Store<ViewerState>, plots: EpisodePlots): void {
  let pause = LEAST_PAUSE;
  let drawing: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    drawing = undefined;
    const state = store.get();
    const began = performance.now();
    const { header } = firstShown(state)!.recording;
    const { frames, index } = shownFrames(state)!;
    plots.update(
      episodeSections({ header, frames }),
      frames.map(({ time }) => time),
    );
    plots.show(index);
    pause = Math.max(LEAST_PAUSE, PAUSES * (performance.now() - began));
  };
  let before: { readonly shown: ViewerState["shown"]; readonly count: number } | undefined;
  store.watch(
    (state) => [state.live.episode, state.shown, numFrames(state)],
    ([episode, shown, count]) => {
      // one that another program steps is the same recording with more frames
      const hasGrown = shown === before?.shown && count > before.count;
      before = { shown, count };
      if (episode || hasGrown) drawing ??= setTimeout(draw, pause);
      else {
        clearTimeout(drawing);
        drawing = undefined;
      }
    },
  );
}
