// Who may ask the viewer's server for what: nothing that a request carries is trusted.
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { allowedHosts } from "./allowed-hosts.js";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** What a request asks for. */
export interface AskedFor {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Header in which a page shows the token that it was served with. */
export const TOKEN_HEADER = "x-armgym-token";

const LONGEST_TARGET = 2048;
const FOREIGN: Refusal = { status: 403, reason: "only pages of this viewer may ask" };

/** Read what a request asks for, or why it gets nothing; `host` is what the server listens on. */
export function checkRequest(request: IncomingMessage, host: string): AskedFor | Refusal {
  const { method = "", headers, url = "" } = request;
  const wrongHost = checkHost(request, host);
  if (wrongHost) return wrongHost;
  if (url.length > LONGEST_TARGET)
    return { status: 414, reason: `the address is longer than ${LONGEST_TARGET} characters` };
  const asked = readTarget(url);
  if (!asked) return { status: 400, reason: "the address is malformed" };
  if (!["GET", "HEAD", "POST"].includes(method))
    return { status: 405, reason: "only GET, HEAD and POST are answered" };
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0)
    return { status: 413, reason: "no request here has a body" };
  return isForeign(request, asked.path) ? FOREIGN : asked;
}

/** Whether what `checkRequest` found is a refusal. */
export function isRefusal(found: AskedFor | Refusal): found is Refusal {
  return "status" in found;
}

/** Say why a page may not open the live channel; undefined where it may. */
export function checkHandshake(request: IncomingMessage, host: string): Refusal | undefined {
  const asked = checkRequest(request, host);
  if (isRefusal(asked)) return asked;
  if (asked.path !== "/live") return { status: 404, reason: "there is no such channel" };
  // a browser always sends the origin here
  return request.headers.origin === undefined ? FOREIGN : undefined;
}

/** Say why a request may not change anything; undefined where it may: it comes from a page that this server gave out. */
export function checkChange({ method, headers }: IncomingMessage, token: string): Refusal | undefined {
  if (method !== "POST") return { status: 405, reason: "only POST may change anything" };
  if (headers.origin === undefined) return FOREIGN;
  const shown = Buffer.from(String(headers[TOKEN_HEADER] ?? ""));
  const expected = Buffer.from(token);
  if (shown.length === expected.length && timingSafeEqual(shown, expected)) return undefined;
  return { status: 403, reason: "this page is of another training. Reload it" };
}

/** A foreign name that was made to resolve to this machine is refused. */
function checkHost({ headers, headersDistinct }: IncomingMessage, host: string): Refusal | undefined {
  if (headersDistinct.host?.length !== 1) return { status: 400, reason: "one Host is needed" };
  const name = /^(\[[\da-f:.]+\]|[^[\]:/@\s]+)(:\d{1,5})?$/.exec(headers.host!.toLowerCase())?.[1];
  const names = allowedHosts(host);
  if (name !== undefined && names.includes(name)) return undefined;
  return {
    status: 403,
    reason: `this server answers to ${names.join(", ")} only. Another name of this machine is given by "armgym view --host NAME"`,
  };
}

/** A page of another site gives itself away by its origin, or by what the browser says of the request. */
function isForeign({ method, headers }: IncomingMessage, path: string): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host!.toLowerCase()}`) return true;
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return false;
  // a link from elsewhere may lead to the page itself
  const isVisit = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return !(isVisit && method === "GET" && path === "/");
}

/** Take a target apart; undefined where it is none of a page's: another form, or letters that no file has. */
function readTarget(target: string): AskedFor | undefined {
  if (!target.startsWith("/")) return undefined;
  const mark = target.indexOf("?");
  try {
    const path = decodeURIComponent(mark < 0 ? target : target.slice(0, mark));
    const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
    const isPlain = (text: string) => !/[\u0000-\u001f\u007f\\]/.test(text);
    return isPlain(path) && [...query.values()].every(isPlain) ? { path, query } : undefined;
  } catch {
    return undefined;
  }
}
