// What there is to say of the first episode and of its frame: success, joints at their limits, what randomisation drew.
import type { RecordedFrame, RecordingHeader } from "../../src/recording/recording.js";
import { firstShown, shownFrames } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element, showText } from "../ui/elements.js";
import { drawnValues } from "./drawn-values.js";
import { jointWarnings } from "./joint-warnings.js";

/** Show the notes over the scene and over the plots. */
export function bindFrameNotes(store: Store<ViewerState>): void {
  store.watch(
    (state) => firstShown(state)?.recording.header,
    (header) => showText("drawn", header && drawnValues(header)),
  );
  store.watch(
    (state) => [state.shown, shownFrames(state)],
    ([shown, found]) => {
      const header = shown[0]?.recording.header;
      const frame = found?.frames[found.index];
      showText("joint-warning", header && frame && jointWarnings(header, frame));
      // of compared episodes each has an outcome of its own
      showOutcome(shown.length === 1 ? header : undefined, frame);
    },
  );
}

function showOutcome(header: RecordingHeader | undefined, frame: RecordedFrame | undefined): void {
  const badge = element("badge");
  if (!header || !frame || header.imported) {
    showText("badge", undefined);
    badge.className = "";
    return;
  }
  const word = frame.success ? "✓ Goal reached" : "Goal not reached yet";
  showText("badge", header.dump ? "NaN guard" : word);
  badge.className = header.dump ? "bad" : frame.success ? "good" : "";
}
