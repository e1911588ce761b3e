// What the threads of a run share besides their work: a flag that cancels evaluations, and counts of steps and working threads.

/** Shared memory of a few counters, as `rolloutControl` makes it. */
export type RolloutControl = Int32Array;

const [CANCELLED, WORKING, STEPS] = [0, 1, 2] as const;

/** Make the counters, in memory that threads share. */
export function rolloutControl(): RolloutControl {
  return new Int32Array(new SharedArrayBuffer(12));
}

/** Cancel all evaluations before their next step. */
export function cancelEvaluation(control: RolloutControl): void {
  Atomics.store(control, CANCELLED, 1);
}

/** Return whether evaluations are cancelled. */
export function isCancelled(control: RolloutControl | undefined): boolean {
  return control !== undefined && Atomics.load(control, CANCELLED) === 1;
}

/** Count one step of some environments. */
export function countStep(control: RolloutControl | undefined): void {
  if (control) Atomics.add(control, STEPS, 1);
}

/** Count this thread as stepping environments during `work`. */
export async function atWork<Result>(
  control: RolloutControl | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!control) return work();
  Atomics.add(control, WORKING, 1);
  try {
    return await work();
  } finally {
    Atomics.sub(control, WORKING, 1);
  }
}

/** Return how many threads are stepping environments, and how many steps were counted so far, modulo 2³². */
export function workSeen(control: RolloutControl): { readonly working: number; readonly steps: number } {
  return { working: Atomics.load(control, WORKING), steps: Atomics.load(control, STEPS) };
}
