import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../cli/command.js";
import { POLICY_KINDS, untrainedBundle } from "../deploy/untrained-bundle.js";
import { interopTest, runScript } from "./python.js";

interopTest(
  "ONNX's checker, onnxruntime, OpenVINO and OpenCV take exported policies of every kind",
  async () => {
    const parent = temporaryFolder();
    const folders: string[] = [];
    for (const [kind, options] of Object.entries(POLICY_KINDS)) {
      const { bundle } = await untrainedBundle({ ...options, steps: 12 });
      const folder = join(parent, kind.replaceAll(" ", "-"));
      mkdirSync(folder);
      writeFileSync(join(folder, "policy.onnx"), bundle.policyOnnx);
      writeFileSync(join(folder, "policy.json"), bundle.policyJson);
      writeFileSync(join(folder, "vectors.json"), bundle.vectorsJson);
      folders.push(folder);
    }
    expect(runScript("check_onnx.py", folders).match(/: ok$/gm)).toHaveLength(folders.length);
  },
);
