// How a policy server is getting on: sessions, requests, and the spread of its times over the latest ones.

/** Of a time over the latest requests, ms; null before the first. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** What a server did so far. */
export interface ServiceStatus {
  /** Open now, and opened since the start. */
  readonly sessions: number;
  readonly sessionsOpened: number;
  /** Requests that were answered, of steps alone. */
  readonly steps: number;
  readonly resets: number;
  readonly refused: number;
  /** From handing a step to the policy until its command is there; steps of other sessions that come between are in it. */
  readonly inferMs: Percentiles;
  /** Time from the arrival of a request to its answer: reading, waiting, inference, writing. */
  readonly totalMs: Percentiles;
}

/** Requests that the percentiles are of: the latest. */
const WINDOW = 4096;

/** Counts and measures. */
export class ServiceMeter {
  sessions = 0;
  sessionsOpened = 0;
  steps = 0;
  resets = 0;
  refused = 0;
  private readonly infer = new Float64Array(WINDOW);
  private readonly total = new Float64Array(WINDOW);

  /** Count a step and how long the policy and all of it took, ms. */
  step(inferMs: number, totalMs: number): void {
    const place = this.steps++ % WINDOW;
    this.infer[place] = inferMs;
    this.total[place] = totalMs;
  }

  /** Sum up. */
  status(): ServiceStatus {
    const { sessions, sessionsOpened, steps, resets, refused } = this;
    const known = Math.min(steps, WINDOW);
    return {
      ...{ sessions, sessionsOpened, steps, resets, refused },
      inferMs: percentiles(this.infer.subarray(0, known)),
      totalMs: percentiles(this.total.subarray(0, known)),
    };
  }
}

/** Return the median and the 99th percentile by nearest rank. */
export function percentiles(values: Float64Array): Percentiles {
  if (values.length === 0) return { p50: null, p99: null };
  const sorted = values.slice().sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { p50: rank(0.5), p99: rank(0.99) };
}
