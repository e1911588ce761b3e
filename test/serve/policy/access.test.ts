import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { gate, isLoopback, requireToken } from "../../../src/serve/policy/access.js";

const TOKEN = "a secret that is long".replaceAll(" ", "-");
const asked = (headers: Readonly<Record<string, string>>) => ({ headers }) as unknown as IncomingMessage;

test("a token is shown as openpi's clients do, as others do, or as pages must; anything else is refused", () => {
  const admits = gate("0.0.0.0", TOKEN);
  const carried = Buffer.from(TOKEN).toString("base64url");
  const shown = [
    { authorization: `Api-Key ${TOKEN}` },
    { authorization: `bearer ${TOKEN}` },
    { "sec-websocket-protocol": `armgym-policy, armgym-token.${carried}` },
    { authorization: `Api-Key ${TOKEN}`, host: "foreign.example", origin: "https://foreign.example" },
  ];
  for (const headers of shown) expect(admits(asked(headers)), JSON.stringify(headers)).toBeUndefined();
  const refusal = {
    status: 401,
    reason: "the token is missing or wrong. Show it as Authorization: Api-Key TOKEN",
  };
  const wrong = [
    {},
    { authorization: TOKEN },
    { authorization: `Api-Key ${TOKEN}x` },
    { authorization: `Api-Key ${TOKEN.slice(1)}` },
    { authorization: "Api-Key " },
    { "sec-websocket-protocol": `armgym-policy, armgym-token.${carried.slice(0, 4)}` },
    { host: "127.0.0.1:8000", origin: "http://127.0.0.1:8000" },
  ];
  for (const headers of wrong) expect(admits(asked(headers)), JSON.stringify(headers)).toEqual(refusal);
});

test("without a token, programs that name this machine and its own pages are answered, pages of other sites are not", () => {
  const admits = gate("127.0.0.1", undefined);
  const right = [
    { host: "127.0.0.1:8000" },
    { host: "LOCALHOST:8000", origin: "http://localhost:5173" },
    { host: "[::1]:8000" },
  ];
  for (const headers of right) expect(admits(asked(headers)), JSON.stringify(headers)).toBeUndefined();
  const wrong = [
    { host: "rebound.example:8000" },
    { host: "127.0.0.1:8000", origin: "https://foreign.example" },
    { host: "127.0.0.1:8000", origin: "http://127.0.0.1.foreign.example" },
    { host: "127.0.0.1:8000", origin: "null" },
    {},
  ];
  for (const headers of wrong) expect(admits(asked(headers))?.status, JSON.stringify(headers)).toBe(403);
});

test("a server that other machines reach needs a token, and one that a header can hold", () => {
  expect(["127.0.0.1", "127.1.2.3", "::1", "localhost"].map(isLoopback)).toEqual([true, true, true, true]);
  expect(["0.0.0.0", "::", "10.0.0.7", "robot.local", "127.0.0.1.evil"].map(isLoopback)).toEqual(
    Array(5).fill(false),
  );
  expect(() => requireToken("127.0.0.1", undefined)).not.toThrow();
  expect(() => requireToken("0.0.0.0", TOKEN)).not.toThrow();
  expect(() => requireToken("0.0.0.0", undefined)).toThrow(
    'Other machines reach a server on "0.0.0.0", and whoever does could have its answers. Give the option "token" a secret of 8 or more characters, or leave the host out for this machine alone.',
  );
  for (const token of ["short", "with a space in it", "wïth-other-letters", ""])
    expect(() => requireToken("127.0.0.1", token)).toThrow(
      `A token of ${token.length} characters was given by the option "token", expected 8 to 256 letters, digits and signs of ASCII, no spaces.`,
    );
});
