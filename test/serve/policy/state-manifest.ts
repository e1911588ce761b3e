// What a policy says of itself, as far as the protocols read it: three numbers of its state.
import type { PolicyManifest } from "../../../src/deploy/policy-manifest.js";

export const MANIFEST = {
  format: "armgym-policy",
  formatVersion: 1,
  armgymVersion: "0.1.0",
  env: "Test-v1",
  observation: ["a", "b", "c"].map((name, index) => ({
    index,
    name,
    unit: "m",
    low: -1,
    high: 1,
    group: "all",
  })),
} as unknown as PolicyManifest;
