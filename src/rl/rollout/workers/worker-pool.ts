// A rollout pool of worker threads; the groups' data lies in memory that all threads share.
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { EpisodeResult } from "../../../env/vec-env.js";
import { UsageError } from "../../../math/usage-error.js";
import type { ModelWeights } from "../../../model/model-runner.js";
import type { EvaluationEpisode } from "../../evaluate.js";
import { rolloutBuffer } from "../rollout-buffer.js";
import type { RolloutGroupSnapshot } from "../rollout-group.js";
import { evaluationBatches, type RolloutPlan, type RolloutPool } from "../rollout-host.js";
import type { Collection } from "../strategies/strategy.js";
import type { ModuleSource } from "./load-module.js";
import type { TeacherSource } from "./load-teacher.js";

/** What a worker starts with. */
export interface WorkerSetup {
  readonly plan: RolloutPlan;
  readonly env: ModuleSource;
  readonly agent: ModuleSource;
  readonly indices: readonly number[];
  readonly buffers: readonly SharedArrayBuffer[];
  readonly teacher?: TeacherSource;
}

/** What a worker is asked. */
export type WorkerRequest =
  | { readonly kind: "collect"; readonly acting: ModelWeights; readonly collection: Collection }
  | {
      readonly kind: "evaluate";
      readonly acting: ModelWeights;
      readonly batches: readonly (readonly number[])[];
    }
  | { readonly kind: "snapshot" }
  | { readonly kind: "restore"; readonly snapshots: readonly RolloutGroupSnapshot[] };

/** What a worker answers. */
export type WorkerReply =
  | { readonly result: unknown }
  | { readonly error: string; readonly isUsageError: boolean }
  /** The call by which a module of the user's own ends the thread, asked or not. */
  | { readonly ended: string };

/** How long a thread may take to answer before it is ended anyway. */
const STOP_MILLISECONDS = 10_000;

/** Start `numWorkers` threads and share the groups among them; the bits do not depend on how many there are. */
export async function workerPool(
  plan: RolloutPlan,
  env: ModuleSource,
  agent: ModuleSource,
  numWorkers: number,
  teacher?: TeacherSource,
): Promise<RolloutPool> {
  const { settings } = plan;
  const { observationSize, actionSize, memorySize, imageSize } = plan.sizes;
  const numGroups = settings.numEnvs / settings.envsPerGroup;
  const count = Math.min(numWorkers, numGroups);
  const data = Array.from({ length: numGroups }, () =>
    rolloutBuffer(settings, observationSize, actionSize, memorySize, imageSize),
  );
  const shares = Array.from({ length: count }, (_, worker) =>
    data.flatMap((_, g) => (g % count === worker ? [g] : [])),
  );
  const started = await Promise.allSettled(
    shares.map((indices) => {
      const buffers = indices.map((index) => data[index]!.buffer as SharedArrayBuffer);
      return startThread({ plan, env, agent, indices, buffers, ...(teacher ? { teacher } : {}) });
    }),
  );
  const threads = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    // threads that live on would keep the process from ending
    await Promise.all(threads.map((thread) => thread.stop()));
    throw failure.reason;
  }
  const ask = <Answer>(requests: readonly WorkerRequest[]) =>
    Promise.all(threads.map((thread, worker) => thread.ask<Answer>(requests[worker]!)));
  return {
    data,
    async collect(acting, collection) {
      const request = { kind: "collect" as const, acting, collection };
      const answers = await ask<EpisodeResult[][]>(threads.map(() => request));
      return inOrder(shares, answers).flat();
    },
    async evaluate(acting, seeds) {
      const batches = evaluationBatches(seeds, settings.envsPerGroup);
      const parts = threads.map((_, worker) => batches.filter((_, k) => k % threads.length === worker));
      const answers = await ask<EvaluationEpisode[][]>(
        parts.map((own) => ({ kind: "evaluate", acting, batches: own })),
      );
      const places = threads.map((_, worker) =>
        batches.flatMap((_, k) => (k % threads.length === worker ? [k] : [])),
      );
      return inOrder(places, answers).flat();
    },
    async snapshot() {
      return inOrder(shares, await ask<RolloutGroupSnapshot[]>(threads.map(() => ({ kind: "snapshot" }))));
    },
    async restore(snapshots) {
      await ask(shares.map((own) => ({ kind: "restore", snapshots: own.map((index) => snapshots[index]!) })));
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

function inOrder<Part>(places: readonly (readonly number[])[], parts: readonly (readonly Part[])[]): Part[] {
  const result: Part[] = [];
  for (const [worker, own] of places.entries()) {
    for (const [k, place] of own.entries()) result[place] = parts[worker]![k]!;
  }
  return result;
}

async function startThread(setup: WorkerSetup) {
  const worker = new Worker(new URL("./rollout-worker.js", import.meta.url), { workerData: setup });
  let settle: { resolve(value: unknown): void; reject(error: Error): void } | undefined;
  const next = () => new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
  const { id } = setup.env;
  // a thread may end between two requests, too: the next one is then refused by what ended it
  let end: UsageError | undefined;
  const fail = (message: string) => {
    end ??= new UsageError(`${id}: ${message}`);
    settle?.reject(end);
  };
  worker.on("message", (reply: WorkerReply) => {
    if ("ended" in reply)
      fail(`${reply.ended} ended a rollout worker. Let the environment throw an error instead.`);
    else if ("error" in reply)
      settle?.reject(reply.isUsageError ? new UsageError(reply.error) : new Error(reply.error));
    else settle?.resolve(reply.result);
  });
  // what is thrown outside of a call, in a timer for example, or memory that ran out
  worker.on("error", (error) =>
    fail(`a rollout worker failed: ${error instanceof Error ? error.message : String(error)}.`),
  );
  worker.on("exit", (code) => fail(`a rollout worker ended with code ${code} in the middle of its work.`));
  await next();
  let last: Promise<unknown> = Promise.resolve();
  return {
    ask<Answer>(request: WorkerRequest): Promise<Answer> {
      if (end) return Promise.reject(end);
      last = next();
      worker.postMessage(request);
      return last as Promise<Answer>;
    },
    /** End the thread once it has answered: onnxruntime aborts the process where a thread ends amid an inference. */
    async stop(): Promise<void> {
      const impatient = new AbortController();
      const patience = setTimeout(STOP_MILLISECONDS, undefined, { signal: impatient.signal });
      await Promise.race([last, patience]).catch(() => {});
      impatient.abort();
      patience.catch(() => {});
      settle = undefined;
      await worker.terminate();
    },
  };
}
