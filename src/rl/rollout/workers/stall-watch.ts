// Notice environments that never come back from a step, whichever thread is stuck in one.
import { Worker } from "node:worker_threads";
import type { RolloutControl } from "../rollout-control.js";

/** What the watching thread starts with. */
export interface StallWatchSetup {
  readonly control: RolloutControl;
  readonly seconds: number;
  /** What to say, in one line. */
  readonly text: string;
}

/** A watch that runs until it is stopped. */
export interface StallWatch {
  stop(): Promise<void>;
}

const SECONDS = 60;

/**
 * Say on stderr when threads are at work with the environment `env` and no step has come back for `seconds` (default 60).
 *
 * A thread of its own watches: the one that is stuck may be the calling one. `end` says how to end that.
 */
export function watchForStalls(
  env: string,
  control: RolloutControl,
  end: string,
  seconds = SECONDS,
): StallWatch {
  const text = `${env}: no step has come back for ${seconds} s. Its step() or reset() may never return; ${end}`;
  const setup: StallWatchSetup = { control, seconds, text };
  const worker = new Worker(new URL("./stall-watch-thread.js", import.meta.url), {
    workerData: setup,
    // options of the calling program, --input-type for example, are not for a module of ours
    execArgv: [],
  });
  // training continues without a watch
  worker.on("error", () => {});
  worker.unref();
  return {
    stop: async () => {
      await worker.terminate();
    },
  };
}
