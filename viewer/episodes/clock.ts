// The clock of the viewer: lets time go on while the state plays.
import { advancePosition, showPosition } from "../state/playback-actions.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";

/** Show one frame after another for as long as the state plays. */
export function bindClock(store: Store<ViewerState>): void {
  /** Where playing is, in frames: between two of them most of the time. */
  let position = 0;
  let last = 0;
  let request = 0;
  const advance = (now: number) => {
    position = advancePosition(store.get(), position, Math.max(0, now - last) / 1000);
    last = now;
    request = requestAnimationFrame(advance);
    store.update(showPosition, position);
  };
  store.watch(
    ({ isPlaying, shown, isFilming }) => [isPlaying, shown, isFilming],
    ([isPlaying]) => {
      cancelAnimationFrame(request);
      if (!isPlaying) return;
      position = store.get().frame;
      last = performance.now();
      request = requestAnimationFrame(advance);
    },
  );
}
