// The bits of recorded episodes, as files and as the tables of other programs.
import { describe, expect, test } from "vitest";
import { openGolden } from "./golden.js";
import { fileParts, recordExpert, recordPolicy, tableParts } from "./record.js";
import { machineOf } from "./train-tiny.js";

const golden = openGolden(new URL("recordings.json", import.meta.url));
const SEEDS = [1, 2];

test.each([
  ["PickPlace-v1", "state", false],
  ["Reach-v1", "pictures", true],
] as const)("demonstrations of %s from the %s", async (id, what, seen) => {
  for (const seed of SEEDS) {
    const recorded = recordExpert(id, seed, seen);
    const subject = `demonstrations of ${id} from the ${what}`;
    golden.check(subject, seed, { ...(await fileParts(recorded.joined)), ...(await tableParts(recorded)) });
  }
});

for (const engine of ["wasm", "native"]) {
  const machine = await machineOf(engine);
  describe.runIf(golden.has(machine))(`by the engine ${engine} on ${machine}`, () => {
    test.each([
      ["PickPlace-v1", "ppo-mlp"],
      ["RememberGoal-v1", "ppo-lstm"],
    ] as const)("an episode of %s by %s", async (id, agent) => {
      for (const seed of SEEDS) {
        const recording = await recordPolicy(id, agent, { seed, engine });
        expect(recording.frames.length).toBeGreaterThan(20);
        golden.check(`episode of ${id} by ${agent}`, seed, await fileParts(recording), machine);
      }
    });
  });
}
