// The minibatches that a predictor learns from: rows, changed by its augmentation, with masks, noise and memory.
import type { Arrays } from "../compile/engines/engine.js";
import { type DataArrays, type Dataset, emptyRows } from "../data/dataset.js";
import { createRandom, type Random, type RandomState } from "../math/random.js";
import { sizeOf } from "../math/shape.js";
import { memorySize } from "../model/model.js";
import { weightArrays } from "../model/model-runner.js";
import { modelWeights } from "../model/trained-model.js";
import { drawDropoutMask } from "../nn/dropout.js";
import type { FitState, FitWeights } from "./fit-state.js";
import type { Minibatches } from "./minibatches.js";
import type { PredictorNetwork } from "./predictor.js";
import { type FitHooks, fieldsUsed } from "./predictor-functions.js";
import { isStart, type RowOrder } from "./row-order.js";

/** What minibatches are made of. */
export interface MinibatchParts {
  readonly network: PredictorNetwork;
  readonly train: Dataset;
  readonly batchSize: number;
  readonly order: RowOrder;
  readonly seed: number | string;
  readonly noise: NonNullable<FitHooks["noise"]>;
  readonly normalizers: FitWeights["normalizers"];
}

type Streams = keyof FitState["random"];

/** Makes minibatches in the order of an epoch, into the same arrays again and again; draws from streams of the seed. */
export class PredictorMinibatches implements Minibatches {
  readonly numBatches: number;
  private readonly parts: MinibatchParts;
  private readonly random: Readonly<Record<Streams, Random>>;
  /** The stream of the order as it was before the epoch under way. */
  private orderBefore: RandomState;
  private readonly batch: DataArrays;
  private readonly feeds: Arrays;
  private readonly rowsBefore: Int32Array;
  private readonly deviations: Readonly<Record<string, Float32Array>>;

  constructor(parts: MinibatchParts) {
    const { network, train, batchSize, order, seed, noise, normalizers } = parts;
    this.parts = parts;
    this.numBatches = order.numBatches;
    const stream = (name: Streams) => createRandom(`${seed}/${name}`);
    this.random = {
      order: stream("order"),
      dropout: stream("dropout"),
      augment: stream("augment"),
      noise: stream("noise"),
    };
    this.orderBefore = this.random.order.state();
    const used = fieldsUsed(network).map((name) => [name, train.fields[name]!] as const);
    this.batch = emptyRows(Object.fromEntries(used), batchSize);
    this.rowsBefore = new Int32Array(batchSize).fill(-1);
    const drawn = [
      ...Object.entries(network.dropout ?? {}).map(([name, { shape }]) => [`mask.${name}`, shape] as const),
      ...Object.entries(noise).map(([name, shape]) => [`noise.${name}`, shape] as const),
    ].map(([name, shape]) => [name, new Float32Array(batchSize * sizeOf(shape))] as const);
    const statistics = statisticsFeeds(normalizers);
    this.deviations = Object.fromEntries(
      Object.keys(normalizers).map((name) => [name, statistics[`scale.${name}`]!.map((scale) => 1 / scale)]),
    );
    this.feeds = {
      ...statistics,
      ...fieldFeeds(this.batch),
      ...Object.fromEntries(drawn),
      ...(network.model.memory ? { memory: new Float32Array(batchSize * memorySize(network.model)) } : {}),
    };
  }

  /** Begin an epoch: draw its order, forget everything. */
  begin(): void {
    this.orderBefore = this.random.order.state();
    this.parts.order.begin(this.random.order);
    this.rowsBefore.fill(-1);
  }

  next(k: number): Arrays {
    const { network, train, batchSize, order } = this.parts;
    const rows = order.rowsOf(k);
    train.take(rows, this.batch);
    network.augment?.(this.batch, batchSize, this.random.augment, this.deviations);
    for (const [name, { rate }] of Object.entries(network.dropout ?? {}))
      drawDropoutMask(this.feeds[`mask.${name}`] as Float32Array, rate, this.random.dropout);
    for (const name of Object.keys(this.parts.noise)) {
      const numbers = this.feeds[`noise.${name}`]!;
      for (let i = 0; i < numbers.length; i++) numbers[i] = this.random.noise.uniform();
    }
    if (this.isStream) this.forgetAtStarts(rows);
    return this.feeds;
  }

  /** Keep what the minibatch that was learned from left in memory. */
  remember(outputs: Arrays): void {
    if (this.isStream) this.feeds.memory = outputs["memory.next"]!;
  }

  /** Return what decides how minibatches go on after `batch` of the epoch under way. */
  state(batch: number): Pick<FitState, "random" | "memory"> {
    const { order, dropout, augment, noise } = this.random;
    return {
      random: {
        order: batch > 0 ? this.orderBefore : order.state(),
        dropout: dropout.state(),
        augment: augment.state(),
        noise: noise.state(),
      },
      ...(this.isStream && batch > 0 ? { memory: (this.feeds.memory as Float32Array).slice() } : {}),
    };
  }

  /** Go on from a state after minibatch `batch` of an epoch. */
  restore({ random, memory, batch }: Pick<FitState, "random" | "memory" | "batch">): void {
    for (const name of Object.keys(this.random) as Streams[]) this.random[name].restore(random[name]);
    if (batch === 0) return;
    this.begin();
    this.rowsBefore.set(this.parts.order.rowsOf(batch - 1));
    if (memory) this.feeds.memory = memory.slice();
  }

  private get isStream(): boolean {
    return this.parts.network.order === "streams";
  }

  private forgetAtStarts(rows: Int32Array): void {
    const { network, train } = this.parts;
    const size = memorySize(network.model);
    for (const [reader, row] of rows.entries())
      if (isStart(train, row, this.rowsBefore[reader]!))
        this.feeds.memory!.fill(0, reader * size, (reader + 1) * size);
    this.rowsBefore.set(rows);
  }
}

/** Name the statistics of inputs as an update takes them. */
export function statisticsFeeds(normalizers: FitWeights["normalizers"]): Record<string, Float32Array> {
  const { parameters: _, ...named } = weightArrays(
    modelWeights({ parameters: new Float32Array(), normalizers }),
  );
  const turned = Object.entries(named).map(([key, values]) => {
    const at = key.lastIndexOf(".");
    return [`${key.slice(at + 1)}.${key.slice(0, at)}`, values] as const;
  });
  return Object.fromEntries(turned);
}

/** Name the fields of rows as an update takes them. */
export function fieldFeeds(batch: DataArrays): Record<string, DataArrays[string]> {
  return Object.fromEntries(Object.entries(batch).map(([name, values]) => [`field.${name}`, values]));
}
