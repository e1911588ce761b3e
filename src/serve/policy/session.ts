// One client of a policy: its requests one after another, a memory of its own.
import type { WebSocket } from "ws";
import type { ExportedPolicy } from "../../deploy/bundle.js";
import { UsageError } from "../../math/usage-error.js";
import type { ServiceMeter } from "./service-meter.js";
import type { Message, RefusalCode, RequestId, Wire } from "./wire.js";

/** A session that is open. */
export interface Session {
  /** Answer what has arrived, refuse what arrives from now on, and close. */
  drain(): void;
}

/** Requests of a session that may wait while one is computed. */
export const MOST_WAITING = 4;
/** Answers that a client does not read, bytes. */
const MOST_UNREAD = 2 ** 20;
const LONGEST_REASON = 1000;
/** Why a connection is closed: RFC 6455, 7.4.1, and the registry of its close codes. */
const CLOSE = { ending: 1001, internal: 1011, busy: 1013 } as const;

/** A request that has arrived. */
interface Arrived {
  readonly data: Buffer;
  readonly isBinary: boolean;
  /** ms */
  readonly at: number;
}

/** Serve `policy`, which belongs to this session alone, over `socket` until that is closed. */
export function openSession(
  socket: WebSocket,
  wire: Wire,
  policy: ExportedPolicy,
  meter: ServiceMeter,
): Session {
  const waiting: Arrived[] = [];
  let isBusy = false;
  let isEnding = false;
  let previousTotalMs: number | undefined;

  const send = (message: Message) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_UNREAD) socket.terminate();
    else socket.send(message);
  };
  const refuse = (code: RefusalCode, reason: string, id?: RequestId) => {
    meter.refused++;
    send(wire.refusal(code, reason.slice(0, LONGEST_REASON), id));
  };
  const end = () => socket.close(CLOSE.ending, "the server ends");

  const answer = async ({ data, isBinary, at }: Arrived) => {
    let id: RequestId | undefined;
    try {
      const opened = wire.open(data, isBinary);
      id = opened.id;
      const { reset, observed } = opened.read();
      if (reset) policy.reset();
      if (!observed) {
        meter.resets++;
        return send(wire.forgotten(id));
      }
      const from = performance.now();
      const actions = await policy.command(observed.observation, observed.image);
      const inferMs = performance.now() - from;
      send(wire.actions({ actions, inferMs, previousTotalMs }, id));
      previousTotalMs = performance.now() - at;
      meter.step(inferMs, previousTotalMs);
    } catch (error) {
      if (error instanceof UsageError) return refuse("bad_request", error.message, id);
      refuse("internal", `The policy failed: ${error instanceof Error ? error.message : String(error)}`, id);
      socket.close(CLOSE.internal, "the policy failed");
    }
  };
  const work = async () => {
    isBusy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await answer(next);
    isBusy = false;
    if (isEnding) end();
  };

  meter.sessions++;
  meter.sessionsOpened++;
  socket.on("message", (raw, isBinary) => {
    // as ws gives it where nothing else is asked for
    const data = raw as Buffer;
    if (isEnding || waiting.length >= MOST_WAITING) return refuseUnread(data, isBinary);
    waiting.push({ data, isBinary, at: performance.now() });
    if (!isBusy) void work();
  });
  socket.on("close", () => {
    meter.sessions--;
    waiting.length = 0;
  });
  // an oversized or malformed frame: the socket closes itself with the code that says so
  socket.on("error", () => undefined);
  send(wire.hello);

  function refuseUnread(data: Buffer, isBinary: boolean): void {
    const [code, reason] = isEnding
      ? (["ending", "The server ends; nothing new is answered."] as const)
      : ([
          "busy",
          `${MOST_WAITING} requests of this session wait already. Wait for an answer before the next.`,
        ] as const);
    refuse(code, reason, idOf(wire, data, isBinary));
    // whoever cannot tell which of its requests was refused would take the next answer for this one's
    if (!wire.hasIds && !isEnding) socket.close(CLOSE.busy, "too many requests wait");
  }

  return {
    drain() {
      isEnding = true;
      if (!isBusy) end();
    },
  };
}

function idOf(wire: Wire, data: Buffer, isBinary: boolean): RequestId | undefined {
  if (!wire.hasIds) return undefined;
  try {
    return wire.open(data, isBinary).id;
  } catch {
    return undefined;
  }
}
