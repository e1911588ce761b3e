// Episodes as moving pictures: a grid of them at the same time, with a title, the time, and a mark where the task is solved.
import type { EpisodeRecording } from "../recording/recording.js";
import { type Box, emptyPicture, fillBox, type Picture, paste } from "./canvas.js";
import { type EpisodeView, episodeView, type ViewOptions } from "./episode-view.js";
import { drawMark } from "./mark.js";
import { BACKGROUND, drawLine, lineHeight, textScale } from "./words.js";

/** Moving pictures, drawn one by one. */
export interface Film {
  /** Pixels, both even, as video formats want them. */
  readonly width: number;
  readonly height: number;
  /** Pictures per second. */
  readonly fps: number;
  readonly numPictures: number;
  readonly title: string;
  /** Draw picture `index`: uint8 [height, width, 3], which the next call overwrites. */
  draw(index: number): Uint8Array;
}

/** How episodes are shown; `width` and `height` are those of each one's picture. */
export interface FilmOptions extends Omit<ViewOptions, "quality"> {
  readonly fps: number;
  /** Episodes side by side. */
  readonly columns: number;
  /** Default: environment, robot, and who acts. */
  readonly title?: string;
}

/** How long the last picture stands, s. */
const REST = 1;
/** Pixels between pictures. */
const GAP = 2;
/** Times that are equal but for rounding are. */
const ROUNDING = 1e-6;

/** An episode in its place. */
interface Cell {
  readonly recording: EpisodeRecording;
  readonly view: EpisodeView;
  readonly box: Box;
  /** The frame that stands there by now; -1: none yet. */
  shown: number;
}

/**
 * Return what draws `recordings`, of one episode each, at the same time; one that has ended stands still.
 *
 * `file` is what errors call them. Throws a UsageError as `episodeView` does.
 */
export function episodeFilm(
  recordings: readonly EpisodeRecording[],
  options: FilmOptions,
  file: string,
): Film {
  const { width, height, fps, columns, title = titleOf(recordings[0]!) } = options;
  const scale = textScale(width);
  const line = lineHeight(scale);
  const cells = recordings.map((recording, index): Cell => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const box = { x: column * (width + GAP), y: line + row * (height + line + GAP), width, height };
    return { recording, view: episodeView(recording, { ...options, quality: "fine" }, file), box, shown: -1 };
  });
  const size = filmSize(recordings.length, options);
  const canvas = emptyPicture(even(size.width), even(size.height));
  fillBox(canvas, { x: 0, y: 0, width: canvas.width, height: canvas.height }, BACKGROUND);
  const seconds = Math.max(...recordings.map((recording) => secondsOf(recording, lastFrame(recording))));
  return {
    width: canvas.width,
    height: canvas.height,
    fps,
    title,
    numPictures: Math.ceil(seconds * fps - ROUNDING) + 1 + Math.round(REST * fps),
    draw(index) {
      for (const cell of cells) {
        const { recording, shown } = cell;
        const frame = Math.floor((index / fps) * recording.header.controlRate + ROUNDING);
        cell.shown = Math.min(frame, lastFrame(recording));
        if (cell.shown !== shown) drawCell(canvas, cell, scale);
      }
      drawLine(canvas, { x: 0, y: 0, width: size.width, height: line }, title, solvedText(cells), scale);
      return canvas.rgb;
    },
  };
}

/** Return the size of a film of `count` episodes, pixels. */
export function filmSize(
  count: number,
  { width, height, columns }: Pick<FilmOptions, "width" | "height" | "columns">,
): { readonly width: number; readonly height: number } {
  const line = lineHeight(textScale(width));
  const rows = Math.ceil(count / columns);
  return { width: columns * (width + GAP) - GAP, height: line + rows * (height + line + GAP) - GAP };
}

/** Draw a frame of an episode at `box`, and a line with its seed and time below. */
function drawCell(canvas: Picture, { recording, view, box, shown }: Cell, scale: number): void {
  paste(canvas, view.draw(shown), box.x, box.y);
  const outcome = outcomeAt(recording, shown);
  if (outcome) drawMark(canvas, box, outcome, scale);
  const below = { ...box, y: box.y + box.height, height: lineHeight(scale) };
  const time = `${secondsOf(recording, shown).toFixed(2)} s`;
  drawLine(canvas, below, `seed ${recording.header.seed}`, time, scale);
}

/** Tell whether the task is solved at a frame, or was not when the episode ended there; undefined while it is going on. */
export function outcomeAt(recording: EpisodeRecording, frame: number): "solved" | "failed" | undefined {
  if (recording.frames[frame]!.success) return "solved";
  return frame === lastFrame(recording) ? "failed" : undefined;
}

/** Time of a frame since the episode's start, s. */
export function secondsOf({ header }: EpisodeRecording, frame: number): number {
  return frame / header.controlRate;
}

function lastFrame({ frames }: EpisodeRecording): number {
  return frames.length - 1;
}

function solvedText(cells: readonly Cell[]): string {
  if (cells.length === 1) return "";
  const solved = cells.filter(({ recording, shown }) => recording.frames[shown]!.success);
  return `${solved.length}/${cells.length} solved`;
}

function titleOf({ header }: EpisodeRecording): string {
  const { env, robot, agent, policySteps } = header;
  const trained = policySteps > 0 ? [`${shortNumber(policySteps)} steps`] : [];
  return [env, ...(robot === undefined ? [] : [robot]), agent, ...trained].join(", ");
}

function shortNumber(steps: number): string {
  return steps < 10_000 ? String(steps) : `${Math.round(steps / 1000)}k`;
}

function even(pixels: number): number {
  return pixels + (pixels % 2);
}
