// Small pictures of how episodes ended, made one after another beside what the page plays.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import type { EpisodeAddress } from "../state/viewer-state.js";

const WIDTH = 64;
const HEIGHT = 48;
/** Longer recordings take too long to read for a picture. */
const MAX_FRAMES = 2000;
/** Between two pictures, ms: while nothing moves, while an episode plays, and where none can be made. */
const PAUSES = { idle: 30, playing: 350, waiting: 400 } as const;

/** Where recordings and pictures come from. */
export interface ThumbnailSource {
  fetch(episode: EpisodeAddress): Promise<EpisodeRecording>;
  draw(recording: EpisodeRecording, width: number, height: number): HTMLCanvasElement | undefined;
  /** What else is going on: an episode that plays is to stay smooth; while "waiting" no picture can be made. */
  state(): keyof typeof PAUSES;
}

/** Keeps pictures, and makes those that are in view. */
export class Thumbnails {
  private readonly source: ThumbnailSource;
  private readonly known = new Map<string, HTMLCanvasElement | undefined>();
  private readonly wanted = new Map<string, HTMLElement>();
  private readonly observer: IntersectionObserver;
  private due = false;

  /** `list` is what holders scroll in. */
  constructor(list: HTMLElement, source: ThumbnailSource) {
    this.source = source;
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          const holder = target as HTMLElement;
          const key = holder.dataset.thumbnail!;
          if (isIntersecting) this.wanted.set(key, holder);
          else this.wanted.delete(key);
        }
        this.request();
      },
      { root: list },
    );
  }

  /** Return an element that will hold the picture of an episode; none where it has too many `steps`. */
  holder({ run, name }: EpisodeAddress, steps: number): HTMLElement {
    const key = JSON.stringify({ run, name });
    const holder = document.createElement("span");
    holder.className = "thumbnail";
    holder.dataset.thumbnail = key;
    holder.ariaHidden = "true";
    const picture = this.known.get(key);
    if (picture) holder.append(picture);
    else if (steps < MAX_FRAMES && !this.known.has(key)) this.observer.observe(holder);
    return holder;
  }

  /** Forget holders that left the page. */
  reset(): void {
    this.observer.disconnect();
    this.wanted.clear();
  }

  private request(): void {
    if (this.due || this.wanted.size === 0) return;
    this.due = true;
    setTimeout(() => void this.next(), PAUSES[this.source.state()]);
  }

  private async next(): Promise<void> {
    const [first] = this.source.state() === "waiting" ? [] : this.wanted;
    if (first) {
      const [key, holder] = first;
      this.wanted.delete(key);
      this.observer.unobserve(holder);
      const recording = await this.source.fetch(JSON.parse(key) as EpisodeAddress).catch(() => undefined);
      const isShort = recording && recording.frames.length <= MAX_FRAMES;
      // the graphics may be gone since: then it is tried again
      if (this.source.state() === "waiting") this.observer.observe(holder);
      else {
        const picture = isShort ? this.source.draw(recording, WIDTH, HEIGHT) : undefined;
        this.known.set(key, picture);
        if (picture) holder.replaceChildren(picture);
      }
    }
    this.due = false;
    this.request();
  }
}
