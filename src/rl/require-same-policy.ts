// Checks that a checkpoint belongs to a policy.

import { firstNotFinite } from "../learn/divergence.js";
import { UsageError } from "../math/usage-error.js";
import { type MemoryPart, memorySize } from "../model/model.js";
import type { Policy } from "./policy.js";

/** A checkpoint's policy. */
export interface PolicyTraits {
  readonly parameters: Float32Array;
  readonly memory?: readonly MemoryPart[];
}

/** Throw a UsageError where `checkpoint` has another memory or another number of parameters than `policy` of `agent`, or some that are not finite. */
export function requireSamePolicy(checkpoint: PolicyTraits, policy: Policy, agent: string): void {
  const way = "Load it into the agent, and with the settings, that trained it.";
  const [theirs, ours] = [describeMemory(checkpoint), describeMemory(policy)];
  if (theirs !== ours)
    throw new UsageError(`The checkpoint's policy ${theirs}, that of agent "${agent}" ${ours}. ${way}`);
  const [count, total] = [checkpoint.parameters.length, policy.layout.total];
  if (count !== total)
    throw new UsageError(
      `The checkpoint's policy has ${count} parameters, that of agent "${agent}" has ${total}. ${way}`,
    );
  const bad = firstNotFinite(checkpoint.parameters);
  if (bad < 0) return;
  throw new UsageError(
    `The checkpoint's parameter ${bad} is ${checkpoint.parameters[bad]}: its training had diverged. Take an earlier checkpoint, or train again with a lower learningRate.`,
  );
}

function describeMemory({ memory }: { readonly memory?: readonly MemoryPart[] }): string {
  if (!memory) return "has no memory";
  const parts = memory.map(({ name, size }) => `${name} ${size}`).join(", ");
  return `remembers ${memorySize({ memory })} numbers (${parts})`;
}
