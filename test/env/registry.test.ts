import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { findEnv } from "../../src/env/registry.js";

test("an environment that runs in Python is refused where there is none, as in a page", () => {
  expect(() => findEnv(envs, "gym:Reacher-v5")).toThrow(
    "gym:Reacher-v5 is an environment of Python's Gymnasium and runs in Python: it can be trained and evaluated in Node, and neither be run in a page nor continued live.",
  );
});

test("an id that is mistyped is answered by the nearest one", () => {
  expect(() => findEnv(envs, "Raech-v1")).toThrow(
    'Unknown env "Raech-v1". Did you mean "Reach-v1"? Run "armgym list".',
  );
});
