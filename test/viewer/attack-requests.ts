// Requests that nobody's browser sends to a viewer of its own, and what each must get; sent as they are over a socket.
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

/** A request and what is right. */
export interface AttackRequest {
  readonly what: string;
  /** What is sent, each letter one byte; HOST stands for the server's own, "127.0.0.1:1234". */
  readonly sent: string;
  /** Right answers; 0: the connection is ended without one. */
  readonly answers: readonly number[];
}

/** What came back. */
export interface RawAnswer {
  /** 0 where nothing came before the end; undefined where the connection was still open after the time allowed. */
  readonly status: number | undefined;
  readonly head: string;
  readonly body: string;
}

/** Run that `attackRequests` ask for: a folder whose episodes hold a link out of it, a named pipe and a folder. */
export const PLANTED = {
  run: "planted",
  link: "outside.mcap",
  pipe: "pipe.mcap",
  folder: "folder.mcap",
} as const;

/** What lies beside the served runs. */
export const SECRET = "what no request may see";

/** Plant a run with ways out of its folder below `runs`, and something to find there. */
export function plant(runs: string): void {
  const episodes = join(runs, PLANTED.run, "episodes");
  mkdirSync(join(episodes, PLANTED.folder), { recursive: true });
  writeFileSync(join(runs, PLANTED.run, "config.json"), JSON.stringify({ env: "Line-v1", agent: "ppo-mlp" }));
  writeFileSync(join(runs, "secret.txt"), SECRET);
  writeFileSync(join(runs, "secret.mcap"), SECRET);
  symlinkSync(join(runs, "secret.mcap"), join(episodes, PLANTED.link));
  execFileSync("mkfifo", [join(episodes, PLANTED.pipe)]);
}

/** Send `sent` to `address` and read until the connection ends, at most `seconds`. */
export function sendRaw(address: string, sent: string, seconds = 15): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(address);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () =>
      socket.write(Buffer.from(sent.replaceAll("HOST", host), "latin1")),
    );
    const finish = (isOpen: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      const [head = "", ...rest] = Buffer.concat(chunks).toString("latin1").split("\r\n\r\n");
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status: isOpen ? undefined : status, head, body: rest.join("\r\n\r\n") });
    };
    const timer = setTimeout(() => finish(true), 1000 * seconds);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => finish(false));
  });
}

function request(line: string, ...headers: readonly string[]): string {
  return `${[`${line} HTTP/1.1`, "Host: HOST", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;
}

const get = (target: string, ...headers: readonly string[]) => request(`GET ${target}`, ...headers);

function recording(name: string, run: string = PLANTED.run): string {
  return get(`/api/recording?run=${run}&name=${name}`);
}

function handshake(path = "/live", ...headers: readonly string[]): string {
  const upgrade = ["Upgrade: websocket", "Connection: Upgrade"];
  return `${[`GET ${path} HTTP/1.1`, "Host: HOST", ...upgrade, ...headers].join("\r\n")}\r\n\r\n`;
}

const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const VERSION = "Sec-WebSocket-Version: 13";
const OWN = "Origin: http://HOST";
const opened = (frames: string) => handshake("/live", KEY, VERSION, OWN) + frames;

const targets: readonly AttackRequest[] = [
  {
    what: "a target that no URL is made of",
    sent: "GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    answers: [404],
  },
  { what: "three slashes", sent: get("///"), answers: [404] },
  { what: "another host as a path", sent: get("//elsewhere.example/"), answers: [404] },
  { what: "an open bracket as a host", sent: get("//["), answers: [404] },
  { what: "a colon without a port", sent: get("//:"), answers: [404] },
  { what: "a port that is none", sent: get("//a:99999999/"), answers: [404] },
  { what: "a whole URL of another host", sent: get("http://elsewhere.example/"), answers: [400] },
  { what: "a whole URL of this host", sent: get("http://HOST/"), answers: [400] },
  { what: "a whole URL that is none", sent: get("http://["), answers: [400] },
  { what: "a file's URL", sent: get("file:///etc/passwd"), answers: [400] },
  { what: "a star", sent: request("OPTIONS *"), answers: [400] },
  { what: "no slash", sent: get("api/runs"), answers: [400] },
  { what: "a percent sign alone", sent: get("/%"), answers: [400] },
  { what: "percent and no hexadecimal", sent: get("/%zz"), answers: [400] },
  { what: "half of a letter", sent: get("/%ff"), answers: [400] },
  { what: "a letter written too long", sent: get("/%c0%ae%c0%ae/etc/passwd"), answers: [400] },
  { what: "a zero byte", sent: get("/index.html%00.js"), answers: [400] },
  { what: "a raw zero byte", sent: get("/\0"), answers: [400] },
  { what: "a line break in the path", sent: get("/%0d%0aX-Planted:%201"), answers: [400] },
  { what: "a space in the target", sent: get("/a b"), answers: [400] },
  { what: "a backslash", sent: get("/..\\..\\package.json"), answers: [400] },
  { what: "an encoded backslash", sent: get("/..%5c..%5cpackage.json"), answers: [400] },
  { what: "a longer target than any page's", sent: get(`/?${"x".repeat(3000)}`), answers: [414] },
  { what: "a target as long as all headers may be", sent: get(`/${"x".repeat(20_000)}`), answers: [431] },
  { what: "a fragment", sent: get("/#/../../etc/passwd"), answers: [404] },
];

const paths: readonly AttackRequest[] = [
  { what: "up and out", sent: get("/../../../../etc/passwd"), answers: [404] },
  { what: "up and out, encoded", sent: get("/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), answers: [404] },
  { what: "up and out, slashes encoded", sent: get("/..%2f..%2f..%2fpackage.json"), answers: [404] },
  { what: "up and out, encoded twice", sent: get("/%252e%252e%252fpackage.json"), answers: [404] },
  { what: "out of the built files", sent: get("/assets/../../../package.json"), answers: [404] },
  { what: "an absolute path, encoded", sent: get("/%2fetc%2fpasswd"), answers: [404] },
  { what: "a Windows path", sent: get("/C:/Windows/win.ini"), answers: [404] },
  { what: "a parameter after dots", sent: get("/..;/..;/etc/passwd"), answers: [404] },
  { what: "a repository", sent: get("/.git/config"), answers: [404] },
  { what: "the server's own code", sent: get("/../src/cli/main.js"), answers: [404] },
  { what: "a name that every object has", sent: get("/__proto__"), answers: [404] },
  { what: "another name that every object has", sent: get("/constructor"), answers: [404] },
  { what: "a file as a folder", sent: get("/index.html/"), answers: [404] },
  { what: "an interface that is none", sent: get("/api/../api/eval"), answers: [404] },
  { what: "a run above", sent: recording("secret.mcap", ".."), answers: [404] },
  { what: "the folder of runs itself", sent: recording("config.json", "."), answers: [404] },
  { what: "no run", sent: recording("ok.mcap", ""), answers: [404] },
  { what: "a run that every object has", sent: recording("ok.mcap", "__proto__"), answers: [404] },
  { what: "a run far away", sent: recording("passwd", "%2Fetc"), answers: [404] },
  { what: "an episode above", sent: recording("..%2F..%2F..%2Fsecret.txt"), answers: [404] },
  { what: "an episode far away", sent: recording("%2Fetc%2Fpasswd"), answers: [404] },
  { what: "an episode with a zero byte", sent: recording("ok.mcap%00"), answers: [400] },
  { what: "an episode with a backslash", sent: recording("..%5C..%5Csecret.txt"), answers: [400] },
  { what: "a run's own settings as an episode", sent: recording("..%2Fconfig.json"), answers: [404] },
  { what: "the folder of episodes", sent: recording(".."), answers: [404] },
  { what: "a link out of the run", sent: recording(PLANTED.link), answers: [404] },
  { what: "a named pipe", sent: recording(PLANTED.pipe), answers: [404] },
  { what: "a folder named as an episode", sent: recording(PLANTED.folder), answers: [404] },
  { what: "a name longer than a disk takes", sent: recording("x".repeat(1000)), answers: [404] },
  { what: "two runs", sent: get("/api/recording?run=planted&run=..&name=x"), answers: [404] },
  { what: "a half percent sign in a query", sent: get("/api/recording?run=%&name=%zz"), answers: [404] },
  { what: "curves of a run above", sent: get("/api/metrics?run=.."), answers: [200] },
  { what: "a policy far away", sent: get("/api/policy?run=..%2F..%2Fetc"), answers: [404] },
  { what: "a policy of no run", sent: get("/api/policy"), answers: [404] },
];

const hosts: readonly AttackRequest[] = [
  { what: "no Host", sent: "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", answers: [400] },
  { what: "no Host, as of old", sent: "GET /api/runs HTTP/1.0\r\n\r\n", answers: [400] },
  { what: "an empty Host", sent: "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", answers: [403] },
  { what: "two Hosts", sent: get("/", "Host: elsewhere.example"), answers: [400] },
  { what: "a name that points here", sent: get("/").replace("HOST", "elsewhere.example"), answers: [403] },
  {
    what: "a Host that begins as ours",
    sent: get("/").replace("HOST", "127.0.0.1.elsewhere.example"),
    answers: [403],
  },
  {
    what: "a Host behind a user",
    sent: get("/").replace("HOST", "127.0.0.1@elsewhere.example"),
    answers: [403],
  },
  { what: "a Host and a path", sent: get("/").replace("HOST", "127.0.0.1/elsewhere"), answers: [403] },
  {
    what: "another Host by a proxy's header",
    sent: get("/", "X-Forwarded-Host: elsewhere.example"),
    answers: [200],
  },
  {
    what: "a page of another site",
    sent: get("/api/runs", "Origin: http://elsewhere.example"),
    answers: [403],
  },
  {
    what: "another server on this machine",
    sent: get("/api/runs", "Origin: http://localhost:3000"),
    answers: [403],
  },
  { what: "our name at another port", sent: get("/api/runs", "Origin: http://127.0.0.1:1"), answers: [403] },
  { what: "our name by another protocol", sent: get("/api/runs", "Origin: https://HOST"), answers: [403] },
  { what: "a page of no origin", sent: get("/api/runs", "Origin: null"), answers: [403] },
  { what: "an origin with a path", sent: get("/api/runs", "Origin: http://HOST/"), answers: [403] },
  {
    what: "a picture in a page of another site",
    sent: get("//", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
    answers: [403],
  },
  {
    what: "a script in a page of another site",
    sent: get("/api/runs", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"),
    answers: [403],
  },
  {
    what: "a frame in a page of another server here",
    sent: get("/", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"),
    answers: [403],
  },
  {
    what: "a link to data from another site",
    sent: get(
      "/api/runs",
      "Sec-Fetch-Site: cross-site",
      "Sec-Fetch-Mode: navigate",
      "Sec-Fetch-Dest: document",
    ),
    answers: [403],
  },
];

const messages: readonly AttackRequest[] = [
  { what: "PUT", sent: request("PUT /index.html"), answers: [405] },
  { what: "DELETE", sent: request("DELETE /api/runs"), answers: [405] },
  { what: "TRACE", sent: request("TRACE /"), answers: [405] },
  { what: "a browser's question whether it may", sent: request("OPTIONS /api/stop", OWN), answers: [405] },
  { what: "a tunnel", sent: request("CONNECT elsewhere.example:443"), answers: [0] },
  { what: "a method that is none", sent: request("BREW /"), answers: [400] },
  { what: "a method in small letters", sent: request("get /"), answers: [400] },
  { what: "POST where nothing is changed", sent: request("POST /api/runs", OWN), answers: [405] },
  { what: "a body of ten gigabytes", sent: get("/", "Content-Length: 10000000000"), answers: [413] },
  {
    what: "a body in pieces",
    sent: `${get("/", "Transfer-Encoding: chunked")}5\r\nhello\r\n0\r\n\r\n`,
    answers: [413],
  },
  {
    what: "a body in pieces of no size",
    sent: `${get("/", "Transfer-Encoding: chunked")}zz\r\n`,
    answers: [400, 413],
  },
  { what: "a negative length", sent: get("/", "Content-Length: -1"), answers: [400] },
  { what: "two lengths", sent: `${get("/", "Content-Length: 5", "Content-Length: 6")}hello`, answers: [400] },
  {
    what: "a request inside another",
    sent: `${get("/", "Content-Length: 40", "Transfer-Encoding: chunked")}0\r\n\r\nGET /api/runs HTTP/1.1\r\n\r\n`,
    answers: [400],
  },
  {
    what: "a promise of more",
    sent: get("/", "Expect: 100-continue", "Content-Length: 5"),
    answers: [100, 413],
  },
  { what: "an expectation that is none", sent: get("/", "Expect: everything"), answers: [417] },
  { what: "another protocol", sent: handshake("/", "Upgrade: h2c"), answers: [404] },
  { what: "HTTP/2", sent: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", answers: [400, 505] },
  { what: "HTTP/9.9", sent: "GET / HTTP/9.9\r\nHost: HOST\r\n\r\n", answers: [400, 505] },
  { what: "no version", sent: "GET /\r\n\r\n", answers: [400] },
  { what: "TLS", sent: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", answers: [400] },
  { what: "noise", sent: "\x00\xff\x13\x37".repeat(64), answers: [400] },
  { what: "a header without a colon", sent: get("/", "planted"), answers: [400] },
  { what: "a header with a zero byte", sent: get("/", "X-Planted: \0"), answers: [400] },
  { what: "a header with a space in its name", sent: get("/", "X Planted: 1"), answers: [400] },
  { what: "headers beyond all measure", sent: get("/", `X-Planted: ${"x".repeat(40_000)}`), answers: [431] },
  {
    what: "two thousand headers",
    sent: get("/", ...new Array<string>(2000).fill("X-Planted: planted")),
    answers: [431],
  },
  { what: "a piece of a file", sent: get("/", "Range: bytes=0-3"), answers: [200] },
  { what: "a piece behind the end", sent: get("/", "Range: bytes=99999999999-"), answers: [200] },
  { what: "hundreds of pieces", sent: get("/", `Range: bytes=${"0-,".repeat(500)}0-`), answers: [200] },
  { what: "a piece that is none", sent: get("/", "Range: bytes=b-a"), answers: [200] },
  {
    what: "a hundred requests in one",
    sent: "GET /api/unknown HTTP/1.1\r\nHost: HOST\r\n\r\n".repeat(100),
    answers: [404],
  },
];

const stops: readonly AttackRequest[] = [
  { what: "stop by GET", sent: get("/api/stop", OWN), answers: [405] },
  { what: "stop by HEAD", sent: request("HEAD /api/stop", OWN), answers: [405] },
  { what: "stop without an origin", sent: request("POST /api/stop"), answers: [403] },
  { what: "stop without a token", sent: request("POST /api/stop", OWN), answers: [403] },
  {
    what: "stop with an empty token",
    sent: request("POST /api/stop", OWN, "X-Armgym-Token: "),
    answers: [403],
  },
  {
    what: "stop with a token made up",
    sent: request("POST /api/stop", OWN, `X-Armgym-Token: ${"A".repeat(32)}`),
    answers: [403],
  },
  {
    what: "stop with a token of letters",
    sent: request("POST /api/stop", OWN, "X-Armgym-Token: \xe9"),
    answers: [403],
  },
  {
    what: "stop with a token in the query",
    sent: request(`POST /api/stop?token=${"A".repeat(32)}`, OWN),
    answers: [403],
  },
  {
    what: "stop from another server on this machine",
    sent: request("POST /api/stop", "Origin: http://localhost:3000", `X-Armgym-Token: ${"A".repeat(32)}`),
    answers: [403],
  },
  {
    what: "stop by a form of another site",
    sent: `${request("POST /api/stop", "Origin: http://elsewhere.example", "Content-Type: text/plain", "Content-Length: 1")}x`,
    answers: [413],
  },
  {
    what: "stop by a form of another site, empty",
    sent: request("POST /api/stop", "Origin: http://elsewhere.example", "Content-Length: 0"),
    answers: [403],
  },
  {
    what: "stop by another name of the method",
    sent: get("/api/stop", OWN, "X-HTTP-Method-Override: POST"),
    answers: [405],
  },
];

const channels: readonly AttackRequest[] = [
  { what: "a channel without a key", sent: handshake("/live", VERSION, OWN), answers: [400] },
  {
    what: "a channel with a key that is none",
    sent: handshake("/live", "Sec-WebSocket-Key: x", VERSION, OWN),
    answers: [400],
  },
  {
    what: "a channel of another version",
    sent: handshake("/live", KEY, "Sec-WebSocket-Version: 99", OWN),
    answers: [400, 426],
  },
  { what: "a channel by POST", sent: opened("").replace("GET", "POST"), answers: [405] },
  { what: "a channel of no origin", sent: handshake("/live", KEY, VERSION), answers: [403] },
  {
    what: "a channel of another site",
    sent: handshake("/live", KEY, VERSION, "Origin: http://elsewhere.example"),
    answers: [403],
  },
  {
    what: "a channel of another server here",
    sent: handshake("/live", KEY, VERSION, "Origin: http://localhost:1"),
    answers: [403],
  },
  { what: "a channel elsewhere", sent: handshake("//", KEY, VERSION, OWN), answers: [404] },
  { what: "a channel with dots", sent: handshake("/../live", KEY, VERSION, OWN), answers: [404] },
  { what: "a channel at a broken target", sent: handshake("/%", KEY, VERSION, OWN), answers: [400] },
  // from here on the handshake is right, and what follows ends the connection
  { what: "a message to the server", sent: opened("\x81\x82\x01\x02\x03\x04\x69\x6b"), answers: [101] },
  { what: "a message without a mask", sent: opened("\x81\x02hi"), answers: [101] },
  {
    what: "a message of 2^63 bytes",
    sent: opened("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04"),
    answers: [101],
  },
  {
    what: "a message of a megabyte",
    sent: opened("\x82\xff\x00\x00\x00\x00\x00\x10\x00\x00\x01\x02\x03\x04"),
    answers: [101],
  },
  { what: "a message of reserved bits", sent: opened("\xf1\x80\x01\x02\x03\x04"), answers: [101] },
  { what: "a message of an unknown kind", sent: opened("\x8f\x80\x01\x02\x03\x04"), answers: [101] },
  { what: "a message without a beginning", sent: opened("\x80\x80\x01\x02\x03\x04"), answers: [101] },
  { what: "a good-bye of one byte", sent: opened("\x88\x81\x01\x02\x03\x04\x00"), answers: [101] },
  { what: "noise in the channel", sent: opened("GET / HTTP/1.1\r\n\r\n"), answers: [101] },
];

const halves: readonly AttackRequest[] = [
  { what: "a connection that says nothing", sent: "", answers: [0, 408] },
  { what: "half a line", sent: "GET /", answers: [408] },
  { what: "headers that do not end", sent: "GET / HTTP/1.1\r\nHost: HOST\r\nX-Planted: ", answers: [408] },
  {
    what: "a connection kept after its answer",
    sent: "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n",
    answers: [200],
  },
];

/** All of them; none may end the server, get what lies outside the served folders, or stop a training. */
export const attackRequests: readonly AttackRequest[] = [
  ...targets,
  ...paths,
  ...hosts,
  ...messages,
  ...stops,
  ...channels,
  ...halves,
];
