// The viewer's server: the page, the runs, recordings, policies, and the live channel, all bounded.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../../math/usage-error.js";
import { findMeshFile } from "../../runs/mesh-files.js";
import { withFlags } from "../flag-names.js";
import { type LiveSockets, liveSockets } from "./live-sockets.js";
import { type PageFiles, pageFiles } from "./page-files.js";
import { type AskedFor, checkChange, checkRequest, isRefusal } from "./request-check.js";
import { refuse, sendBytes, sendFile, sendJson } from "./responses.js";
import {
  episodeFile,
  listTarget,
  meshFolders,
  metricsOfRun,
  runFolderOf,
  type ViewTarget,
  validationOfRun,
} from "./view-target.js";

/** What to serve, and where. */
export interface HttpServerOptions {
  readonly target: ViewTarget;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Where a training can be stopped from here: what a page must show for that, and what stops it. */
  readonly stopping?: { readonly token: string; readonly stop: () => void };
}

/** A server that listens. */
export interface HttpServer extends LiveSockets {
  readonly port: number;
}

const MOST_CONNECTIONS = 64;
const HEADER_BYTES = 16_384;
/** Time that a browser may take for the headers, and for all of a request, ms. */
const REQUEST_MILLISECONDS = 5000;
/** A connection on which nothing moves is ended, ms; the first policy of a run takes seconds to compile. */
const IDLE_MILLISECONDS = 60_000;
const CHECK_MILLISECONDS = 1000;

/** Start to listen; throws a UsageError where that cannot be. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, stopping } = options;
  const files = pageFiles(stopping?.token);
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: REQUEST_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      keepAliveTimeout: REQUEST_MILLISECONDS,
      connectionsCheckingInterval: CHECK_MILLISECONDS,
    },
    (request, response) => {
      const asked = checkRequest(request, host);
      if (isRefusal(asked)) return refuse(response, asked);
      answer(request, response, asked, options, files).catch((error: Error) => {
        refuse(response, explainFailure(error));
      });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = IDLE_MILLISECONDS;
  const live = liveSockets(server, host);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explainListening(error, host, port)));
    server.listen(port, host, resolve);
  });
  // of a connection that cannot be accepted
  server.on("error", () => undefined);
  return {
    ...live,
    port: (server.address() as AddressInfo).port,
    async close() {
      await live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { path, query }: AskedFor,
  { target, stopping }: HttpServerOptions,
  files: PageFiles,
): Promise<void> {
  if (path === "/api/stop") {
    if (!stopping) return refuse(response, { status: 404, reason: "no training runs here" });
    const refusal = checkChange(request, stopping.token);
    if (refusal) return refuse(response, refusal);
    stopping.stop();
    return sendJson(request, response, {});
  }
  if (request.method === "POST")
    return refuse(response, { status: 405, reason: "nothing here is changed by POST" });
  const run = query.get("run") ?? "";
  switch (path) {
    case "/api/runs":
      return sendJson(request, response, listTarget(target));
    case "/api/metrics":
      return sendJson(request, response, metricsOfRun(target, run));
    case "/api/validation":
      return sendJson(request, response, validationOfRun(target, run));
    case "/api/policy": {
      const folder = runFolderOf(target, run);
      if (!folder) return refuse(response, { status: 404, reason: "there is no such run" });
      return sendJson(request, response, await policyOf(folder, target.modules));
    }
    case "/api/meshes": {
      const bytes = findMeshFile(query.get("file") ?? "", meshFolders(target));
      if (!bytes) return refuse(response, { status: 404, reason: "there is no such mesh file" });
      return sendBytes(response, bytes, { "content-type": "model/gltf-binary" });
    }
    case "/api/recording": {
      const file = await episodeFile(target, run, query.get("name") ?? "");
      if (!file) return refuse(response, { status: 404, reason: "there is no such recording" });
      return sendFile(request, response, file);
    }
  }
  if (!(await files(request, response, path)))
    refuse(response, { status: 404, reason: "there is no such page" });
}

let policies: Promise<unknown> = Promise.resolve();

/** One at a time: each takes a second and the memory of a checkpoint. */
function policyOf(folder: string, modules?: readonly string[]): Promise<unknown> {
  const made = policies.then(async () => {
    // what trains is loaded only when a policy is requested
    const { livePolicyOfRun } = await import("../../runs/live-policy-of-run.js");
    return livePolicyOfRun(folder, modules);
  });
  policies = made.catch(() => undefined);
  return made;
}

function explainFailure(error: Error): { readonly status: number; readonly reason: string } {
  if (error instanceof UsageError) return { status: 409, reason: withFlags(error.message) };
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EMFILE" || code === "ENFILE")
    return { status: 503, reason: "too many files are open on this machine. Try again, or raise ulimit -n" };
  if (code === "ENOENT" || code === "ELOOP") return { status: 404, reason: "there is no such file" };
  return { status: 500, reason: error.message };
}

function explainListening(error: NodeJS.ErrnoException, host: string, port: number): UsageError {
  if (error.code !== "EADDRINUSE")
    return new UsageError(`Cannot listen on ${host}, port ${port}: ${error.message}.`);
  return new UsageError(
    `Port ${port} is in use. Choose another with --port, or leave it out for any free one.`,
  );
}
