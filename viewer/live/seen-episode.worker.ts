// An episode as policies take it in: what they sense at each frame, and what they remember of those before.
import type { Arrays } from "../../src/compile/engines/engine.js";
import type { LiveObservation, LivePolicy, LivePrediction } from "../../src/deploy/live-policy.js";
import type { RecordedFrame, RecordingHeader } from "../../src/recording/recording.js";
import { Eyes } from "./eyes.worker.js";

/** Keeps what each policy remembers, so that a later frame does not begin at the first one again. */
export class SeenEpisode {
  readonly header: RecordingHeader;
  /** More may come at its end. */
  readonly frames: readonly RecordedFrame[];
  private made: Eyes | undefined;
  private readonly memories = new WeakMap<LivePolicy, Arrays[]>();

  constructor(header: RecordingHeader, frames: readonly RecordedFrame[]) {
    this.header = header;
    this.frames = frames;
  }

  /** Its cameras; undefined without any. */
  get eyes(): Eyes | undefined {
    if (!this.header.cameras) return undefined;
    this.made ??= new Eyes(this.header, this.frames[0]!);
    return this.made;
  }

  /** What `policy` is given at a frame. */
  sensed(index: number, { document }: LivePolicy): LiveObservation {
    const frame = this.frames[index]!;
    const { observation, privileged = [] } = frame;
    const eyes = document.cameras && this.eyes;
    return {
      observation: [...observation, ...privileged],
      ...(eyes ? { image: eyes.image(frame, index) } : {}),
    };
  }

  /** What `policy` remembers before a frame; undefined at the first one, and without memory. */
  async memoryBefore(policy: LivePolicy, index: number): Promise<Arrays | undefined> {
    if (!policy.hasMemory) return undefined;
    const known = this.memories.get(policy) ?? [];
    this.memories.set(policy, known);
    while (known.length < index) {
      const at = known.length;
      const { memory } = await policy.predict(this.sensed(at, policy), known[at - 1]);
      known.push(memory);
    }
    return known[index - 1];
  }

  /** What `policy` says of a frame, all frames before remembered. */
  async said(policy: LivePolicy, index: number): Promise<LivePrediction> {
    const before = await this.memoryBefore(policy, index);
    return policy.predict(this.sensed(index, policy), before);
  }
}
