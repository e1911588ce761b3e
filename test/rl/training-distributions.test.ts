import { expect, test } from "vitest";
import { parameterLayout } from "../../src/nn/parameters.js";
import type { Policy } from "../../src/rl/policy.js";
import type { RolloutBuffer } from "../../src/rl/rollout/rollout-buffer.js";
import { distributionsOf } from "../../src/rl/training-distributions.js";

const initialization = { kind: "constant", value: 0 } as const;

/** Rollouts of `values.length` rows, actions of two entries: the row's value and its negative. */
function rollout(values: readonly number[], excluded: readonly number[]): RolloutBuffer {
  const floats = (numbers: readonly number[]) => Float32Array.from(numbers);
  const none = floats([]);
  return {
    ...{ observations: none, logProbs: none, finalValues: none, lastValues: none, memories: none },
    ...{ images: new Uint8Array(), terminated: new Uint8Array(), truncated: new Uint8Array() },
    actions: floats(values.flatMap((value) => [value, -value])),
    rewards: floats(values.map((value) => 10 * value)),
    values: floats(values.map((value) => 100 * value)),
    excluded: Uint8Array.from(excluded),
  };
}

test("actions by entry, values and rewards of all groups, without dropped episodes, and parameters by part", () => {
  const policy: Pick<Policy, "layout" | "actionSize"> = {
    actionSize: 2,
    layout: parameterLayout([
      { name: "actor/0/weight", shape: [2, 1], initialization },
      { name: "log_std", shape: [2], initialization },
      { name: "critic/0/bias", shape: [1], initialization },
    ]),
  };
  const parameters = Float32Array.of(1, 2, -1, -2, 7);
  const rollouts = [rollout([1, 2, 3], [0, 1, 0]), rollout([4, 5], [0, 0])];
  const { actions, values, rewards, parameters: parts } = distributionsOf(policy, parameters, rollouts);
  expect(actions.map((entry) => [...entry])).toEqual([
    [1, 3, 4, 5],
    [-1, -3, -4, -5],
  ]);
  expect([...values]).toEqual([100, 300, 400, 500]);
  expect([...rewards]).toEqual([10, 30, 40, 50]);
  expect(Object.entries(parts).map(([name, part]) => [name, [...part]])).toEqual([
    ["actor/0/weight", [1, 2]],
    ["log_std", [-1, -2]],
    ["critic/0/bias", [7]],
  ]);
});
