import { expect, test } from "vitest";
import { agents } from "../../../agents/index.js";
import { envs } from "../../../envs/index.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { policyFor } from "../../../src/rl/policy.js";
import { resolveSettings } from "../../../src/rl/resolve-settings.js";

test("a rollout of pictures that no memory holds is refused before it is taken", () => {
  const agent = agents["ppo-cnn-lstm"];
  const { spec } = envs["Reach-v1"].create({ observationMode: "camera" });
  const settings = (numSteps: number) =>
    resolveSettings(agent, "Reach-v1", { numSteps, sequenceLength: numSteps });
  // pictures of 64 x 64 x 9 = 36,864 bytes, 32 environments
  expect(() => policyFor(agent, spec, settings(13_000))).not.toThrow();
  expect(() => policyFor(agent, spec, settings(14_000))).toThrow(
    new UsageError(
      'Setting "numSteps" is 14000, which with numEnvs 32 takes 17 GB of memory for a rollout of Reach-v1, expected at most 16. Choose fewer of either, or smaller pictures.',
    ),
  );
});
