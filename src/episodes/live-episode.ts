// An episode that goes on from a frame of a recording, step by step, with a hand in it where somebody wants.
import type { EnvFactory, EnvInfo, StepInfo } from "../env/env.js";
import type { Observation } from "../env/observation.js";
import { clippedAction } from "../math/clipped-action.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import type { Perturbation } from "../scene/perturbation.js";
import { frameOf } from "./record-episode.js";
import { type ReplayedEnv, replayRecording, resumeEpisode } from "./replay-recording.js";

/**
 * Goes on where a recording is left, and is itself recorded from that recording's start.
 *
 * @example
 * const episode = new LiveEpisode(envs["Push-v1"], recording, 20);
 * episode.step([0, 0, 1]);
 */
export class LiveEpisode {
  /** Greatest difference between replay and recording on the way to the start, m. */
  readonly difference: number;
  private readonly replayed: ReplayedEnv;
  private readonly source: EpisodeRecording;
  private readonly start: number;
  /** Those of the recording up to the start, then what came. */
  readonly frames: RecordedFrame[];
  private present: { readonly observation: Observation; readonly info: StepInfo };

  /** Throws a UsageError where the recording cannot be continued, see `replayRecording`. */
  constructor(factory: EnvFactory, source: EpisodeRecording, start: number) {
    this.replayed = replayRecording(factory, source, start);
    this.difference = this.replayed.difference;
    this.present = this.replayed;
    this.source = source;
    this.start = start;
    this.frames = source.frames.slice(0, start + 1);
  }

  get spec(): EnvInfo {
    return this.replayed.env.spec;
  }

  get observation(): Observation {
    return this.present.observation;
  }

  /** Act for one control step. */
  step(action: ArrayLike<number>, hand?: Perturbation): void {
    const { env } = this.replayed;
    if (hand) env.perturb(hand);
    const result = env.step(action);
    this.present = result;
    if (result.terminated || result.truncated) resumeEpisode(env);
    const { observation, reward, info } = result;
    const clipped = Array.from(action, clippedAction);
    const time = this.frames.length / env.spec.controlRate;
    const frame = frameOf({ env, time, observation, reward, info }, clipped, null);
    this.frames.push(
      hand && Object.keys(hand).length > 0 ? { ...frame, hand: structuredClone(hand) } : frame,
    );
  }

  /** Write down what the policy says of the present observation, and return the frame. */
  annotate(value: number | null, memory?: ArrayLike<number>): RecordedFrame {
    const { frames } = this;
    const annotated = { ...frames.at(-1)!, value, ...(memory ? { memory: Array.from(memory) } : {}) };
    frames[frames.length - 1] = annotated;
    return annotated;
  }

  /** The whole episode: the recording up to where it was left, then what came. */
  recording(agent: string): EpisodeRecording {
    const { header } = this.source;
    const taken = this.frames.length > this.start + 1;
    return {
      header: { ...header, ...(taken ? { agent, takenOver: header.takenOver ?? this.start } : {}) },
      frames: this.frames,
    };
  }
}
