// What `reset` and `step` of a batch of environments answer, as bytes.
import type { StepInfo, StepResult } from "../env/env.js";
import type { Observation } from "../env/observation.js";
import { encodeFrame } from "./frames.js";
import type { ServedPart } from "./served-parts.js";

/** Byte flags of each environment, in their order. */
const FLAGS = ["terminated", "truncated", "success", "reset", "resetSuccess"] as const;

/** Bytes of a float64. */
const DOUBLE = 8;
/** Bytes of a uint32. */
const WORD = 4;

/**
 * The answer under construction. Its payload, little-endian, of N environments, T reward terms:
 *
 * - rewards float64 [N], raw reward terms float64 [N, T], clipped actions uint32 [N];
 * - each part of the observation [N, ...]: what to act on next, after a reset where there was one;
 * - uint8 [5, N]: terminated, truncated, success of the step, whether the environment was reset, success after the reset;
 * - uint32 F, uint32 [F] environments, and of those each part of the observation [F, ...]: the last ones of episodes that
 *   ended and whose environments were reset in the same step;
 * - to the end JSON: `{ reset: [[environment, info]], step: [[environment, info]] }` of what only some have to say.
 *
 * Observations of environments that a masked reset leaves alone stay what they were.
 */
export class BatchReply {
  private readonly numEnvs: number;
  private readonly parts: readonly ServedPart[];
  private readonly terms: readonly string[];
  private readonly body: Buffer;
  private readonly clippedAt: number;
  private readonly partAt: readonly number[];
  private readonly flagAt: number;
  private finals: (readonly [number, Observation])[] = [];
  private notes = emptyNotes();

  constructor(numEnvs: number, parts: readonly ServedPart[], terms: readonly string[]) {
    this.numEnvs = numEnvs;
    this.parts = parts;
    this.terms = terms;
    this.clippedAt = DOUBLE * numEnvs * (1 + terms.length);
    let at = this.clippedAt + WORD * numEnvs;
    this.partAt = parts.map(({ bytes }) => {
      at += numEnvs * bytes;
      return at - numEnvs * bytes;
    });
    this.flagAt = at;
    this.body = Buffer.alloc(at + FLAGS.length * numEnvs);
  }

  /** Start an answer: nothing has been stepped or reset. */
  begin(): void {
    this.body.fill(0, 0, this.partAt[0]);
    this.body.fill(0, this.flagAt);
    this.finals = [];
    this.notes = emptyNotes();
  }

  /** Note what environment `i` returned. */
  addStep(i: number, { reward, terminated, truncated, info }: StepResult): void {
    const { body, terms, numEnvs } = this;
    body.writeDoubleLE(reward, DOUBLE * i);
    for (let t = 0; t < terms.length; t++) {
      const value = info.rewardTerms[terms[t]!] ?? Number.NaN;
      body.writeDoubleLE(value, DOUBLE * (numEnvs + i * terms.length + t));
    }
    body.writeUInt32LE(info.clippedActions, this.clippedAt + WORD * i);
    this.setFlag("terminated", i, terminated);
    this.setFlag("truncated", i, truncated);
    this.setFlag("success", i, info.success);
    const note = rareOf(info);
    if (note) this.notes.step.push([i, note]);
  }

  /** Note that environment `i` begins an episode. */
  addReset(i: number, info: StepInfo): void {
    this.setFlag("reset", i, true);
    this.setFlag("resetSuccess", i, info.success);
    this.notes.reset.push([i, { seed: info.seed, ...rareOf(info) }]);
  }

  /** Set what environment `i` is to act on next. */
  observe(i: number, observation: Observation): void {
    this.parts.forEach((part, k) => {
      this.body.set(bytesOf(observation, part), this.partAt[k]! + i * part.bytes);
    });
  }

  /** Keep the last observation of an episode of environment `i`, which is reset in the same step. */
  addFinal(i: number, observation: Observation): void {
    this.finals.push([i, observation]);
  }

  /** Return the answer as a frame of `type`; a copy. */
  frame(type: number): Buffer {
    const { finals, notes, parts } = this;
    const count = Buffer.alloc(WORD * (1 + finals.length));
    count.writeUInt32LE(finals.length, 0);
    finals.forEach(([i], k) => {
      count.writeUInt32LE(i, WORD * (1 + k));
    });
    const last = parts.flatMap((part) => finals.map(([, observation]) => bytesOf(observation, part)));
    const hasNotes = notes.reset.length + notes.step.length > 0;
    const text = Buffer.from(hasNotes ? JSON.stringify(notes) : "");
    return encodeFrame(type, this.body, count, ...last, text);
  }

  private setFlag(name: (typeof FLAGS)[number], i: number, value: boolean): void {
    this.body[this.flagAt + FLAGS.indexOf(name) * this.numEnvs + i] = value ? 1 : 0;
  }
}

type Note = readonly [number, Readonly<Record<string, unknown>>];

function emptyNotes(): { reset: Note[]; step: Note[] } {
  return { reset: [], step: [] };
}

/** What an info holds now and then only, under the names of a Python client; undefined where it is nothing. */
function rareOf(info: StepInfo): Readonly<Record<string, unknown>> | undefined {
  const { terminatedBy, nonFinite, deepestPenetration, difficulty } = info;
  const rare = {
    ...(terminatedBy === undefined ? {} : { terminated_by: terminatedBy }),
    ...(nonFinite === undefined ? {} : { non_finite: nonFinite }),
    ...(deepestPenetration === undefined ? {} : { deepest_penetration: deepestPenetration }),
    ...(difficulty === undefined ? {} : { difficulty }),
  };
  return Object.keys(rare).length > 0 ? rare : undefined;
}

function bytesOf(observation: Observation, { key, kept }: ServedPart): Uint8Array {
  const all = observation[key]!;
  const sent = kept ? Float32Array.from(kept, (index) => all[index]!) : all;
  return new Uint8Array(sent.buffer, sent.byteOffset, sent.byteLength);
}
