// What the page asks of its worker, and what it answers.

import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import type { Perturbation } from "../../src/scene/perturbation.js";
import type { PredictedPlace, Prediction } from "./predicted-places.js";

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
  /** Of a policy that sees, per camera: each pixel's part. [height, width] */
  readonly pixels?: readonly Float32Array[];
  /** Of integrated gradients: the share of all pixels together. */
  readonly imageShare?: number;
  /** Of integrated gradients: output minus that for the average observation, and what the shares miss of it. */
  readonly difference?: number;
  readonly error?: number;
  /** What the policy predicts besides. */
  readonly predictions?: readonly Prediction[];
  /** Places in the world that follow from it, and where they are in each camera's picture. */
  readonly places?: readonly (PredictedPlace & {
    readonly pixels: readonly (readonly [column: number, row: number] | null)[];
  })[];
}

/** What one camera sees at a frame. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** 0 to 255 [height, width, 3] */
  readonly rgb: Uint8Array;
  /** Along the direction of view, m; infinite in the sky. [height, width] */
  readonly depth: Float32Array;
  /** Index of the entity in the scene + 1; 0 for floor and sky. [height, width] */
  readonly entities: Uint16Array;
}

/** Which episode is meant: the recording that is watched, or the live one. */
export type Which = "watched" | "live";

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
    ask: { readonly hand?: Perturbation; readonly manual: readonly number[] };
    answer: { readonly frame: RecordedFrame; readonly index: number; readonly ended?: string };
  };
  /** Everything of the live episode so far, from the recording's start on. */
  recording: { ask: Record<string, never>; answer: EpisodeRecording };
  /** The same as the bytes of an MCAP file. */
  save: { ask: Record<string, never>; answer: Uint8Array<ArrayBuffer> };
  /** Load a policy's document, as the server or the saved page has it. */
  load: { ask: { readonly document: unknown }; answer: LoadedPolicy };
  /** Take the recording that is watched from now on. */
  watch: { ask: { readonly recording: EpisodeRecording }; answer: undefined };
  /** What the cameras see at a frame; nothing without cameras. */
  see: { ask: { readonly which: Which; readonly frame: number }; answer: readonly Picture[] };
  /** Explain what a loaded policy says at a frame. */
  explain: {
    ask: {
      readonly title: string;
      readonly which: Which;
      readonly frame: number;
      readonly output: number | "value";
      readonly method: "gradient" | "integrated";
    };
    answer: Explanation;
  };
  /** What a loaded policy with memory remembers after each frame of the recording that is watched. */
  remember: { ask: { readonly title: string }; answer: readonly (readonly number[])[] };
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
