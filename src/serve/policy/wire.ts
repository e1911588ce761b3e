// What the protocols that a policy is served by have in common: how a session reads requests and writes answers.

/** A message as it is sent: text, or bytes. */
export type Message = string | Uint8Array;

/** What a client calls a request by, where its protocol has that. */
export type RequestId = string | number;

/** What a step gives the policy, checked. */
export interface Observed {
  /** [O] */
  readonly observation: Float32Array;
  /** [height, width, channels]; undefined for a policy that reads no images. */
  readonly image: Uint8Array | undefined;
}

/** What a client asks for. */
export interface PolicyRequest {
  /** Whether the episode so far is to be forgotten first. */
  readonly reset: boolean;
  /** Absent where nothing is asked but to forget. */
  readonly observed?: Observed;
}

/** A message that can be told apart from others, though not yet known to be right. */
export interface OpenedMessage {
  readonly id?: RequestId;
  /** Check what it asks for; throws a UsageError where the policy cannot take it. */
  read(): PolicyRequest;
}

/** What was computed, and how long that took. */
export interface Inference {
  /** In physical units. [A] */
  readonly actions: Float32Array;
  /** ms */
  readonly inferMs: number;
  /** From the arrival of the request before this one to its answer, ms. */
  readonly previousTotalMs: number | undefined;
}

/** Why a request is refused: what it was, that too many wait, that the server ends, or a fault of the server. */
export type RefusalCode = "bad_request" | "busy" | "ending" | "internal";

/** A protocol: how messages are read and written. */
export interface Wire {
  /** What a session begins with. */
  readonly hello: Message;
  /** Whether an answer tells which request it belongs to; where it does not, a request out of turn ends the session. */
  readonly hasIds: boolean;
  /** Take a message apart; throws a UsageError where it is none. */
  open(message: Buffer, isBinary: boolean): OpenedMessage;
  actions(inference: Inference, id?: RequestId): Message;
  /** Say that the episode so far is forgotten. */
  forgotten(id?: RequestId): Message;
  refusal(code: RefusalCode, message: string, id?: RequestId): Message;
}
