// One PPO update of every kind of network that an agent makes, to run by different engines and compare.
import type * as tf from "@tensorflow/tfjs-core";
import { ppoCnnLstm } from "../../agents/ppo-cnn-lstm.js";
import { ppoLstm } from "../../agents/ppo-lstm.js";
import { ppoMlp } from "../../agents/ppo-mlp.js";
import { envs } from "../../envs/index.js";
import type { Arrays, Engine } from "../../src/compile/engines/engine.js";
import type { TensorFunction, TensorSpecs } from "../../src/compile/trace/trace.js";
import { createRandom } from "../../src/math/random.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { type AgentDefinition, policyFor } from "../../src/rl/policy.js";
import { ppoUpdate, ppoUpdateInputs } from "../../src/rl/ppo/ppo-update.js";

/** A network with the environment that it acts in. */
interface Kind {
  readonly agent: AgentDefinition;
  readonly env: keyof typeof envs;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly envConfig?: Readonly<Record<string, unknown>>;
}

/** One update: its function, and what goes in. */
export interface Update {
  readonly fn: TensorFunction;
  readonly specs: TensorSpecs;
  readonly inputs: Arrays;
}

const SEQUENCES = 8;
const ROWS = 64;
const SIGHT = {
  observationMode: "camera",
  cameras: [
    { name: "front", width: 48, height: 48 },
    { name: "wrist", width: 48, height: 48 },
  ],
};

/** The networks, by name. */
export const NETWORKS: Readonly<Record<string, Kind>> = {
  "ppo-mlp": { agent: ppoMlp, env: "PickPlace-v1" },
  "ppo-lstm": { agent: ppoLstm, env: "RememberGoal-v1" },
  "ppo-lstm, GRU": { agent: ppoLstm, env: "RememberGoal-v1", settings: { memory: "gru" } },
  "ppo-lstm, no memory": { agent: ppoLstm, env: "RememberGoal-v1", settings: { memory: "none" } },
  "ppo-cnn-lstm, patches": { agent: ppoCnnLstm, env: "PickPlace-v1", envConfig: SIGHT },
  "ppo-cnn-lstm, Nature-CNN": {
    agent: ppoCnnLstm,
    env: "PickPlace-v1",
    settings: { encoder: "nature" },
    envConfig: SIGHT,
  },
};

/**
 * Make an early update of a training of that network: fresh parameters, actions drawn from the policy, sequences that begin
 * an episode here and there. `engine` works out how likely those actions are.
 */
export async function earlyUpdate(
  { agent, env, settings, envConfig }: Kind,
  engine: Engine,
): Promise<Update> {
  const all = { ...agent.settings, ...settings };
  const policy = policyFor(agent, envs[env].create(envConfig).spec, all);
  const specs = ppoUpdateInputs(policy, ROWS, SEQUENCES);
  const random = createRandom(`early update of ${agent.id}`);
  const inputs: Arrays = Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => {
      const length = shape.reduce((product, n) => product * n, 1);
      if (dtype === "uint8") return [name, Uint8Array.from({ length }, () => random.integer(256))];
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
  inputs.parameters = initializeParameters(policy.layout, random);
  for (const name of ["firstMoment", "secondMoment", "memory", "step"] as const) inputs[name]?.fill(0);
  inputs.learningRate!.fill(all.learningRate);
  inputs.weights?.fill(1);
  if (inputs.starts) inputs.starts = inputs.starts.map((value) => (value > 1.5 ? 1 : 0));
  const acting = await engine.compile((given) => {
    const { memory, starts } = given;
    const remembered = memory && { memory: memory as tf.Tensor2D, starts: starts as tf.Tensor1D };
    const { mean, logStd } = policy.apply(
      given.parameters as tf.Tensor1D,
      given.observations as tf.Tensor2D,
      remembered,
      given.images as tf.Tensor2D | undefined,
    );
    return { mean, logStd };
  }, specs);
  const { mean, logStd } = await acting.run(inputs);
  await acting.dispose();
  // drawn with the policy's own spread, and a little less or more likely now than they were then, as after some updates
  const width = policy.actionSize;
  inputs.logProbs = inputs.logProbs!.map(() => 0.1 * random.normal());
  inputs.actions = mean!.map((value, k) => {
    const [noise, spread] = [random.normal(), logStd![k % width]!];
    inputs.logProbs![Math.floor(k / width)]! -= noise ** 2 / 2 + spread + Math.log(2 * Math.PI) / 2;
    return value + noise * Math.exp(spread);
  });
  return { fn: ppoUpdate(policy, all), specs, inputs };
}

/**
 * Return, for each output, the greatest difference between `actual` and `expected`: of parameters and moments as a part of the greatest
 * value, of a mean as a part of 1, what its terms are, since those of a policy's loss add up to nearly 0.
 */
export function differences(actual: Arrays, expected: Arrays): Record<string, number> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, values]) => {
      let [most, greatest] = [0, values.length === 1 ? 1 : 0];
      values.forEach((value, k) => {
        most = Math.max(most, Math.abs(value - actual[name]![k]!));
        greatest = Math.max(greatest, Math.abs(value));
      });
      return [name, most / (greatest || 1)];
    }),
  );
}
