// Answers of the viewer's server: their headers, compressed where the browser takes that.
import { constants as flags } from "node:fs";
import { open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import type { Refusal } from "./request-check.js";

const pack = promisify(gzip);

/**
 * What a page of ours may do: run and fetch what this server gives, WebAssembly included, and show pictures it made itself.
 *
 * No other site may frame it, embed its files or see where it was.
 */
const GUARDS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
} as const;

/** Below this many bytes packing costs more than it saves. */
const SMALLEST_PACKED = 1024;
/** Beyond this many bytes packing is quick rather than small: mostly the browser runs on this machine. */
const LARGE = 2 ** 20;
/** A file is read and packed by so many bytes at a time. */
const PIECE = 2 ** 18;

/** Say in one line why there is no answer. */
export function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // what else such a request carries is not read
  response.writeHead(status, {
    ...GUARDS,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    connection: "close",
    ...(status === 405 ? { allow: "GET, HEAD, POST" } : {}),
  });
  response.end(`${reason}\n`);
}

/** Answer with JSON. */
export async function sendJson(request: IncomingMessage, response: ServerResponse, data: unknown) {
  const body = Buffer.from(JSON.stringify(data));
  if (!takesGzip(request) || body.length < SMALLEST_PACKED) {
    sendBytes(response, body, { "content-type": "application/json" });
    return;
  }
  sendBytes(response, await packed(body), {
    "content-type": "application/json",
    "content-encoding": "gzip",
  });
}

/** Pack bytes as gzip. */
export function packed(body: Uint8Array): Promise<Buffer> {
  return pack(body, { level: body.length < LARGE ? 6 : 1 });
}

/** Answer with bytes that are at hand. */
export function sendBytes(
  response: ServerResponse,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, {
    ...GUARDS,
    "cache-control": "no-store",
    vary: "accept-encoding",
    ...headers,
    "content-length": body.length,
  });
  response.end(body);
}

/** Answer with a file of any length, a piece at a time; only a plain file is read, and no link followed. */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: string) {
  // without O_NONBLOCK a named pipe would hold the server for ever
  const opened = await open(file, flags.O_RDONLY | (flags.O_NOFOLLOW ?? 0) | (flags.O_NONBLOCK ?? 0));
  try {
    if (!(await opened.stat()).isFile()) {
      refuse(response, { status: 404, reason: "there is no such file" });
      return;
    }
    const isPacked = takesGzip(request);
    response.writeHead(200, {
      ...GUARDS,
      "cache-control": "no-store",
      vary: "accept-encoding",
      "content-type": "application/octet-stream",
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    const content: Readable = opened.createReadStream({ autoClose: false, highWaterMark: PIECE });
    await (isPacked
      ? pipeline(content, createGzip({ level: 1, chunkSize: PIECE }), response)
      : pipeline(content, response));
  } finally {
    await opened.close();
  }
}

/** Whether the browser unpacks gzip. */
export function takesGzip({ headers }: IncomingMessage): boolean {
  return /(^|,)\s*gzip\s*(;\s*q=(0?\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(
    String(headers["accept-encoding"] ?? ""),
  );
}
