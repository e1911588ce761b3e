// All agents that come with armgym.
import type { AgentDefinition } from "../src/rl/policy.js";
import { ppoMlp } from "./ppo-mlp.js";

/** Agents by id. */
export const agents = { "ppo-mlp": ppoMlp } as const satisfies Readonly<Record<string, AgentDefinition>>;
