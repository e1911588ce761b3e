// Export a fit's best model as ONNX with its normaliser inside, and what its inputs, outputs and classes are.
import { basename, join, resolve } from "node:path";
import { emitOnnx } from "../../compile/emit/onnx/emit-onnx.js";
import type { Arrays, CompiledFunction, Engine } from "../../compile/engines/engine.js";
import { evaluateBy } from "../../compile/engines/evaluate-graph.js";
import { loadEngine } from "../../compile/engines/load-engine.js";
import { checkGraph } from "../../compile/passes/check-graph.js";
import { foldConstants } from "../../compile/passes/fold-constants.js";
import { mergeEqualNodes } from "../../compile/passes/merge-equal-nodes.js";
import { traceGraph } from "../../compile/trace/trace.js";
import type { DataField } from "../../data/dataset.js";
import {
  exportedInputs,
  exportedPredictor,
  MEMORY_PORTS,
  probabilitiesOf,
} from "../../learn/exported-predictor.js";
import { isOfClasses } from "../../learn/losses.js";
import type { PredictorNetwork } from "../../learn/predictor.js";
import { createRandom } from "../../math/random.js";
import { sizeOf } from "../../math/shape.js";
import { compileModel } from "../../model/compile-model.js";
import type { ModelWeights } from "../../model/model-runner.js";
import { modelWeights } from "../../model/trained-model.js";
import { VERSION } from "../../version.js";
import { atomicWrite } from "../atomic-write.js";
import type { FitFolder } from "./fit-folder.js";
import { loadBestFit, networkOfFit } from "./fit-model.js";

/** What was written. */
export interface FitExportOutcome {
  /** Absolute path. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Rows that both were given. */
  readonly vectors: number;
  /** Greatest difference between the outputs of the exported and the fitted model over them. */
  readonly difference: number;
}

const VECTORS = 32;
/** Relative to the greatest output of a row. */
const TOLERANCE = 1e-5;

/**
 * Write predictor.onnx, predictor.json and vectors.json of a fit's best model into `out`, and check them by onnxruntime.
 *
 * `say` gets a line where another engine is used.
 */
export async function exportFit(
  folder: FitFolder,
  out: string,
  say: (line: string) => void,
): Promise<FitExportOutcome> {
  const network = await networkOfFit(folder);
  const trained = await loadBestFit(folder, network);
  const weights = modelWeights(trained);
  const engine = await onnxEngine(folder.config.engine, say);
  const traced = traceGraph(exportedPredictor(network, weights), exportedInputs(network));
  const graph = checkGraph(mergeEqualNodes(await foldConstants(traced, evaluateBy(engine))));
  const manifest = manifestOf(folder, network, Number(trained.provenance.epoch));
  const metadata = { armgym_predictor: JSON.stringify(manifest) };
  const onnx = emitOnnx(graph, { metadata, simplified: true });
  const rows = drawnRows(network, weights, folder.config.dataset.fields);
  const { answers, difference } = await compared(onnx, network, weights, { engine, rows });
  atomicWrite(join(out, "predictor.onnx"), onnx);
  atomicWrite(join(out, "predictor.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const vectors = rows.map((inputs, k) => ({ inputs: plain(inputs), outputs: plain(answers[k]!) }));
  atomicWrite(join(out, "vectors.json"), `${JSON.stringify(vectors)}\n`);
  return {
    folder: resolve(out),
    files: ["predictor.onnx", "predictor.json", "vectors.json"],
    vectors: rows.length,
    difference,
  };
}

async function onnxEngine(name: FitFolder["config"]["engine"], say: (line: string) => void): Promise<Engine> {
  const engine = await loadEngine(name, say);
  return engine.name === "native" || engine.name === "wasm" ? engine : loadEngine("native", say);
}

/** What a program that runs the exported model must know. */
function manifestOf({ path, config }: FitFolder, { model, objectives }: PredictorNetwork, epoch: number) {
  const { predictor, data, seed, dataset } = config;
  const fieldOf = (name: string): Partial<DataField> => dataset.fields[name] ?? {};
  const port = (shape: readonly number[], dtype: string, { unit, entries, classes }: Partial<DataField>) => ({
    shape: [1, ...shape],
    dtype,
    ...(unit === undefined ? {} : { unit }),
    ...(entries ? { entries } : {}),
    ...(classes ? { classes } : {}),
  });
  const outputs = Object.entries(model.outputs).flatMap(([name, { shape, entries }]) => {
    const objective = objectives.find(({ output }) => output === name);
    const field = objective ? fieldOf(objective.target) : {};
    const isClasses = objective !== undefined && isOfClasses(objective.loss);
    const described = port(
      shape,
      "float32",
      isClasses ? { classes: field.classes ?? [] } : { ...field, ...(entries ? { entries } : {}) },
    );
    const quantiles = objective?.loss === "quantile" ? { quantiles: objective.quantiles } : {};
    const own = [
      name,
      { ...described, ...quantiles, meaning: isClasses ? "logits" : (objective?.loss ?? "output") },
    ] as const;
    return isClasses
      ? [own, [probabilitiesOf(name), { ...described, meaning: "probabilities" }] as const]
      : [own];
  });
  return {
    format: "armgym-predictor",
    formatVersion: 1,
    armgymVersion: VERSION,
    predictor,
    inputs: Object.fromEntries(
      Object.entries(model.inputs).map(([name, { shape, dtype = "float32" }]) => [
        name,
        port(shape, dtype, fieldOf(name)),
      ]),
    ),
    outputs: Object.fromEntries(outputs),
    ...(model.memory
      ? { memory: { ...MEMORY_PORTS, rule: "0 at the start of a sequence, then what came out" } }
      : {}),
    training: { run: basename(path), data, dataset: dataset.provenance, seed, epoch },
  };
}

/** Inputs as the data may have them: bytes, classes, numbers about the mean and spread of the data. */
function drawnRows(
  { model }: PredictorNetwork,
  { normalizers }: ModelWeights,
  fields: Readonly<Record<string, DataField>>,
): Arrays[] {
  const random = createRandom("export/vectors");
  return Array.from({ length: VECTORS }, () => {
    const inputs = Object.entries(model.inputs).map(([name, { shape, dtype = "float32" }]) => {
      const size = sizeOf(shape);
      const { classes } = fields[name] ?? {};
      if (dtype === "uint8")
        return [name, Uint8Array.from({ length: size }, () => random.integer(256))] as const;
      if (dtype === "int32")
        return [name, Int32Array.from({ length: size }, () => random.integer(classes?.length ?? 2))] as const;
      const { mean, scale } = normalizers[name] ?? {};
      const columns = mean?.length ?? 1;
      const draw = (_: unknown, k: number) =>
        (mean?.[k % columns] ?? 0) + random.normal() / (scale?.[k % columns] || 1);
      return [name, Float32Array.from({ length: size }, draw)] as const;
    });
    return Object.fromEntries<Arrays[string]>(inputs);
  });
}

/** Run both over `rows` in a row; throws an Error where they differ by more than rounding. */
async function compared(
  onnx: Uint8Array,
  network: PredictorNetwork,
  weights: ModelWeights,
  { engine, rows }: { readonly engine: Engine; readonly rows: readonly Arrays[] },
): Promise<{ answers: Arrays[]; difference: number }> {
  const exported = await engine.load(onnx);
  const runner = await compileModel(network.model, engine, { normalized: Object.keys(weights.normalizers) });
  runner.load(weights);
  const answers: Arrays[] = [];
  let difference = 0;
  let memory: Arrays = emptyMemory(exported);
  for (const inputs of rows) {
    const expected = await runner.predict(inputs);
    const got = await exported.run({ ...inputs, ...memory });
    for (const name of Object.keys(network.model.outputs))
      difference = Math.max(difference, relativeDifference(got[name]!, expected[name]!));
    if (network.model.memory) memory = { [MEMORY_PORTS.input]: got[MEMORY_PORTS.output]! };
    answers.push(got);
  }
  await runner.dispose();
  await exported.dispose();
  if (difference <= TOLERANCE) return { answers, difference };
  throw new Error(`the exported model differs from the fitted one by ${difference}, allowed is ${TOLERANCE}`);
}

function emptyMemory({ inputs }: CompiledFunction): Arrays {
  const spec = inputs[MEMORY_PORTS.input];
  return spec ? { [MEMORY_PORTS.input]: new Float32Array(sizeOf(spec.shape)) } : {};
}

function relativeDifference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [greatest, difference] = [1, 0];
  for (let k = 0; k < expected.length; k++) {
    greatest = Math.max(greatest, Math.abs(expected[k]!));
    difference = Math.max(difference, Math.abs(got[k]! - expected[k]!));
  }
  return difference / greatest;
}

function plain(arrays: Arrays): Record<string, number[]> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, [...values]]));
}
