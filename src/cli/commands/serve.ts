// armgym serve: a trained policy for programs and robots elsewhere, over WebSockets.
import type { Command } from "commander";
import { Option } from "commander";
import { ProgressLine } from "../../log/progress-line.js";
import { UsageError } from "../../math/usage-error.js";
import { openPolicy } from "../../runs/open-policy.js";
import { readWholeFile } from "../../runs/read-file.js";
import { requireToken } from "../../serve/policy/access.js";
import { type PolicyServer, type ServePolicyOptions, servePolicy } from "../../serve/policy/policy-server.js";
import { policyPythonClient } from "../../serve/policy/python-client.js";
import type { Percentiles } from "../../serve/policy/service-meter.js";
import { interruptSignal } from "../end-signals.js";
import { engineOption, envOption, port } from "../flags.js";

interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly engine?: string;
  readonly env: readonly string[];
  readonly client?: string;
}

const EXAMPLE = `
Example:
  armgym serve runs/PickPlace-v1__ppo-mlp__1__20260102-030405
  ARMGYM_TOKEN=$(openssl rand -hex 16) armgym serve policy --host 0.0.0.0 --cert cert.pem --key key.pem

Clients:
  openpi       openpi_client.websocket_client_policy.WebsocketClientPolicy("127.0.0.1", 8000).infer({"state": numbers})
  Python       armgym serve --client python > armgym_policy.py; needs numpy alone
  TypeScript   import { connectPolicy } from "armgym"; in pages, too
  any other    JSON over the WebSocket at /json; GET /schema says what is sent

GET /status counts sessions and steps, with p50 and p99 of the time that they took; GET /healthz answers OK while it serves.
Each connection is a session with a memory of its own; openpi's clients forget an episode by {"reset": True}.
`;

/** A certificate or a key, bytes. */
const LARGEST_PEM = 2 ** 20;
/** How often the terminal shows how it is getting on, and how often that is written where nobody watches, s. */
const SHOWN_SECONDS = 1;
const WRITTEN_SECONDS = 60;

/** Define `armgym serve`. */
export function define(command: Command): void {
  command
    .argument("[path]", 'folder of a run, or of a bundle that "armgym export" wrote')
    .option("--port <n>", "port; 0 is any free one", port, 8000)
    .option("--host <name>", "address to listen on; others than this machine need a token", "127.0.0.1")
    .addOption(
      new Option(
        "--token <text>",
        "secret that clients must show; in the environment other users do not see it",
      ).env("ARMGYM_TOKEN"),
    )
    .option("--cert <file>", "certificate as PEM, for wss: instead of ws:")
    .option("--key <file>", "its private key as PEM")
    .addOption(engineOption().default(undefined, "the run's; native for a bundle"))
    .addOption(envOption())
    .option("--client <language>", "write the client for this language to stdout, and end: python")
    .addHelpText("after", EXAMPLE)
    .action(serveCommand);
}

/** Serve until Ctrl-C, or write a client. */
async function serveCommand(path: string | undefined, flags: ServeFlags): Promise<void> {
  const { client, engine, env, host, token, cert, key } = flags;
  if (client !== undefined) {
    if (client !== "python")
      throw new UsageError(
        `--client is "${client}", expected python. The one for TypeScript is in the package: import { connectPolicy } from "armgym".`,
      );
    process.stdout.write(policyPythonClient());
    return;
  }
  if (path === undefined)
    throw new UsageError(
      'Give a run or a bundle to serve, for example: armgym serve runs/<run>. The client: "armgym serve --client python".',
    );
  const progress = new ProgressLine(process.stderr);
  const tls = encryption(cert, key);
  // at once, and not when the policy is there
  requireToken(host, token);
  const { signal, release } = interruptSignal(progress, "Answering what has arrived");
  const policy = await openPolicy(path, {
    modules: env,
    say: (line) => progress.say(line),
    ...(engine === undefined ? {} : { engine }),
  });
  const server = await servePolicy(policy, {
    host,
    port: flags.port,
    ...(token === undefined ? {} : { token }),
    ...(tls ? { tls } : {}),
  });
  process.stdout.write(describeStart(server, token !== undefined));
  const watching = watch(server, progress);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  clearInterval(watching);
  await server.close();
  await policy.dispose();
  progress.say(describeWork(server));
  release();
}

function encryption(cert: string | undefined, key: string | undefined): ServePolicyOptions["tls"] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new UsageError(
      `--${cert === undefined ? "key" : "cert"} was given alone. Encryption needs --cert and --key.`,
    );
  return { cert: readWholeFile(cert, LARGEST_PEM), key: readWholeFile(key, LARGEST_PEM) };
}

function describeStart({ address, status }: PolicyServer, hasToken: boolean): string {
  const { policy } = status();
  const { env, agent, controlRate, observation, action, image, hasMemory } = policy;
  const pages = address.replace(/^ws/, "http");
  const lines = [
    `Serving ${env} by ${agent}: ${observation.length} number${observation.length === 1 ? "" : "s"}${image ? ` and ${image.cameras.length} cameras` : ""} in, ${action.length} out, ${controlRate} Hz${hasMemory ? ", with memory" : ""}`,
    `  openpi  ${address}`,
    `  JSON    ${address}/json, as ${pages}/schema says`,
    `  status  ${pages}/status`,
    ...(hasToken && address.startsWith("ws:") && !/^ws:\/\/(127\.|localhost|\[::1\])/.test(address)
      ? ["The token and all else go over the network unencrypted; --cert and --key encrypt."]
      : []),
    "Ctrl-C answers what has arrived, and ends.",
  ];
  return `${lines.join("\n")}\n`;
}

/** Show how it is getting on while anything is asked. */
function watch(server: PolicyServer, progress: ProgressLine): NodeJS.Timeout {
  let [seconds, shown, written] = [0, 0, 0];
  return setInterval(() => {
    seconds += SHOWN_SECONDS;
    const { steps } = server.status();
    const isDue = seconds % WRITTEN_SECONDS === 0 && steps !== written;
    if (isDue) written = steps;
    if (steps !== shown || isDue) progress.show(describeWork(server), isDue);
    shown = steps;
  }, 1000 * SHOWN_SECONDS).unref();
}

function describeWork({ status }: PolicyServer): string {
  const { sessions, sessionsOpened, steps, refused, inferMs, totalMs } = status();
  const times = (name: string, { p50, p99 }: Percentiles) =>
    p50 === null || p99 === null ? "" : `, ${name} p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  const share = refused > 0 ? `, ${refused} refused` : "";
  return `${sessions} of ${sessionsOpened} sessions open, ${steps} steps${share}${times("inference", inferMs)}${times("in all", totalMs)}`;
}
