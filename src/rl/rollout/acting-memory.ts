// What a policy with memory is given besides observations, step by step.
import type { Arrays, CompiledFunction } from "../../compile/engines/engine.js";

/** Return what `inference` must be given at an episode's start besides observations: an empty memory, or nothing. */
export function emptyMemory({ inputs }: CompiledFunction): Arrays {
  if (!inputs.memory) return {};
  return { memory: new Float32Array(inputs.memory.shape.reduce((product, length) => product * length, 1)) };
}

/** Return what `inference` must be given at the next step besides observations. */
export function nextMemory(outputs: Arrays): Arrays {
  return outputs.nextMemory ? { memory: outputs.nextMemory } : {};
}
