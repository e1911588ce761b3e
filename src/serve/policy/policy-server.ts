// A policy served over WebSockets: openpi's protocol at /, JSON at /json; health, status and schema over HTTP beside it.
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { ExportedPolicy } from "../../deploy/bundle.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import { type Gate, gate, type Refusal, requireToken } from "./access.js";
import { messagesAsJsonSchema } from "./json-messages.js";
import { jsonWire } from "./json-wire.js";
import { openpiWire } from "./openpi-wire.js";
import { describePolicy, type ServedPolicy, SUBPROTOCOL } from "./served-policy.js";
import { ServiceMeter, type ServiceStatus } from "./service-meter.js";
import { openSession, type Session } from "./session.js";
import type { Wire } from "./wire.js";

/** How a policy is served. */
export interface ServePolicyOptions {
  /** Default 127.0.0.1: this machine only. Another needs `token`. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** What clients must show, 8 to 256 characters; default: nothing, and pages of other sites are refused. */
  readonly token?: string;
  /** Certificate and key as PEM, for wss: and https:; default: no encryption. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
}

/** What GET /status answers. */
export interface PolicyServerStatus extends ServiceStatus {
  readonly policy: ServedPolicy;
  /** Processor time of the server's process, and time since it listens. */
  readonly cpuSeconds: number;
  readonly upSeconds: number;
}

/** A server that listens. */
export interface PolicyServer {
  readonly port: number;
  /** Where clients of openpi connect: "ws://127.0.0.1:8000". */
  readonly address: string;
  /** Count what was done so far. */
  status(): PolicyServerStatus;
  /** Answer the requests that have arrived, refuse new ones, and end; sessions that do not end within 5 s are left. The policy is not disposed of. */
  close(): Promise<void>;
}

const MOST_SESSIONS = 256;
/** Connections besides sessions: requests over HTTP. */
const OTHER_CONNECTIONS = 64;
const HEADER_BYTES = 16_384;
const REQUEST_MILLISECONDS = 5000;
const CHECK_MILLISECONDS = 1000;
/** A machine that went away without a word is noticed after about this time, ms; a program that waits is not disturbed. */
const KEEP_ALIVE_MILLISECONDS = 30_000;
const DRAIN_MILLISECONDS = 5000;

/**
 * Serve `policy` until `close`: each session has a memory of its own and is computed by itself, so that its answers are those of the
 * bundle, bit for bit, whoever else is there.
 *
 * @throws UsageError where the port is taken, the host is reached by other machines and there is no token, or the certificate and
 * the key are none or not of each other.
 * @example
 * const server = await servePolicy(await openPolicy("policy"), { port: 8000 });
 */
export async function servePolicy(
  policy: ExportedPolicy,
  options: ServePolicyOptions = {},
): Promise<PolicyServer> {
  const { host = "127.0.0.1", port = 0, token, tls } = options;
  requireToken(host, token);
  const server = listenable(tls);
  const { manifest } = policy;
  const served = describePolicy(manifest);
  const meter = new ServiceMeter();
  const start = performance.now();
  const status = (): PolicyServerStatus => {
    const { user, system } = process.cpuUsage();
    return {
      policy: served,
      ...meter.status(),
      cpuSeconds: (user + system) / 1e6,
      upSeconds: (performance.now() - start) / 1000,
    };
  };
  const admits = gate(host, token);
  const schema = messagesAsJsonSchema(manifest);
  const pages = new Map<string, () => unknown>([
    ["/status", status],
    ["/schema", () => schema],
  ]);
  server.on("request", (request, response) => sendPage(response, pageFor(request, pages, admits)));
  const channels: Channels = {
    wires: new Map([
      ["/", openpiWire(manifest, served)],
      ["/json", jsonWire(manifest, served)],
    ]),
    mostBytes: served.maxMessageBytes,
    open: (socket, wire) => openSession(socket, wire, policy.fork(), meter),
  };
  const sessions = attend(server, channels, admits);
  await listen(server, host, port);
  const taken = (server.address() as AddressInfo).port;
  return {
    port: taken,
    address: `${tls ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    status,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await sessions.drain();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listenable(tls: ServePolicyOptions["tls"]): Server {
  const limits = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: REQUEST_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    keepAliveTimeout: REQUEST_MILLISECONDS,
    connectionsCheckingInterval: CHECK_MILLISECONDS,
  };
  let server: Server;
  try {
    server = tls ? createTlsServer({ ...limits, ...tls }) : createServer(limits);
  } catch (error) {
    throw new UsageError(
      `Nothing can be encrypted by ${optionText("cert")} and ${optionText("key")}: ${(error as Error).message}. Expected a certificate and its private key as PEM.`,
    );
  }
  server.maxConnections = MOST_SESSIONS + OTHER_CONNECTIONS;
  return server;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new UsageError(
          error.code === "EADDRINUSE"
            ? `Port ${port} of ${host} is in use. Choose another by ${optionText("port")}; 0 is any free one.`
            : `Cannot listen on ${host}, port ${port}: ${error.message}.`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  // of a connection that cannot be accepted
  server.on("error", () => undefined);
}

/** What may be connected to. */
interface Channels {
  /** By path. */
  readonly wires: ReadonlyMap<string, Wire>;
  /** Longest message. */
  readonly mostBytes: number;
  open(socket: WebSocket, wire: Wire): Session;
}

/** Open sessions for the handshakes that arrive; `drain` ends them. */
function attend(
  server: Server,
  { wires, mostBytes, open }: Channels,
  admits: Gate,
): { drain(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostBytes,
    perMessageDeflate: false,
    // clients that offer subprotocols expect one of them back
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const sessions = new Map<WebSocket, Session>();
  let isEnding = false;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const wire = wires.get(pathOf(request));
    const refusal = admits(request) ?? refusalOfHandshake(wire, sessions.size, isEnding);
    if (refusal || !wire) return refuseSocket(socket, refusal!);
    request.socket.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
    sockets.handleUpgrade(request, socket, head, (client) => {
      sessions.set(client, open(client, wire));
      client.on("close", () => sessions.delete(client));
    });
  });
  return {
    async drain() {
      isEnding = true;
      const closed = [...sessions].map(([client, session]) => {
        const gone = new Promise((resolve) => client.once("close", resolve));
        session.drain();
        return gone;
      });
      const timer = setTimeout(() => {
        for (const client of sessions.keys()) client.terminate();
      }, DRAIN_MILLISECONDS);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}

function refusalOfHandshake(
  wire: Wire | undefined,
  sessions: number,
  isEnding: boolean,
): Refusal | undefined {
  if (!wire)
    return { status: 404, reason: "there is no such channel. openpi's is /, the one for JSON /json" };
  if (isEnding) return { status: 503, reason: "the server ends" };
  if (sessions >= MOST_SESSIONS) return { status: 503, reason: `${MOST_SESSIONS} sessions are open already` };
  return undefined;
}

/** What a request over HTTP gets. */
interface Page {
  readonly status: number;
  readonly type: "application/json" | "text/plain; charset=utf-8";
  readonly body: string;
}

function pageFor(request: IncomingMessage, pages: ReadonlyMap<string, () => unknown>, admits: Gate): Page {
  const path = pathOf(request);
  // as openpi's server does, for whoever watches it: no token
  if (path === "/healthz") return textPage(200, "OK");
  const refusal = admits(request);
  if (refusal) return textPage(refusal.status, refusal.reason);
  if (request.method !== "GET" && request.method !== "HEAD")
    return textPage(405, "only GET and HEAD are answered");
  const page = pages.get(path);
  if (page) return { status: 200, type: "application/json", body: JSON.stringify(page()) };
  const help = "armgym: WebSockets at / (openpi) and /json; GET /status, /schema, /healthz";
  return textPage(path === "/" ? 200 : 404, help);
}

function textPage(status: number, text: string): Page {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}

function sendPage(response: ServerResponse, { status, type, body }: Page): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}

function refuseSocket(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: text/plain; charset=utf-8`;
  socket.end(
    `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?", 1)[0]!;
}
