import { expect, test } from "vitest";
import type { RecordingHeader } from "../../../src/recording/recording.js";
import { drawnValues } from "../../../viewer/episodes/drawn-values.js";

const header: RecordingHeader = {
  version: 1,
  env: "PickPlace-v1",
  agent: "ppo-mlp",
  seed: "1",
  policySteps: 0,
  controlRate: 20,
  observationNames: [],
  actionNames: [],
  jointNames: [],
  scene: { entities: [] },
};

test("the viewer tells what was drawn for an episode, by words and two digits", () => {
  const randomization = {
    objectMass: [0.70885],
    jointDamping: [2.103, 0.3862, 2.829],
    controlLatency: [0.013686],
    gripperForce: [],
  };
  expect(drawnValues({ ...header, randomization })).toBe(
    "Randomised: object mass 0.71 · joint damping 0.39 to 2.8 · control latency 0.014",
  );
  expect(drawnValues(header)).toBeUndefined();
});
