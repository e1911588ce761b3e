// Policies that are served in the test's own process.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { type ExportedPolicy, loadBundle, type PolicyBundle } from "../../../src/deploy/bundle.js";
import { connectPolicy, type PolicyConnection } from "../../../src/index.js";
import {
  type PolicyServer,
  type ServePolicyOptions,
  servePolicy,
} from "../../../src/serve/policy/policy-server.js";
import { type BundleOptions, POLICY_KINDS, untrainedBundle } from "../../deploy/untrained-bundle.js";

/** A bundle of an untrained policy of a kind, with the commands that it gives over an episode of `steps`. */
export function bundleOfKind(kind: string, steps: number, options: Partial<BundleOptions> = {}) {
  return untrainedBundle({ ...POLICY_KINDS[kind]!, ...options, steps });
}

/** Open a bundle; it is disposed of after the test. */
export async function open(bundle: PolicyBundle): Promise<ExportedPolicy> {
  const policy = await loadBundle(bundle, await loadEngine("native"));
  onTestFinished(() => policy.dispose());
  return policy;
}

/** Serve a policy until the test ends. */
export async function serve(policy: ExportedPolicy, options: ServePolicyOptions = {}): Promise<PolicyServer> {
  const server = await servePolicy(policy, options);
  onTestFinished(() => server.close());
  return server;
}

/** Connect to a server until the test ends. */
export async function connect(server: PolicyServer): Promise<PolicyConnection> {
  const client = await connectPolicy(server.address);
  onTestFinished(() => client.close());
  return client;
}

/** Write a bundle's files into a new folder of `parent` and return its path. */
export function writeBundle(parent: string, name: string, bundle: PolicyBundle): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "policy.onnx"), bundle.policyOnnx);
  writeFileSync(join(folder, "policy.json"), bundle.policyJson);
  writeFileSync(join(folder, "vectors.json"), bundle.vectorsJson);
  return folder;
}
