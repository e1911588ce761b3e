// The process of the viewer's server: what happens to it, or in it, leaves a training alone.
import { setPriority } from "node:os";
import type { LiveEvent } from "../../recording/run-events.js";
import { reportForeignExits } from "../../rl/rollout/workers/foreign-exit.js";
import { type HttpServer, startHttpServer } from "./http-server.js";
import type { ViewTarget } from "./view-target.js";

/** Messages from the parent process. */
export type ToServer =
  | {
      readonly type: "start";
      readonly target: ViewTarget;
      readonly host: string;
      readonly port: number;
      /** Of a server beside a training: what a page must show to stop it. */
      readonly token?: string;
    }
  | { readonly type: "event"; readonly event: LiveEvent }
  /** Events were dropped, because too many were waiting. */
  | { readonly type: "resync" }
  | { readonly type: "close" };

/** Messages to the parent process. */
export type FromServer =
  | { readonly type: "listening"; readonly port: number }
  /** Why it cannot serve, or no longer can; it ends. */
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "stop" };

/** The training goes first. */
const PRIORITY_BESIDE_TRAINING = 10;

let server: HttpServer | undefined;

reportForeignExits();

// it ends with its parent: Ctrl-C reaches both, and the last events are still to be sent
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit());
process.on("uncaughtException", (error) => {
  process.send?.({ type: "failed", reason: error.message } satisfies FromServer, () => process.exit(1));
});
process.on("message", (message: ToServer) => void obey(message));

async function obey(message: ToServer): Promise<void> {
  switch (message.type) {
    case "start":
      await start(message);
      return;
    case "event":
      server?.broadcast(message.event);
      return;
    case "resync":
      server?.resync();
      return;
    case "close":
      await server?.close();
      process.disconnect();
  }
}

async function start({ target, host, port, token }: ToServer & { type: "start" }): Promise<void> {
  const stopping =
    token === undefined ? {} : { stopping: { token, stop: () => sendToParent({ type: "stop" }) } };
  if (token !== undefined) yieldToTraining();
  try {
    server = await startHttpServer({ target, host, port, ...stopping });
    sendToParent({ type: "listening", port: server.port });
  } catch (error) {
    sendToParent({ type: "failed", reason: (error as Error).message });
    process.disconnect();
  }
}

function sendToParent(message: FromServer): void {
  process.send?.(message, () => undefined);
}

function yieldToTraining(): void {
  try {
    setPriority(PRIORITY_BESIDE_TRAINING);
  } catch {
    // where the system forbids it, the scheduler decides
  }
}
