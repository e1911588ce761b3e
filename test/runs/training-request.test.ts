import { expect, test } from "vitest";
import { createRunFolder } from "../../src/runs/training-request.js";
import { temporaryFolder } from "../cli/command.js";

async function saidOf(env: string, more: { readonly teacher?: string } = {}): Promise<string[]> {
  const said: string[] = [];
  const out = temporaryFolder();
  const request = {
    env,
    agent: "ppo-mlp",
    seed: 1,
    workers: 1,
    engine: "reference" as const,
    out,
    overrides: {},
  };
  await createRunFolder({ ...request, ...more }, (line) => said.push(line));
  return said;
}

test("who lets PPO alone try what is known to be learned in another way is told which", async () => {
  expect(await saidOf("PegInsert-v1")).toEqual([
    "PegInsert-v1 is not known to be learned from rewards alone. What works: npx armgym train PegInsert-v1 --teacher expert",
  ]);
  expect(await saidOf("Stack-v1")).toEqual([
    "Stack-v1 is not known to be learned from rewards alone. What works: npx armgym demo Stack-v1 --episodes 200 --out demos.mcap, then npx armgym train Stack-v1 --demos demos.mcap",
  ]);
});

test("nothing is said where the known way is taken, or rewards alone will do", async () => {
  expect(await saidOf("PegInsert-v1", { teacher: "expert" })).toEqual([]);
  expect(await saidOf("Push-v1")).toEqual([]);
});
