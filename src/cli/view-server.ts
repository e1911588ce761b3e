// Serve the viewer, the runs and live events on this machine.
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { WebSocketServer } from "ws";
import { readMetrics } from "../log/metric-files.js";
import { UsageError } from "../math/usage-error.js";
import { readSummary } from "../replay/mcap-read.js";
import { livePolicyOfRun } from "./live-policy-of-run.js";
import { isRunFolder } from "./run-folder.js";
import type { LiveEvent } from "./training-session.js";

/** What to serve. */
export interface ViewServerOptions {
  /** Folder of runs; each sub-folder with a config.json is listed. */
  readonly runs: string;
  /** Serve this run or recording only, named as below `runs`. */
  readonly only?: string;
  /** Name of a recording in `runs` itself, outside of any run: serve it alone. */
  readonly loose?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string;
}

/** A running server. */
export interface ViewServer {
  readonly address: string;
  broadcast(event: LiveEvent): void;
  close(): Promise<void>;
}

const VIEWER_FOLDER = fileURLToPath(new URL("../../viewer/", import.meta.url));
const SUMMARY_BYTES = 262_144;

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
    if (url.pathname.startsWith("/api/")) return answer(url, options, response);
    assets(request, response, () => {
      refuse(response, 404, "there is no such page");
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!isLocalRequest(request, host) || request.url !== "/live") return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client) => client.on("error", () => client.terminate()));
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

function answer(url: URL, options: ViewServerOptions, response: ServerResponse): ServerResponse | undefined {
  const { runs, only, loose } = options;
  try {
    if (url.pathname === "/api/runs") {
      return json(response, loose === undefined ? listRuns(runs, only) : [describeLoose(runs, loose)]);
    }
    const run = url.searchParams.get("run") ?? "";
    const name = url.searchParams.get("name") ?? "";
    if (loose !== undefined && url.pathname === "/api/recording" && (run !== loose || name !== loose))
      return refuse(response, 404, "there is no such recording");
    if (only !== undefined && run !== only) return refuse(response, 404, "there is no such run");
    if (url.pathname === "/api/metrics") {
      const file = inside(runs, run, "metrics.jsonl");
      return file ? json(response, readMetrics(readFileSync(file, "utf8"))) : json(response, []);
    }
    if (url.pathname === "/api/policy") {
      const config = loose === undefined ? inside(runs, run, "config.json") : undefined;
      if (!config) return refuse(response, 404, "there is no such run");
      return void livePolicyOfRun(dirname(config)).then(
        (document) => json(response, document),
        (error: Error) => refuse(response, 409, error.message),
      );
    }
    const file = loose === undefined ? inside(runs, run, "episodes", name) : inside(runs, loose);
    if (url.pathname !== "/api/recording" || !file)
      return refuse(response, 404, "there is no such recording");
    response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
    return response.end(readFileSync(file));
  } catch (error) {
    return refuse(response, 500, (error as Error).message);
  }
}

/** Join names to a file that exists inside `root`; undefined for anything that leads out of it. */
function inside(root: string, ...names: string[]): string | undefined {
  if (names.some((name) => name === "" || name !== basename(name) || name === "..")) return undefined;
  const path = join(root, ...names);
  if (!existsSync(path)) return undefined;
  return realpathSync(path).startsWith(realpathSync(root) + sep) ? path : undefined;
}

/** A recording outside of any run, listed as if it were one. */
function describeLoose(folder: string, name: string) {
  const file = join(folder, name);
  const episodes = [{ name, ...readSummary(firstBytes(file)) }];
  return { run: name, created: statSync(file).mtimeMs, config: null, evaluation: null, episodes };
}

function listRuns(runs: string, only: string | undefined) {
  if (!existsSync(runs)) return [];
  const names = readdirSync(runs).filter(
    (name) => (only === undefined || name === only) && isRunFolder(join(runs, name)),
  );
  return names.sort().map((run) => {
    const folder = join(runs, run);
    const episodes = existsSync(join(folder, "episodes"))
      ? readdirSync(join(folder, "episodes")).filter((name) => name.endsWith(".mcap"))
      : [];
    return {
      run,
      created: statSync(join(folder, "config.json")).mtimeMs,
      config: readJson(join(folder, "config.json")),
      evaluation: readJson(join(folder, "evaluation.json")),
      episodes: episodes
        .sort()
        .map((name) => ({ name, ...readSummary(firstBytes(join(folder, "episodes", name))) })),
    };
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function firstBytes(file: string): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    const buffer = new Uint8Array(SUMMARY_BYTES);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, SUMMARY_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function json(response: ServerResponse, data: unknown): ServerResponse {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  return response.end(JSON.stringify(data));
}

function refuse(response: ServerResponse, status: number, reason: string): ServerResponse {
  response.writeHead(status, { "content-type": "text/plain" });
  return response.end(`${reason}\n`);
}

/** Split the path of runs, a run, or a recording into what `startViewServer` wants; `episode` is the one to open. */
export function viewTarget(path: string): {
  readonly runs: string;
  readonly only?: string;
  readonly episode?: string;
  readonly loose?: string;
} {
  if (isRunFolder(path)) return { runs: dirname(path), only: basename(path) };
  if (path.endsWith(".mcap")) {
    const [folder, name] = [dirname(path), basename(path)];
    const run = dirname(folder);
    if (basename(folder) !== "episodes" || !isRunFolder(run))
      return { runs: folder, loose: name, episode: name };
    return { runs: dirname(run), only: basename(run), episode: name };
  }
  return { runs: path };
}
