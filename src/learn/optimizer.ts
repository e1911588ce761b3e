// Parameters under training, with what the optimiser keeps of them.
import type { Arrays, CompiledFunction } from "../compile/engines/engine.js";
import { requireConverging } from "./divergence.js";

/** State of an optimiser as plain data. */
export interface OptimizerState {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Minibatches learned from so far. */
  readonly updates: number;
  readonly learningRate: number;
}

/** Owns parameters and moves them by compiled updates: functions of `adamInputs` that return what `adamUpdate` does. */
export class Optimizer {
  parameters: Float32Array;
  learningRate: number;
  private firstMoment: Float32Array;
  private secondMoment: Float32Array;
  private updates = 0;

  constructor(parameters: Float32Array, learningRate: number) {
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.firstMoment = new Float32Array(parameters.length);
    this.secondMoment = new Float32Array(parameters.length);
  }

  /**
   * Learn from one minibatch; returns all that the update gives. Throws a DivergedUpdate, and stays as it was, where any
   * loss or parameter is not finite.
   */
  async step(update: CompiledFunction, minibatch: Arrays): Promise<Arrays> {
    const { parameters, firstMoment, secondMoment, updates, learningRate } = this;
    const outputs = await update.run({
      parameters,
      firstMoment,
      secondMoment,
      step: Float32Array.of(updates),
      learningRate: Float32Array.of(learningRate),
      ...minibatch,
    });
    requireConverging(outputs, updates);
    this.parameters = outputs.nextParameters as Float32Array;
    this.firstMoment = outputs.nextFirstMoment as Float32Array;
    this.secondMoment = outputs.nextSecondMoment as Float32Array;
    this.updates++;
    return outputs;
  }

  /** Copy the state to continue from. */
  state(): OptimizerState {
    const { updates, learningRate } = this;
    return {
      parameters: this.parameters.slice(),
      firstMoment: this.firstMoment.slice(),
      secondMoment: this.secondMoment.slice(),
      updates,
      learningRate,
    };
  }

  /** Continue from a state returned by `state`. */
  restore({ parameters, firstMoment, secondMoment, updates, learningRate }: OptimizerState): void {
    this.parameters = parameters.slice();
    this.firstMoment = firstMoment.slice();
    this.secondMoment = secondMoment.slice();
    this.updates = updates;
    this.learningRate = learningRate;
  }
}
