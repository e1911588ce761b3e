// The worker thread: holds some groups and answers the pool's requests.
import { parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../../../math/usage-error.js";
import { rolloutBuffer } from "../rollout-buffer.js";
import { RolloutHost } from "../rollout-host.js";
import { foreignExit } from "./foreign-exit.js";
import { isAgent, isEnvFactory, loadFromModule } from "./load-module.js";
import { loadTeacher } from "./load-teacher.js";
import type { WorkerReply, WorkerRequest, WorkerSetup } from "./worker-pool.js";

const setup = workerData as WorkerSetup;
const port = parentPort!;

process.on("exit", (code) => {
  const ended = foreignExit(code);
  if (ended) port.postMessage({ ended } satisfies WorkerReply);
});

const host = await openHost();
const { observationSize, actionSize, memorySize, imageSize } = setup.plan.sizes;
const data = setup.buffers.map((buffer) =>
  rolloutBuffer(setup.plan.settings, observationSize, actionSize, memorySize, imageSize, buffer),
);

async function openHost(): Promise<RolloutHost> {
  try {
    const factory = await loadFromModule(setup.env, isEnvFactory, "env");
    const agent = await loadFromModule(setup.agent, isAgent, "agent");
    const teacher = setup.teacher && (await loadTeacher(setup.teacher));
    return await RolloutHost.create(setup.plan, factory, agent, setup.indices, teacher);
  } catch (error) {
    port.postMessage(complaint(error));
    process.exit(0);
  }
}

/** Errors lose their class between threads. */
function complaint(error: unknown): WorkerReply {
  const message = error instanceof Error ? error.message : String(error);
  return { error: message, isUsageError: error instanceof UsageError };
}

async function answer(request: WorkerRequest): Promise<unknown> {
  if (request.kind === "collect") return host.collect(request.acting, data, request.collection);
  if (request.kind === "evaluate") return host.evaluate(request.acting, request.batches);
  if (request.kind === "snapshot") return host.snapshot();
  return host.restore(request.snapshots);
}

port.on("message", (request: WorkerRequest) => {
  answer(request).then(
    (result) => port.postMessage({ result } satisfies WorkerReply),
    (error) => port.postMessage(complaint(error)),
  );
});
port.postMessage({ result: "ready" } satisfies WorkerReply);
