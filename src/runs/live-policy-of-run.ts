// A run's best policy as the document that the viewer's page runs.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { type LivePolicyDocument, livePolicyDocument } from "../deploy/live-policy.js";
import { weightArrays } from "../model/model-runner.js";
import { policyGraphs, policyWeights } from "../rl/policy-model.js";
import { restorePolicy } from "./restored-policy.js";
import { RunFolder } from "./run-folder.js";

const MOST_KEPT = 8;
/** Documents by run, with the time of the checkpoint they were made from. */
const made = new Map<string, { readonly checkpoint: number; readonly document: LivePolicyDocument }>();

/**
 * Trace the best policy of the run at `path`; `modules` are those of the user's own to find its environment in.
 *
 * Throws a UsageError where there is no policy yet, and where the run names a module that may not be loaded.
 */
export async function livePolicyOfRun(
  path: string,
  modules: readonly string[] = [],
): Promise<LivePolicyDocument> {
  const run = RunFolder.open(path, modules);
  const checkpoint = run.hasCheckpoint() ? statSync(join(run.path, "checkpoints")).mtimeMs : 0;
  const known = made.get(run.path);
  if (known?.checkpoint === checkpoint) return known.document;
  const { config } = run;
  const { trained, steps, successRate, network: policy, spec, settings } = await restorePolicy(run);
  const entry = ({ name, unit }: { readonly name: string; readonly unit: string }) => ({ name, unit });
  const document = livePolicyDocument(
    {
      title: basename(run.path),
      env: config.env,
      agent: config.agent,
      robot: spec.robot,
      controlMode: spec.controlMode,
      steps,
      successRate,
      rewardScale: settings.rewardScale,
      observation: spec.observation.map(entry),
      ...(spec.privileged && policy.privilegedSize ? { privileged: spec.privileged.map(entry) } : {}),
      ...(policy.predicts ? { predicts: [...policy.predicts] } : {}),
      ...(policy.image ? { cameras: [...spec.image!.cameras] } : {}),
      action: spec.action.map(entry),
    },
    // parameters stay inputs: as constants they are folded, and the last bits differ from those of the recorder
    policyGraphs(policy),
    weightArrays(policyWeights(trained)),
  );
  made.delete(run.path);
  made.set(run.path, { checkpoint, document });
  // each takes megabytes; the one made first goes
  if (made.size > MOST_KEPT) made.delete(made.keys().next().value!);
  return document;
}
