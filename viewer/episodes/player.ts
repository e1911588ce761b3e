// The clock of the viewer: which frame is shown, and how time goes on.

/** How long the last frame stands before a loop starts over, s. */
const REST = 0.8;

/** Steps through frames at a chosen speed; calls `show` with each frame. */
export class Player {
  frame = 0;
  playing = false;
  speed = 1;
  loop = true;
  /** Frames that playing stays in. */
  range: readonly [first: number, last: number] = [0, 0];
  private numFrames = 0;
  private frameSeconds = 0.05;
  private position = 0;
  private last = 0;
  private request = 0;
  private readonly show: (frame: number) => void;
  private readonly changed: () => void;

  /** `changed` is called when playing starts or stops. */
  constructor(show: (frame: number) => void, changed: () => void) {
    this.show = show;
    this.changed = changed;
  }

  /** Take another episode and start it from the beginning, or go on at `frame` without playing. */
  open(numFrames: number, frameSeconds: number, frame?: number): void {
    this.numFrames = numFrames;
    this.frameSeconds = frameSeconds;
    this.range = [0, numFrames - 1];
    this.seek(frame ?? 0);
    if (frame === undefined) this.play();
  }

  /** Play between two frames only; without them, all. */
  setRange(first = 0, last = this.numFrames - 1): void {
    this.range = [Math.max(0, first), Math.min(this.numFrames - 1, last)];
  }

  play(): void {
    if (this.numFrames < 2) return;
    const [first, last] = this.range;
    if (this.frame >= last || this.frame < first) this.seek(first);
    this.playing = true;
    this.last = performance.now();
    this.changed();
    this.next();
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.changed();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Pause and move by `frames`. */
  step(frames: number): void {
    this.pause();
    this.seek(this.frame + frames);
  }

  /** Show `frame`. */
  seek(frame: number): void {
    this.frame = Math.max(0, Math.min(this.numFrames - 1, Math.round(frame)));
    this.position = this.frame;
    this.show(this.frame);
  }

  private next(): void {
    // one request at a time, however often play is called
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame((now) => this.advance(now));
  }

  private advance(now: number): void {
    if (!this.playing) return;
    this.position += (Math.max(0, now - this.last) / 1000 / this.frameSeconds) * this.speed;
    this.last = now;
    const [first, end] = this.range;
    if (this.loop && this.position > end + (REST / this.frameSeconds) * this.speed) this.position = first;
    const frame = Math.min(end, Math.floor(this.position));
    if (frame !== this.frame) {
      this.frame = frame;
      this.show(frame);
    }
    if (frame >= end && !this.loop) this.pause();
    else this.next();
  }
}
