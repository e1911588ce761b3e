// Who may ask the policy server: by a token where it has one, else programs and pages of this machine.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { optionText, UsageError } from "../../math/usage-error.js";
import { TOKEN_SUBPROTOCOL } from "./served-policy.js";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** Says of a request why it is not answered; undefined where it is. */
export type Gate = (request: IncomingMessage) => Refusal | undefined;

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
/** Of a token, characters: those of a header, without spaces. */
const TOKEN = /^[\x21-\x7e]{8,256}$/;

/** Whether only this machine reaches a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(bracketed(host)) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Throw a UsageError where `token` is none, or is missing on a `host` that other machines reach. */
export function requireToken(host: string, token: string | undefined): void {
  if (token === undefined) {
    if (isLoopback(host)) return;
    throw new UsageError(
      `Other machines reach a server on "${host}", and whoever does could have its answers. Give ${optionText("token")} a secret of 8 or more characters, or leave the host out for this machine alone.`,
    );
  }
  if (TOKEN.test(token)) return;
  throw new UsageError(
    `A token of ${token.length} characters was given by ${optionText("token")}, expected 8 to 256 letters, digits and signs of ASCII, no spaces.`,
  );
}

/**
 * Return who may ask a server that listens on `host`.
 *
 * With a token: who shows it as `Authorization: Api-Key TOKEN` (openpi's way), `Bearer TOKEN` or in a subprotocol. Without: whoever
 * names this machine as the host and, where it is a page, comes from this machine, so that pages of other sites get nothing.
 */
export function gate(host: string, token: string | undefined): Gate {
  if (token !== undefined) {
    const expected = digest(token);
    return (request) => {
      // equal lengths, whatever was shown
      if (shownTokens(request).some((shown) => timingSafeEqual(digest(shown), expected))) return undefined;
      return {
        status: 401,
        reason: "the token is missing or wrong. Show it as Authorization: Api-Key TOKEN",
      };
    };
  }
  const names = [...LOOPBACK, bracketed(host).toLowerCase()];
  return ({ headers: { host: asked = "", origin } }) => {
    if (!names.includes(asked.toLowerCase().replace(/:\d{1,5}$/, "")))
      return { status: 403, reason: `this server answers to ${names.slice(0, 3).join(", ")} only` };
    if (origin === undefined || names.includes(hostOf(origin))) return undefined;
    return { status: 403, reason: "pages of other sites need a token, and this server has none" };
  };
}

function shownTokens({ headers }: IncomingMessage): string[] {
  const [, shown] = /^(?:Api-Key|Bearer) +(\S+) *$/i.exec(headers.authorization ?? "") ?? [];
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const carried = protocols
    .filter((name) => name.startsWith(TOKEN_SUBPROTOCOL))
    .slice(0, 1)
    .map((name) => Buffer.from(name.slice(TOKEN_SUBPROTOCOL.length), "base64url").toString("utf8"));
  return shown === undefined ? carried : [shown, ...carried];
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).hostname;
  } catch {
    return "";
  }
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
