// What an iteration's numbers and the parameters after it are like, for histograms.
import type { Policy } from "./policy.js";
import type { RolloutBuffer } from "./rollout/rollout-buffer.js";

/** Numbers of one iteration. */
export interface Distributions {
  /** Actions as they were drawn, before they were clipped, or the teacher's: an array for each entry of an action. */
  readonly actions: readonly Float32Array[];
  /** The critic's values of the observations. */
  readonly values: Float32Array;
  /** What the environments gave. */
  readonly rewards: Float32Array;
  /** The policy's parameters after it, views, by the names of its parts: "actor/0/weight". */
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/** Gather them from the rollouts of an iteration; steps of episodes that the NaN guard dropped are left out. */
export function distributionsOf(
  { layout, actionSize }: Pick<Policy, "layout" | "actionSize">,
  parameters: Float32Array,
  rollouts: readonly RolloutBuffer[],
): Distributions {
  const kept = rollouts.map(({ excluded }) => rowsKept(excluded));
  const total = kept.reduce((sum, rows) => sum + rows.length, 0);
  const gather = (from: (rollout: RolloutBuffer) => Float32Array, columns = 1, column = 0) => {
    const all = new Float32Array(total);
    let to = 0;
    for (const [group, rows] of kept.entries()) {
      const values = from(rollouts[group]!);
      for (const row of rows) all[to++] = values[row * columns + column]!;
    }
    return all;
  };
  let offset = 0;
  const parts = layout.specs.map(({ name }, index) => {
    const start = offset;
    offset += layout.sizes[index]!;
    return [name, parameters.subarray(start, offset)] as const;
  });
  return {
    actions: Array.from({ length: actionSize }, (_, k) => gather(({ actions }) => actions, actionSize, k)),
    values: gather(({ values }) => values),
    rewards: gather(({ rewards }) => rewards),
    parameters: Object.fromEntries(parts),
  };
}

function rowsKept(excluded: Uint8Array): Int32Array {
  const rows = new Int32Array(excluded.length);
  let count = 0;
  for (let row = 0; row < excluded.length; row++) if (excluded[row] === 0) rows[count++] = row;
  return rows.subarray(0, count);
}
