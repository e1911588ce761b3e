import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../cli/command.js";
import { POLICY_KINDS, untrainedBundle } from "../deploy/untrained-bundle.js";
import { interopTest, runScript } from "./python.js";

/** Export a policy of every kind; the folders. */
async function exportedPolicies(): Promise<string[]> {
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
  return folders;
}

for (const [program, module, name] of [
  ["checker", "onnx", "ONNX's checker takes exported policies of every kind"],
  ["onnxruntime", "onnxruntime", "onnxruntime in Python repeats exported policies of every kind"],
  ["openvino", "openvino", "OpenVINO repeats exported policies of every kind"],
  ["cv2", "cv2", "OpenCV repeats exported policies of every kind"],
] as const)
  interopTest(name, module, async () => {
    const folders = await exportedPolicies();
    expect(runScript("check_onnx.py", [program, ...folders]).match(/: ok, /g)).toHaveLength(folders.length);
  });
