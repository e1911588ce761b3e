// Progress in the terminal: one live line, or plain lines where nobody watches.

/** Where progress goes; `process.stderr` fits. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows how something that takes long is getting on. */
export interface Progress {
  /** Show `text` in place of what was shown before; only `milestone` lines matter where nobody watches. */
  show(text: string, milestone: boolean): void;
  /** Print a line that stays. */
  say(text: string): void;
  /** Nothing more is shown in place of the last line. */
  end(): void;
}

/** Shows a line that replaces itself in a terminal; elsewhere only lines marked as milestones are printed. */
export class ProgressLine implements Progress {
  private readonly stream: ProgressStream;
  private live = false;

  constructor(stream: ProgressStream) {
    this.stream = stream;
  }

  /** Show `text`; `milestone` lines are printed where there is no terminal, too. */
  show(text: string, milestone: boolean): void {
    if (this.stream.isTTY) {
      this.stream.write(`\r\x1b[K${text.slice(0, (this.stream.columns ?? 120) - 1)}`);
      this.live = true;
    } else if (milestone) this.stream.write(`${text}\n`);
  }

  /** Print a line of its own. */
  say(text: string): void {
    if (this.live) this.stream.write("\r\x1b[K");
    this.live = false;
    this.stream.write(`${text}\n`);
  }

  /** Leave the live line standing and go to the next. */
  end(): void {
    if (this.live) this.stream.write("\n");
    this.live = false;
  }
}

/** Draw a bar of `width` characters filled by `share` (0 to 1). */
export function progressBar(share: number, width = 20): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** Say how long something still takes. */
export function timeLeft(minutes: number): string {
  return minutes > 1 ? `${minutes.toFixed(1)} min left` : `${(60 * minutes).toFixed(0)} s left`;
}

/** Write a number of steps, from 10,000 on in thousands. */
export function thousands(steps: number): string {
  return steps < 10_000 ? String(steps) : `${Math.round(steps / 1000)}k`;
}
