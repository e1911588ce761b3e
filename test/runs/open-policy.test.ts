import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../src/math/usage-error.js";
import { openPolicy } from "../../src/node.js";
import { temporaryFolder } from "../cli/command.js";
import { POLICY_KINDS, untrainedBundle } from "../deploy/untrained-bundle.js";
import { writeBundle } from "../serve/policy/served.js";

test("a bundle is opened when its policy gives its golden vectors' commands, and refused when it does not", async () => {
  const { bundle, examples } = await untrainedBundle({ ...POLICY_KINDS.lstm!, steps: 5 });
  const folder = writeBundle(temporaryFolder(), "policy", bundle);
  const policy = await openPolicy(folder);
  expect(policy.manifest.env).toBe("RememberGoal-v1");
  // as new: the golden vectors are forgotten
  expect((await policy.command(examples[0]!.obs))[0]).toBeCloseTo(examples[0]!.actions[0]!, 6);
  await policy.dispose();
  const vectors = JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"));
  const { scale } = policy.manifest.action[0]!;
  vectors[4].actions[0] += 0.5 * scale;
  writeFileSync(join(folder, "vectors.json"), JSON.stringify(vectors));
  await expect(openPolicy(folder)).rejects.toThrow(
    new UsageError(
      `The policy of ${folder} answers its golden vectors with a difference of 0.50, allowed is 0.0001. The files do not belong together; export again.`,
    ),
  );
});

test("two of one policy remember each their own episode", async () => {
  const { bundle, examples } = await untrainedBundle({ ...POLICY_KINDS.lstm!, steps: 3 });
  const one = await openPolicy(writeBundle(temporaryFolder(), "policy", bundle));
  const [first, second] = examples;
  const start = await one.command(first!.obs);
  const other = one.fork();
  const next = await one.command(second!.obs);
  expect(await other.command(first!.obs)).toEqual(start);
  expect(await other.command(second!.obs)).toEqual(next);
  await one.dispose();
});

test("a pickle, and whatever else is no run and no bundle, is refused and not read", async () => {
  const folder = temporaryFolder();
  const pickle = join(folder, "policy.pkl");
  writeFileSync(
    pickle,
    Buffer.from("80049512000000000000007d948c057374617465945d94473ff000000000000061732e", "hex"),
  );
  await expect(openPolicy(pickle)).rejects.toThrow(
    new UsageError(
      `${pickle} is a file, expected the folder of a run or of a bundle that "armgym export" made. Pickles and checkpoints of other programs are never loaded: they can hold code.`,
    ),
  );
  const empty = join(folder, "empty");
  mkdirSync(empty);
  await expect(openPolicy(empty)).rejects.toThrow(
    new UsageError(
      `${empty} is neither a run nor a bundle: it has no config.json and no policy.onnx. Give a folder that "armgym train" or "armgym export" made.`,
    ),
  );
  await expect(openPolicy(join(folder, "gone"))).rejects.toThrow(
    `There is no run folder ${join(folder, "gone")}.`,
  );
});
