// Pictures and videos of the scene as files.
import { say } from "../state/panel-actions.js";
import { beginFilm, endFilm } from "../state/playback-actions.js";
import { firstShown } from "../state/selectors.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";

const PICTURES_PER_SECOND = 30;
/** How long a video goes on after the last frame came, so that its picture is in it, ms. */
const LAST_PICTURE = 200;
/** What browsers may record, best first. */
const FORMATS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

const LOST = "There is no picture to save until the browser gives the graphics back.";
const NO_VIDEO = "This browser records no WebM video. Chromium and Firefox do.";
const FILMING = "Recording: stops at the end, or when you press the button again.";

/** What is captured. */
interface CaptureSource {
  readonly canvas: HTMLCanvasElement;
  /** Draw now; returns whether that can be done. */
  draw(): boolean;
}

/** Let the buttons save a picture, and a video of the episode from its beginning to its end. */
export function bindCapture(store: Store<ViewerState>, source: CaptureSource): void {
  const button = element("record");
  let recorder: MediaRecorder | undefined;
  element("picture").addEventListener("click", () => {
    if (source.draw())
      source.canvas.toBlob((picture) => picture && save(picture, `${fileName(store.get())}.png`));
    else store.update(say, "capture", LOST);
  });
  button.addEventListener("click", () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    const format = FORMATS.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
    if (!source.draw()) store.update(say, "capture", LOST);
    else if (!format) store.update(say, "capture", NO_VIDEO);
    else
      recorder = film(store, source.canvas, format, () => {
        recorder = undefined;
      });
  });
  store.watch(
    ({ isFilming }) => isFilming,
    (isFilming) => button.setAttribute("aria-pressed", String(isFilming)),
  );
  store.watch(
    ({ isFilming, isPlaying }) => isFilming && !isPlaying,
    (hasEnded) => {
      if (hasEnded) setTimeout(() => recorder?.state === "recording" && recorder.stop(), LAST_PICTURE);
    },
  );
}

function film(
  store: Store<ViewerState>,
  canvas: HTMLCanvasElement,
  format: string,
  done: () => void,
): MediaRecorder {
  const stream = canvas.captureStream(PICTURES_PER_SECOND);
  const recorder = new MediaRecorder(stream, { mimeType: format, videoBitsPerSecond: 6_000_000 });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    done();
    store.update(endFilm);
    store.update(say, "capture");
    for (const track of stream.getTracks()) track.stop();
    save(new Blob(parts, { type: "video/webm" }), `${fileName(store.get())}.webm`);
  });
  recorder.start();
  store.update(say, "capture", FILMING);
  store.update(beginFilm);
  return recorder;
}

/** Name of a file, without its ending. */
function fileName(state: ViewerState): string {
  return `armgym-${firstShown(state)?.name.replace(/\.mcap$/, "") ?? "scene"}-step-${state.frame}`;
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
