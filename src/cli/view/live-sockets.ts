// The live channel: broadcasts events to all open pages; a slow page delays nothing.

import type { Server } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { LiveEvent } from "../../recording/run-events.js";
import { checkHandshake, type Refusal } from "./request-check.js";

/** All pages that listen. */
export interface LiveSockets {
  /** Broadcast to all pages; those that connect later get which run is trained and which episode is stepped, too. */
  broadcast(event: LiveEvent): void;
  /** Return how many pages listen. */
  count(): number;
  /** Make pages reconnect, which then fetch what they missed. */
  resync(): void;
  /** Say good-bye; pages that do not answer within half a second are left. */
  close(): Promise<void>;
}

/** Pages that may listen at a time. */
const MOST_SOCKETS = 24;
/** A page sends nothing here: a client that does is none. */
const LARGEST_MESSAGE = 1024;
/** What may wait for a page that does not read, bytes. */
const MOST_WAITING = 2 ** 20;
const PING_SECONDS = 15;
const GOODBYE_MILLISECONDS = 500;

/** Open the live channel at /live of `server`, which listens on `host`. */
export function liveSockets(server: Server, host: string): LiveSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  const answered = new WeakSet<WebSocket>();
  let training: LiveEvent | undefined;
  let begun: LiveEvent | undefined;
  const send = (client: WebSocket, message: string) => {
    // it reconnects, and then fetches what it missed
    if (client.bufferedAmount > MOST_WAITING) client.terminate();
    else client.send(message);
  };
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const refusal = checkHandshake(request, host);
    if (refusal) return refuseSocket(socket, refusal);
    if (sockets.clients.size >= MOST_SOCKETS)
      return refuseSocket(socket, { status: 503, reason: `${MOST_SOCKETS} pages listen already` });
    sockets.handleUpgrade(request, socket, head, (client) => {
      answered.add(client);
      client.on("error", () => client.terminate());
      client.on("pong", () => answered.add(client));
      client.on("message", () => client.terminate());
      for (const event of [training, begun]) if (event) send(client, JSON.stringify(event));
    });
  });
  const pinging = setInterval(() => {
    for (const client of sockets.clients) {
      if (!answered.delete(client)) client.terminate();
      else client.ping();
    }
  }, 1000 * PING_SECONDS);
  return {
    broadcast(event) {
      if (event.type === "training") training = event;
      if (event.type === "begin") begun = event;
      const message = JSON.stringify(event);
      for (const client of sockets.clients) send(client, message);
    },
    count: () => sockets.clients.size,
    resync() {
      for (const client of sockets.clients) client.close(1012, "events were lost");
    },
    async close() {
      clearInterval(pinging);
      const closed = [...sockets.clients].map(
        (client) => new Promise((resolve) => client.once("close", resolve)),
      );
      for (const client of sockets.clients) client.close(1001, "armgym has ended");
      const timer = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, GOODBYE_MILLISECONDS);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}

function refuseSocket(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  socket.end(
    `${head}\r\ncontent-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
