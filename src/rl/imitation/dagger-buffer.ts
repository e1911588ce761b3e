// The buffer of DAgger: the student's newest sequences, with the teacher's actions.
import type { Arrays } from "../../compile/engines/engine.js";
import { memorySize } from "../../model/model.js";
import type { ModelWeights } from "../../model/model-runner.js";
import { normalizeInto } from "../../model/normalizer.js";
import { imageSize, type Policy } from "../policy.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import type { RolloutBuffer } from "../rollout/rollout-buffer.js";
import { type Sequences, sequencesOf } from "../rollout/sequences.js";

/** A ring of `capacity` sequences of `length` steps; images stay bytes. */
export class DaggerBuffer {
  private readonly length: number;
  private readonly capacity: number;
  private readonly settings: PpoSettings;
  private readonly observations: Float32Array;
  private readonly images: Uint8Array;
  private readonly actions: Float32Array;
  private readonly starts: Float32Array;
  private readonly weights: Float32Array;
  private readonly memories: Float32Array;
  private readonly widths: { observation: number; image: number; action: number; memory: number };
  private next = 0;
  private filled = 0;

  constructor(policy: Policy, settings: PpoSettings, length: number) {
    const rows = settings.distillation!.bufferSize;
    this.length = length;
    this.capacity = rows / length;
    // a policy without memory learns from single steps
    this.settings = {
      ...settings,
      sequenceLength: length,
      burnIn: policy.memory ? (settings.burnIn ?? 0) : 0,
    };
    this.widths = {
      observation: policy.observationSize,
      image: imageSize(policy),
      action: policy.actionSize,
      memory: memorySize(policy),
    };
    this.observations = new Float32Array(rows * this.widths.observation);
    this.images = new Uint8Array(rows * this.widths.image);
    this.actions = new Float32Array(rows * this.widths.action);
    this.starts = new Float32Array(rows);
    this.weights = new Float32Array(rows);
    this.memories = new Float32Array(this.capacity * this.widths.memory);
  }

  /** Take rollouts in; returns how many sequences of them there are to learn from. */
  add(groups: readonly RolloutBuffer[]): number {
    const sequences = sequencesOf(groups, this.settings);
    for (const sequence of sequences.kept) {
      this.addOne(groups, sequences, sequence);
      this.next = (this.next + 1) % this.capacity;
      this.filled = Math.min(this.filled + 1, this.capacity);
    }
    return sequences.kept.length;
  }

  /** How many sequences there are to learn from. */
  get numSequences(): number {
    return this.filled;
  }

  /** Copy the sequences `picked` into a minibatch, step by step side by side, observations normalised for `acting`. */
  take(picked: Int32Array, acting: ModelWeights, minibatch: Arrays): void {
    const { length, widths } = this;
    const count = picked.length;
    const observations = minibatch.observations as Float32Array;
    for (let e = 0; e < count; e++) {
      const slot = picked[e]!;
      minibatch.memory?.set(part(this.memories, slot, widths.memory), e * widths.memory);
      for (let step = 0; step < length; step++) {
        const [from, to] = [slot * length + step, step * count + e];
        observations.set(part(this.observations, from, widths.observation), to * widths.observation);
        minibatch.images?.set(part(this.images, from, widths.image), to * widths.image);
        minibatch.actions!.set(part(this.actions, from, widths.action), to * widths.action);
        minibatch.weights![to] = this.weights[from]!;
        if (minibatch.starts) minibatch.starts[to] = this.starts[from]!;
      }
    }
    normalizeInto(observations, 0, observations, acting.normalizers.observation!);
  }

  private addOne(groups: readonly RolloutBuffer[], sequences: Sequences, sequence: number): void {
    const { length, widths, next } = this;
    const rowsOfGroup = groups[0]!.rewards.length;
    this.memories.set(part(sequences.memories, sequence, widths.memory), next * widths.memory);
    for (let step = 0; step < length; step++) {
      const row = sequences.rows[sequence * length + step]!;
      const group = groups[Math.floor(row / rowsOfGroup)]!;
      const [from, to] = [row % rowsOfGroup, next * length + step];
      this.observations.set(part(group.observations, from, widths.observation), to * widths.observation);
      this.images.set(part(group.images, from, widths.image), to * widths.image);
      this.actions.set(part(group.actions, from, widths.action), to * widths.action);
      this.starts[to] = sequences.starts[sequence * length + step]!;
      this.weights[to] = sequences.weights[sequence * length + step]!;
    }
  }
}

function part<Values extends Float32Array | Uint8Array>(
  values: Values,
  index: number,
  width: number,
): Values {
  return values.subarray(index * width, (index + 1) * width) as Values;
}
