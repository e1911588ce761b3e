// Serve the viewer, the runs and live events on this machine.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { WebSocketServer } from "ws";
import { readMetrics } from "../log/metric-files.js";
import { UsageError } from "../math/usage-error.js";
import { livePolicyOfRun } from "./live-policy-of-run.js";
import type { LiveEvent } from "./training-session.js";
import { episodeFile, listTarget, metricsFile, runFolderOf, type ViewTarget } from "./view-target.js";

/** What to serve, and where. */
export interface ViewServerOptions extends ViewTarget {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Save and end the training that is watched; where there is none, missing. */
  readonly stop?: () => void;
}

/** A running server. */
export interface ViewServer {
  readonly address: string;
  /** Tell all pages; which run is trained is told to those that come later, too. */
  broadcast(event: LiveEvent): void;
  close(): Promise<void>;
}

/** Folder of the built viewer. */
export const VIEWER_FOLDER = fileURLToPath(new URL("../../viewer/", import.meta.url));

/** Start serving; throws a UsageError where the port is taken or the viewer was not built. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const { port = 0, host = "127.0.0.1" } = options;
  if (!existsSync(join(VIEWER_FOLDER, "index.html"))) {
    throw new UsageError(`The viewer is not built: ${VIEWER_FOLDER} is missing. Run "npm run build".`);
  }
  const assets = sirv(VIEWER_FOLDER, { etag: true });
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    if (!isLocalRequest(request, host)) return refuse(response, 403, "only pages of this viewer may ask");
    const url = new URL(request.url ?? "/", "http://viewer");
    if (url.pathname.startsWith("/api/")) return answer(url, request, options, response);
    assets(request, response, () => {
      refuse(response, 404, "there is no such page");
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  let training: LiveEvent | undefined;
  server.on("upgrade", (request, socket, head) => {
    if (!isLocalRequest(request, host) || request.url !== "/live") return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("error", () => client.terminate());
      if (training) client.send(JSON.stringify(training));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") {
        return reject(new UsageError(`Cannot listen on ${host}, port ${port}: ${error.message}.`));
      }
      reject(
        new UsageError(
          `Port ${port} is in use. Choose another with --port, or leave it out for any free one.`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `http://${host}:${taken}/`,
    broadcast(event) {
      if (event.type === "training") training = event;
      const message = JSON.stringify(event);
      for (const client of sockets.clients) client.send(message);
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page of another site may not ask: its Origin, or a name that was made to point here, gives it away. */
function isLocalRequest({ headers }: IncomingMessage, host: string): boolean {
  const names = ["127.0.0.1", "localhost", "[::1]", host];
  const isOurs = (value: string) => names.includes(value.replace(/:\d+$/, ""));
  const { origin } = headers;
  if (origin !== undefined && !isOurs(origin.replace(/^https?:\/\//, ""))) return false;
  return headers.host !== undefined && isOurs(headers.host);
}

function answer(url: URL, request: IncomingMessage, options: ViewServerOptions, response: ServerResponse) {
  try {
    if (url.pathname === "/api/stop") return stop(request, options, response);
    if (url.pathname === "/api/runs") return json(response, listTarget(options));
    const run = url.searchParams.get("run") ?? "";
    if (url.pathname === "/api/metrics") {
      const file = metricsFile(options, run);
      return json(response, file ? readMetrics(readFileSync(file, "utf8")) : []);
    }
    if (url.pathname === "/api/policy") {
      const folder = runFolderOf(options, run);
      if (!folder) return refuse(response, 404, "there is no such run");
      return void livePolicyOfRun(folder, options.modules).then(
        (document) => json(response, document),
        (error: Error) => refuse(response, 409, error.message),
      );
    }
    const file = episodeFile(options, run, url.searchParams.get("name") ?? "");
    if (url.pathname !== "/api/recording" || !file)
      return refuse(response, 404, "there is no such recording");
    response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
    return response.end(readFileSync(file));
  } catch (error) {
    return refuse(response, 500, (error as Error).message);
  }
}

/** End the training: only by a page of ours, which always tells its origin with a POST. */
function stop({ method, headers }: IncomingMessage, options: ViewServerOptions, response: ServerResponse) {
  if (method !== "POST") return refuse(response, 405, "only POST may stop a training");
  if (headers.origin === undefined) return refuse(response, 403, "only pages of this viewer may ask");
  if (!options.stop) return refuse(response, 404, "no training is going on here");
  options.stop();
  return json(response, {});
}

function json(response: ServerResponse, data: unknown): ServerResponse {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  return response.end(JSON.stringify(data));
}

function refuse(response: ServerResponse, status: number, reason: string): ServerResponse {
  response.writeHead(status, { "content-type": "text/plain" });
  return response.end(`${reason}\n`);
}
