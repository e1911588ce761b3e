// The viewer on environments that another program steps: each frame is sent to the pages that look at it.
import type { Env } from "../../env/env.js";
import { frameOf, headerOf } from "../../episodes/record-episode.js";
import { clippedAction } from "../../math/clipped-action.js";
import type { RecordedFrame } from "../../recording/recording.js";
import type { BatchState } from "../../serve/env-batch.js";
import type { Onlooker } from "../../serve/serve-env.js";
import { openableAddresses } from "./allowed-hosts.js";
import { type HttpServer, startHttpServer } from "./http-server.js";
import { requireViewer } from "./page-files.js";
import type { ViewTarget } from "./view-target.js";

/** This machine only. */
const HOST = "127.0.0.1";
/** No run is served beside what is stepped: none has an empty name. */
const NOTHING: ViewTarget = { runs: "", only: "" };
/** Nobody here knows who acts. */
const SOURCE = { agent: "unknown", policySteps: 0 };

/** Serves the viewer from the first state that is shown on; throws a UsageError there where it was not built. */
export class SteppedViewer implements Onlooker {
  private server: Promise<HttpServer> | undefined;
  private shown: Env | undefined;

  async show(state: BatchState): Promise<{ readonly address: string; readonly pages: number }> {
    requireViewer();
    this.server ??= startHttpServer({ target: NOTHING, host: HOST, port: 0 });
    const server = await this.server;
    const { env, info, length } = state;
    const frame = describe(state);
    if (length === 0 || env !== this.shown)
      server.broadcast({ type: "begin", header: headerOf(env, info.seed, SOURCE), frame });
    else server.broadcast({ type: "frame", frame });
    this.shown = env;
    return { address: openableAddresses(HOST, server.port)[0]!, pages: server.count() };
  }
}

function describe({ env, observation, reward, info, terminated, length, action }: BatchState): RecordedFrame {
  const time = length / env.spec.controlRate;
  const frame = frameOf({ env, time, observation, reward, info }, [...action].map(clippedAction), null);
  return { ...frame, ...(terminated ? { terminated } : {}) };
}
