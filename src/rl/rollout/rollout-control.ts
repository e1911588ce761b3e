// What the threads of a run tell each other besides their work: whether to stop evaluating, who works, and that steps are taken.

/** Shared memory of a few counters, as `rolloutControl` makes it. */
export type RolloutControl = Int32Array;

const [CANCELLED, WORKING, STEPS] = [0, 1, 2] as const;

/** Make the counters, in memory that threads share. */
export function rolloutControl(): RolloutControl {
  return new Int32Array(new SharedArrayBuffer(12));
}

/** Tell everybody who evaluates to stop before the next step. */
export function cancelEvaluation(control: RolloutControl): void {
  Atomics.store(control, CANCELLED, 1);
}

/** Tell whether evaluations are to stop. */
export function isCancelled(control: RolloutControl | undefined): boolean {
  return control !== undefined && Atomics.load(control, CANCELLED) === 1;
}

/** Count one step of some environments. */
export function countStep(control: RolloutControl | undefined): void {
  if (control) Atomics.add(control, STEPS, 1);
}

/** Count as at work with environments while `work` goes on. */
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

/** Tell how many threads are at work with environments, and how many steps were counted so far, modulo 2³². */
export function workSeen(control: RolloutControl): { readonly working: number; readonly steps: number } {
  return { working: Atomics.load(control, WORKING), steps: Atomics.load(control, STEPS) };
}
