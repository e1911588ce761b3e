// The thread that notices when no step comes back: it reports by itself, as the main thread may be the one that is stuck.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { workSeen } from "../rollout-control.js";
import type { StallWatchSetup } from "./stall-watch.js";

const STDERR = 2;
const LOOKS_PER_LIMIT = 12;

const { control, seconds, text } = workerData as StallWatchSetup;
let before = workSeen(control);
let looks = 0;

setInterval(
  () => {
    const now = workSeen(control);
    const isStuck = now.working > 0 && before.working > 0 && now.steps === before.steps;
    before = now;
    looks = isStuck ? looks + 1 : 0;
    // once for each time that it is stuck
    if (looks === LOOKS_PER_LIMIT) writeSync(STDERR, `\n${text}\n`);
  },
  (1000 * seconds) / LOOKS_PER_LIMIT,
);
