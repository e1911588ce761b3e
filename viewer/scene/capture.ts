// Pictures and videos of the scene as files.

import type { Player } from "../episodes/player.js";
import { element, tell } from "../ui/page.js";

const PICTURES_PER_SECOND = 30;
/** What browsers may record, best first. */
const FORMATS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

const LOST = "There is no picture to save until the browser gives the graphics back.";

/** What is captured, and under which name. */
export interface CaptureSource {
  readonly canvas: HTMLCanvasElement;
  /** Draw now; returns whether that can be done. */
  draw(): boolean;
  /** Name of the file, without its ending. */
  name(): string;
}

/** Let the buttons save a picture, and a video of the episode from its beginning to its end. */
export function bindCapture(source: CaptureSource, player: Player): void {
  const button = element<HTMLButtonElement>("record");
  let recorder: MediaRecorder | undefined;
  element("picture").addEventListener("click", () => {
    if (!source.draw()) {
      tell("capture-note", LOST);
      return;
    }
    source.canvas.toBlob((picture) => picture && save(picture, `${source.name()}.png`));
  });
  button.addEventListener("click", () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    if (!source.draw()) {
      tell("capture-note", LOST);
      return;
    }
    const format = FORMATS.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
    if (!format) {
      tell("capture-note", "This browser records no WebM video. Chromium and Firefox do.");
      return;
    }
    recorder = record(source, player, format, () => {
      recorder = undefined;
      button.setAttribute("aria-pressed", "false");
      tell("capture-note", undefined);
    });
    button.setAttribute("aria-pressed", "true");
    tell("capture-note", "Recording: stops at the end, or when you press the button again.");
  });
}

function record(source: CaptureSource, player: Player, format: string, done: () => void): MediaRecorder {
  const stream = source.canvas.captureStream(PICTURES_PER_SECOND);
  const recorder = new MediaRecorder(stream, { mimeType: format, videoBitsPerSecond: 6_000_000 });
  const parts: Blob[] = [];
  const { loop } = player;
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.addEventListener("stop", () => {
    player.pause();
    player.loop = loop;
    for (const track of stream.getTracks()) track.stop();
    save(new Blob(parts, { type: "video/webm" }), `${source.name()}.webm`);
    done();
  });
  player.pause();
  player.loop = false;
  player.seek(player.range[0]);
  recorder.start();
  player.play();
  const watch = () => {
    if (recorder.state === "inactive") return;
    if (player.playing) requestAnimationFrame(watch);
    // so that the last picture is in it
    else setTimeout(() => recorder.state !== "inactive" && recorder.stop(), 200);
  };
  requestAnimationFrame(watch);
  return recorder;
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
