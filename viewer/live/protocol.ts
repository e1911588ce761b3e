// What the page asks of its worker, and what it answers.
import type { Hand } from "../../src/replay/hand.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/replay/recording.js";

/** Who acts in a live episode: a loaded policy by its title, the task's scripted expert, the recorded actions, or the user. */
export type Driver =
  | { readonly kind: "policy"; readonly title: string }
  | { readonly kind: "expert" | "recorded" | "manual" };

/** What can be done in a live episode. */
export interface LiveStart {
  /** Greatest difference between replay and recording on the way here, m. */
  readonly difference: number;
  /** Entities that a hand can pull at, those with a mass of their own first. */
  readonly movable: readonly { readonly entity: string; readonly isObject: boolean }[];
  /** Whether the goal is a point that can be moved. */
  readonly hasGoal: boolean;
  /** Whether there is a scripted expert for the task. */
  readonly hasExpert: boolean;
  readonly actionNames: readonly string[];
  readonly controlRate: number;
}

/** A policy as the worker knows it. */
export interface LoadedPolicy {
  readonly title: string;
  readonly env: string;
  readonly agent: string;
  readonly steps: number;
  readonly successRate: number | null;
  readonly observation: readonly { readonly name: string; readonly unit: string }[];
  readonly action: readonly { readonly name: string; readonly unit: string }[];
  readonly hasMemory: boolean;
}

/** One observation entry's part in an output of the policy. */
export interface Reason {
  readonly name: string;
  readonly unit: string;
  /** The entry's present value. */
  readonly value: number;
  /** Change of the output per unit of the entry. */
  readonly gradient: number;
  /** Standard deviation of the entry in training. */
  readonly deviation: number;
  /** What is drawn: change of the output per standard deviation, or the entry's share of it. */
  readonly weight: number;
}

/** Why an output is what it is. */
export interface Explanation {
  readonly output: number;
  readonly reasons: readonly Reason[];
  /** Of integrated gradients: output minus that for the average observation, and what the shares miss of it. */
  readonly difference?: number;
  readonly error?: number;
}

/** Every question with its answer. */
export interface Questions {
  /** Take the engine's WebAssembly where the worker cannot fetch it. */
  engine: { ask: { readonly binary: Uint8Array<ArrayBuffer> }; answer: undefined };
  /** Take the recording to one of its frames, to go on from there. */
  start: {
    ask: { readonly recording: EpisodeRecording; readonly frame: number; readonly driver: Driver };
    answer: LiveStart & { readonly frame: RecordedFrame };
  };
  /** Let somebody else act from now on. */
  drive: { ask: { readonly driver: Driver }; answer: { readonly frame: RecordedFrame } };
  /** Act for one control step; `manual` is the action of a user who drives. */
  step: {
    ask: { readonly hand?: Hand; readonly manual: readonly number[] };
    answer: { readonly frame: RecordedFrame; readonly index: number; readonly ended?: string };
  };
  /** Everything of the live episode so far, from the recording's start on. */
  recording: { ask: Record<string, never>; answer: EpisodeRecording };
  /** The same as the bytes of an MCAP file. */
  save: { ask: Record<string, never>; answer: Uint8Array<ArrayBuffer> };
  /** Load a policy's document, as the server or the saved page has it. */
  load: { ask: { readonly document: unknown }; answer: LoadedPolicy };
  /** Explain what a loaded policy says of the last of `observations`, which start with the episode's first. */
  explain: {
    ask: {
      readonly title: string;
      readonly observations: readonly (readonly number[])[];
      readonly output: number | "value";
      readonly method: "gradient" | "integrated";
    };
    answer: Explanation;
  };
  /** What a loaded policy with memory remembers after each of `observations`. */
  remember: {
    ask: { readonly title: string; readonly observations: readonly (readonly number[])[] };
    answer: readonly (readonly number[])[];
  };
}

/** A question on its way to the worker. */
export interface Question {
  readonly id: number;
  readonly name: keyof Questions;
  readonly ask: unknown;
}

/** An answer on its way back. */
export type Answer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
