// An episode in one picture: frames of it side by side, from its start to its end.
import { encode } from "fast-png";
import type { EpisodeRecording } from "../recording/recording.js";
import { emptyPicture, fillBox, paste } from "./canvas.js";
import { episodeView, hasShapes, OVERVIEW } from "./episode-view.js";
import { outcomeAt, secondsOf } from "./film.js";
import { drawMark } from "./mark.js";
import { BACKGROUND, drawLine, lineHeight, textScale } from "./words.js";

/** A picture as a PNG file. */
export interface PngPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

const FRAMES = 5;
const WIDTH = 160;
const HEIGHT = 120;
const GAP = 2;

/** Draw five frames of a recording of one episode, the same time apart; undefined where it has no shapes to draw. */
export function filmstrip(recording: EpisodeRecording): PngPicture | undefined {
  if (!hasShapes(recording)) return undefined;
  const last = recording.frames.length - 1;
  const count = Math.min(FRAMES, last + 1);
  const options = { width: WIDTH, height: HEIGHT, camera: OVERVIEW, quality: "fast" } as const;
  const view = episodeView(recording, options, "the episode");
  const scale = textScale(WIDTH);
  const picture = emptyPicture(count * (WIDTH + GAP) - GAP, HEIGHT + lineHeight(scale));
  fillBox(picture, { x: 0, y: 0, width: picture.width, height: picture.height }, BACKGROUND);
  for (let k = 0; k < count; k++) {
    const frame = Math.round((k * last) / Math.max(1, count - 1));
    const box = { x: k * (WIDTH + GAP), y: 0, width: WIDTH, height: HEIGHT };
    paste(picture, view.draw(frame), box.x, box.y);
    const outcome = outcomeAt(recording, frame);
    if (outcome) drawMark(picture, box, outcome, scale);
    const below = { ...box, y: HEIGHT, height: lineHeight(scale) };
    const seed = k === 0 ? `seed ${recording.header.seed}` : "";
    drawLine(picture, below, seed, `${secondsOf(recording, frame).toFixed(2)} s`, scale);
  }
  const { width, height, rgb } = picture;
  return { width, height, png: encode({ width, height, data: rgb, channels: 3, depth: 8 }) };
}
