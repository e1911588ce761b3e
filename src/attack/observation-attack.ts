// Attacks upon what a policy observes and does, step by step: the mean action is moved away from what it was.
import type { Arrays } from "../compile/engines/engine.js";
import { createRandom, type Random } from "../math/random.js";
import type { ModelRunner } from "../model/model-runner.js";
import { type AttackedModel, type AttackedModelOptions, compileAttackedModel } from "./attacked-model.js";

/**
 * What happens to a policy at each step, as plain data. Strengths on observations are in standard deviations of the normaliser (255 for
 * bytes), those on actions in units of the action, which is from -1 to 1.
 */
export type PolicyAttack =
  | {
      /** Uniform noise on what is observed. */
      readonly kind: "noise";
      /** L-infinity radius. */
      readonly strength: number;
    }
  | {
      /** PGD on the square of the distance between the mean action and what it would be, from a random start. */
      readonly kind: "pgd";
      /** L-infinity radius. */
      readonly strength: number;
      /** Default 10. */
      readonly steps?: number;
    }
  | {
      /** Uniform noise on the mean action. */
      readonly kind: "action";
      /** L-infinity radius. */
      readonly strength: number;
    };

/** A policy's runner under attack, for what plays episodes. */
export type AttackedRunner = Pick<ModelRunner, "inputs" | "widthOf" | "reset" | "predict">;

/** Compile a policy's model to be attacked through what it observes; its mean action is what is moved. */
export function compileAttackedPolicy(
  options: Omit<AttackedModelOptions, "objective">,
): Promise<AttackedModel> {
  return compileAttackedModel({ ...options, objective: { output: "mean", target: "mean", loss: "mse" } });
}

/**
 * Return a runner that acts as `runner` does under an attack, and remembers what it observed under it. `model` is the same policy, for
 * as many rows; the same seed gives the same bits.
 */
export function attackedRunner(
  runner: ModelRunner,
  model: AttackedModel,
  attack: PolicyAttack,
  seed: number | string = 0,
): AttackedRunner {
  const random = createRandom(`${seed}/policy-attack/${attack.kind}`);
  return {
    inputs: runner.inputs,
    widthOf: (input) => runner.widthOf(input),
    reset: (row) => runner.reset(row),
    async predict(inputs = runner.inputs) {
      if (attack.strength === 0) return runner.predict(inputs);
      if (attack.kind === "action") {
        const outputs = await runner.predict(inputs);
        const { strength } = attack;
        const mean = Float32Array.from(outputs.mean!, (value) => value + random.uniform(-strength, strength));
        return { ...outputs, mean };
      }
      return runner.predict({
        ...inputs,
        ...(await attackedInputs(runner, model, attack, { inputs, random })),
      });
    },
  };
}

async function attackedInputs(
  runner: ModelRunner,
  model: AttackedModel,
  attack: Extract<PolicyAttack, { readonly kind: "noise" | "pgd" }>,
  { inputs, random }: { readonly inputs: Arrays; readonly random: Random },
): Promise<Arrays> {
  const names = Object.keys(model.ranges);
  const clean = Object.fromEntries(names.map((name) => [name, Float32Array.from(inputs[name]!)]));
  const { strength } = attack;
  let moved: Record<string, Float32Array> = Object.fromEntries(
    names.map((name) => {
      const { reach, low, high } = model.ranges[name]!;
      const noisy = clean[name]!.map((value, k) => {
        const limit = strength * reach[k % reach.length]!;
        return Math.min(high, Math.max(low, value + random.uniform(-limit, limit)));
      });
      return [name, noisy];
    }),
  );
  if (attack.kind === "pgd") {
    const { steps = 10 } = attack;
    const target = (await runner.peek(inputs)).mean as Float32Array;
    const memory = runner.memory ? { memory: runner.memory } : {};
    const rowsOf = (values: Readonly<Record<string, Float32Array>>) => ({
      inputs: { ...inputs, ...memory, ...values } as Record<string, Float32Array>,
      target,
    });
    const free = Object.fromEntries(
      names.map((name) => [name, new Float32Array(clean[name]!.length).fill(1)]),
    );
    const ball = { strength, step: strength * Math.max(0.1, 2.5 / steps), free };
    for (let k = 0; k < steps; k++) moved = await model.ascend(rowsOf(moved), rowsOf(clean), ball);
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      inputs[name] instanceof Uint8Array ? Uint8Array.from(moved[name]!, Math.round) : moved[name]!,
    ]),
  );
}
