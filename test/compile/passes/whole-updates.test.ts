// Passes on graphs as they come: minibatches of PPO, forward, backward and Adam.
import { expect, test } from "vitest";
import { ppoLstm } from "../../../agents/ppo-lstm.js";
import { ppoMlp } from "../../../agents/ppo-mlp.js";
import { emitOnnx } from "../../../src/compile/emit/onnx/emit-onnx.js";
import { evaluateBy } from "../../../src/compile/engines/evaluate-graph.js";
import { loadEngine } from "../../../src/compile/engines/load-engine.js";
import { checkGraph } from "../../../src/compile/passes/check-graph.js";
import { foldConstants } from "../../../src/compile/passes/fold-constants.js";
import { keepOutputs } from "../../../src/compile/passes/keep-outputs.js";
import { mergeEqualNodes } from "../../../src/compile/passes/merge-equal-nodes.js";
import { removeDeadCode } from "../../../src/compile/passes/remove-dead-code.js";
import { traceGraph } from "../../../src/compile/trace/trace.js";
import { createRandom } from "../../../src/math/random.js";
import { sizeOf } from "../../../src/math/shape.js";
import { ppoUpdate, ppoUpdateInputs } from "../../../src/rl/ppo/ppo-update.js";

const native = await loadEngine("native");

test.each([
  { agent: ppoMlp, rows: 10, sequences: 10 },
  { agent: ppoLstm, rows: 12, sequences: 3 },
])(
  "every pass leaves whole what the update of $agent.id computes, and itself nothing to do",
  async (drawn) => {
    const { agent, rows, sequences } = drawn;
    const policy = agent.createPolicy(7, 3, { ...agent.settings, hiddenSize: 9 });
    const inputs = ppoUpdateInputs(policy, rows, sequences);
    const traced = checkGraph(traceGraph(ppoUpdate(policy, agent.settings), inputs));
    const random = createRandom(`whole update of ${agent.id}`);
    const arrays = Object.fromEntries(
      traced.inputs.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(0.1, 0.9)),
      ]),
    );
    const run = async (graph: typeof traced) => (await native.load(emitOnnx(graph))).run(arrays);
    const wanted = await run(traced);
    expect(Object.keys(wanted)).toContain("nextParameters");
    const passes = {
      removeDeadCode,
      mergeEqualNodes,
      foldConstants: (graph: typeof traced) => foldConstants(graph, evaluateBy(native)),
    };
    const sizes: Record<string, number> = {};
    for (const [name, pass] of Object.entries(passes)) {
      const rewritten = checkGraph(await pass(traced));
      sizes[name] = rewritten.nodes.length;
      expect(await pass(rewritten), name).toEqual(rewritten);
      for (const [output, values] of Object.entries(await run(rewritten))) {
        for (const [k, value] of values.entries())
          expect(Math.abs(value - wanted[output]![k]!), `${name}: ${output}[${k}]`).toBeLessThan(1e-6);
      }
    }
    // the metrics go through the network once more
    expect(sizes.mergeEqualNodes).toBeLessThan(0.9 * traced.nodes.length);
    const loss = keepOutputs(traced, ["policyLoss"]);
    expect(loss.nodes.length).toBeLessThan(traced.nodes.length / 3);
    expect(await run(checkGraph(loss))).toEqual({ policyLoss: wanted.policyLoss });
  },
);
