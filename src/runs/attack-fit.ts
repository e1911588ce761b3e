// Attack the predictor of a fit on rows of its data.
import { type AttackedModel, type AttackedRows, compileAttackedModel } from "../attack/attacked-model.js";
import type { Attack } from "../attack/attacks.js";
import {
  corruptionCurve,
  type MaskingCheck,
  maskingChecks,
  type RobustnessCurve,
  robustnessCurve,
} from "../attack/robustness.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import { type Dataset, emptyRows } from "../data/dataset.js";
import { isOfClasses } from "../learn/losses.js";
import { memorySize } from "../model/model.js";
import { type AttackRunOptions, BALL_ATTACKS, defaultStrengths, isCorruption } from "./attack-options.js";
import type { AttackCurve } from "./attack-report.js";
import type { TrainedPredictorRun } from "./open-trained.js";

/** Rows that are attacked at once. */
const BATCH = 100;

/** Attack a fit's model, by its first objective. */
export async function attackFit(
  opened: TrainedPredictorRun,
  names: readonly string[],
  options: AttackRunOptions,
): Promise<{ readonly curves: readonly AttackCurve[]; readonly checks: readonly MaskingCheck[] }> {
  const { model } = opened.trained;
  const { steps, restarts, say = () => {}, seed = 0, signal } = options;
  const engine = await loadEngine(options.engine ?? opened.engine, say);
  const objective = opened.network.objectives[0]!;
  const hasBytes = Object.values(model.inputs).some(({ dtype }) => dtype === "uint8");
  const dataset = options.split === "test" ? await opened.fit.openTest() : (await opened.splits()).validation;
  const count = Math.min(options.rows ?? 200, dataset.size);
  const rows = Math.min(BATCH, count);
  const attacked = await compileAttackedModel({ model, weights: opened.weights, objective, engine, rows });
  try {
    const shared = {
      batches: batchesOf(opened, dataset, { count, rows }),
      shapes: model.inputs,
      seed,
      counted: count,
    };
    const curves = new Map<string, RobustnessCurve>();
    for (const name of names) {
      signal?.throwIfAborted();
      say(`Attacking ${count} rows by ${name}`);
      const strengths = options.strength ?? defaultStrengths(name, hasBytes ? "bytes" : "standardized");
      curves.set(name, await curveBy(attacked, name, { ...shared, strengths, steps, restarts }));
    }
    return { curves: [...curves.values()].map(asAttackCurve), checks: checksOf(opened, curves) };
  } finally {
    await attacked.dispose();
  }
}

interface CurvePlan {
  readonly batches: readonly AttackedRows[];
  readonly shapes: TrainedPredictorRun["trained"]["model"]["inputs"];
  readonly seed: number | string;
  readonly counted: number;
  readonly strengths: readonly number[];
  readonly steps: number | undefined;
  readonly restarts: number | undefined;
}

function curveBy(
  model: AttackedModel,
  name: string,
  { steps = 40, restarts = 1, ...plan }: CurvePlan,
): Promise<RobustnessCurve> {
  if (isCorruption(name)) return corruptionCurve(model, name, plan);
  const times = restarts > 1 ? ` x ${restarts}` : "";
  const made: Readonly<Record<string, readonly [string, (strength: number) => Attack]>> = {
    noise: [`noise${times}`, (strength) => ({ kind: "noise", strength, restarts })],
    fgsm: ["fgsm", (strength) => ({ kind: "fgsm", strength })],
    pgd: [`pgd-${steps}${times}`, (strength) => ({ kind: "pgd", strength, steps, restarts })],
    patch: [`patch-${steps}${times}`, (strength) => ({ kind: "patch", strength, steps, restarts })],
  };
  const [title, attackAt] = made[name]!;
  return robustnessCurve(model, title, { ...plan, attackAt });
}

/** Rows spread evenly over a data set, in minibatches; the last row fills the last of them. */
function batchesOf(
  { trained: { model }, network }: TrainedPredictorRun,
  dataset: Dataset,
  { count, rows }: { readonly count: number; readonly rows: number },
): AttackedRows[] {
  const objective = network.objectives[0]!;
  const used = [...Object.keys(model.inputs), objective.target];
  const fields = Object.fromEntries(used.map((name) => [name, dataset.fields[name]!]));
  return Array.from({ length: Math.ceil(count / rows) }, (_, k) => {
    const indices = Int32Array.from({ length: rows }, (_, row) => {
      const chosen = Math.min(k * rows + row, count - 1);
      return Math.floor((chosen * dataset.size) / count);
    });
    const batch = emptyRows(fields, rows);
    dataset.take(indices, batch);
    const inputs = Object.keys(model.inputs).map((name) => {
      const values = batch[name]!;
      return [name, values instanceof Int32Array ? values : Float32Array.from(values)] as const;
    });
    const memory = model.memory ? { memory: new Float32Array(rows * memorySize(model)) } : {};
    const target = batch[objective.target]!;
    return {
      inputs: { ...Object.fromEntries(inputs), ...memory },
      target: isOfClasses(objective.loss) ? Int32Array.from(target) : Float32Array.from(target),
    };
  });
}

function checksOf(
  { trained: { model }, network }: TrainedPredictorRun,
  curves: ReadonlyMap<string, RobustnessCurve>,
): readonly MaskingCheck[] {
  const { output, loss } = network.objectives[0]!;
  const balls = BALL_ATTACKS.flatMap((name) => curves.get(name) ?? []);
  if (!isOfClasses(loss) || !balls.some(({ name }) => !name.startsWith("noise"))) return [];
  return maskingChecks(balls, 1 / model.outputs[output]!.shape.at(-1)!);
}

function asAttackCurve({ name, points }: RobustnessCurve): AttackCurve {
  return {
    name,
    points: points.map(({ strength, rows, loss, accuracy, interval }) => ({
      strength,
      count: rows,
      ...(accuracy === undefined ? {} : { share: accuracy }),
      ...(interval ? { interval } : {}),
      loss,
    })),
  };
}
