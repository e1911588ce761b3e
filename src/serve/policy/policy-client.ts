// A client of a policy server, for Node and for pages: the JSON protocol over a WebSocket.
import type { z } from "zod";
import { toBase64 } from "../../deploy/base64.js";
import { firstIssue } from "../../math/first-issue.js";
import { UsageError } from "../../math/usage-error.js";
import { VERSION } from "../../version.js";
import { answerSchema, type JsonImage } from "./json-messages.js";
import { type GivenImages, readImages, readObservation } from "./observed.js";
import { PROTOCOL, type ServedPolicy, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "./served-policy.js";

/** How a client connects. */
export interface ConnectPolicyOptions {
  /** What the server was started with as its token. */
  readonly token?: string;
  /** Longest wait for an answer, ms; default 10,000. After that the connection is given up. */
  readonly timeoutMs?: number;
}

/** Images of a step: of all cameras in one [height, width, channels], or by the names of the cameras [height, width, 3]. */
export type PolicyImages = Uint8Array | Readonly<Record<string, Uint8Array>>;

/** A session with a policy server: it remembers one episode. */
export interface PolicyConnection {
  /** What the server says of the policy: names, units and limits of what it reads and answers, rate, cameras, versions. */
  readonly metadata: ServedPolicy;
  /**
   * Return the command [A] for an observation, in the units of `metadata.action`: a list of numbers in the order of
   * `metadata.observation`, or an object with a number for each entry's name. Rejects with a UsageError where the policy cannot take
   * what was given, with an Error where the connection is lost, and the memory with it.
   */
  infer(
    observation: ArrayLike<number> | Readonly<Record<string, number>>,
    images?: PolicyImages,
  ): Promise<Float32Array>;
  /** Forget the episode so far: call it before the first step of each; needless where `metadata.hasMemory` is false. */
  reset(): Promise<void>;
  /** End the session. */
  close(): Promise<void>;
}

type Answer = z.infer<typeof answerSchema>;
type Request =
  | { readonly type: "reset" }
  | { readonly type: "infer"; readonly observation: number[]; readonly image?: JsonImage };

/** A request that waits for its answer. */
interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const TIMEOUT_MILLISECONDS = 10_000;
/** RFC 6455: a message was longer than the other side takes. */
const TOO_LONG = 1009;
const RGB = 3;

/** Connect to the server at `url`, "ws://127.0.0.1:8000"; see `connectPolicy` of the package. */
export async function connectPolicy(
  url: string,
  options: ConnectPolicyOptions = {},
): Promise<PolicyConnection> {
  const { token, timeoutMs = TIMEOUT_MILLISECONDS } = options;
  const address = jsonChannel(url);
  const Socket = await socketClass();
  const shown = token === undefined ? [] : [TOKEN_SUBPROTOCOL + base64Url(token)];
  const socket = new Socket(address, [SUBPROTOCOL, ...shown]);
  const waiting = new Map<number, Waiting>();
  let lost: Error | undefined;
  let metadata: ServedPolicy | undefined;
  let asked = 0;

  const lose = (error: Error) => {
    lost ??= error;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(lost);
    }
    waiting.clear();
    socket.close();
  };
  /** Wait for the answer with this id. */
  const answerOf = (id: number) =>
    new Promise<Answer>((resolve, reject) => {
      if (lost) return reject(lost);
      const late = () => lose(new Error(`${address} did not answer within ${timeoutMs} ms.`));
      waiting.set(id, { resolve, reject, timer: setTimeout(late, timeoutMs) });
    });
  const settle = (id: number, answer: Answer) => {
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    if (answer.type === "error") one.reject(refused(answer));
    else one.resolve(answer);
  };
  const ask = (request: Request) => {
    const id = ++asked;
    const answer = answerOf(id);
    if (!lost) socket.send(JSON.stringify({ ...request, id }));
    return answer;
  };

  let fault = "";
  socket.addEventListener("error", (event) => {
    fault = (event as { readonly message?: string }).message ?? "";
  });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => {
      lose(new Error(describeClose(address, code, reason || fault, metadata)));
      resolve();
    });
  });
  socket.addEventListener("message", ({ data }: { readonly data: unknown }) => {
    const parsed = answerSchema.safeParse(parseText(data));
    if (!parsed.success)
      return lose(
        new Error(`${address} is no policy server of armgym: ${firstIssue(parsed.error, "its message")}.`),
      );
    const { data: answer } = parsed;
    // 0: what a session begins with, and what is wrong with a message that had no id
    settle(answer.type !== "metadata" && typeof answer.id === "number" ? answer.id : 0, answer);
  });

  const first = await answerOf(0);
  if (first.type !== "metadata" || first.protocol !== PROTOCOL) {
    socket.close();
    throw new Error(
      first.type === "metadata"
        ? `The server of armgym ${first.armgymVersion} speaks protocol ${first.protocol}, this client, of ${VERSION}, protocol ${PROTOCOL}.`
        : `${address} did not begin with its metadata.`,
    );
  }
  const { type: _, ...served } = first;
  metadata = served;
  return {
    metadata: served,
    async infer(observation, images) {
      const numbers = readObservation(observation, served.observation);
      const image = readImages(givenImages(images, served), served.image);
      const answer = await ask({
        type: "infer",
        observation: [...numbers],
        ...(image ? { image: { encoding: "raw", data: toBase64(image) } } : {}),
      });
      if (answer.type === "actions" && answer.actions.length === served.action.length)
        return Float32Array.from(answer.actions);
      throw new Error(`${address} answered with ${answer.type}, expected ${served.action.length} actions.`);
    },
    async reset() {
      await ask({ type: "reset" });
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** The standard WebSocket; Node 20 has none, and there it is that of the package ws. */
async function socketClass(): Promise<typeof WebSocket> {
  if (globalThis.WebSocket) return globalThis.WebSocket;
  const ws = await import("ws");
  return ws.WebSocket as unknown as typeof WebSocket;
}

function jsonChannel(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== "ws:" && address?.protocol !== "wss:")
    throw new UsageError(`The server's address is "${url}", expected one as ws://127.0.0.1:8000.`);
  if (address.pathname === "/") address.pathname = "/json";
  return address.href;
}

function givenImages(images: PolicyImages | undefined, { image: format }: ServedPolicy): GivenImages {
  if (!images) return {};
  const [height, width, channels] = format ? [format.height, format.width, format.channels] : [0, 0, 0];
  if (images instanceof Uint8Array) return { image: { bytes: images, shape: [height, width, channels] } };
  const shape = [height, width, RGB];
  return {
    images: Object.fromEntries(Object.entries(images).map(([name, bytes]) => [name, { bytes, shape }])),
  };
}

function refused({ code, message }: Answer & { type: "error" }): Error {
  return code === "bad_request" ? new UsageError(message) : new Error(message);
}

function describeClose(
  address: string,
  code: number,
  reason: string,
  metadata: ServedPolicy | undefined,
): string {
  if (!metadata)
    return `No policy is served to this client at ${address}${reason ? `: ${reason}` : ""}. Is the server there, and the token right?`;
  if (code === TOO_LONG)
    return `${address} takes messages of at most ${metadata.maxMessageBytes} bytes; this one was longer.`;
  return `${address} ended the session (${code}${reason ? `, ${reason}` : ""}); what it remembered is gone.`;
}

function parseText(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

function base64Url(text: string): string {
  return toBase64(new TextEncoder().encode(text))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
