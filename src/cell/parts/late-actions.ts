// Control latency: actions that reach the arm some physics steps after they were chosen.
import type { DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { Controller } from "../../robots/control/controller.js";

/** What is on its way, as plain data. */
export interface LateActionsSnapshot {
  /** Actions under way, oldest first, and the physics steps each still takes. */
  readonly actions: readonly Float32Array[];
  readonly waits: readonly number[];
  /** Physics steps since the last action arrived; -1 before the first. */
  readonly phase: number;
}

/** Hands actions to a controller late, and drives it step by step. */
export class LateActions {
  /** Physics steps that an action is under way. */
  latency = 0;
  private actions: Float32Array[] = [];
  private waits: number[] = [];
  private phase = -1;
  private readonly controller: Controller;
  private readonly arm: DrivenArm;
  private readonly numArmJoints: number;
  private readonly substeps: number;

  /** `substeps` physics steps make a control step. */
  constructor(controller: Controller, arm: DrivenArm, numArmJoints: number, substeps: number) {
    this.controller = controller;
    this.arm = arm;
    this.numArmJoints = numArmJoints;
    this.substeps = substeps;
  }

  /** Forget what is under way: an episode starts. */
  clear(): void {
    this.actions = [];
    this.waits = [];
    this.phase = -1;
  }

  /** Send an action; call once per control step. */
  send(action: Float32Array): void {
    this.actions.push(this.latency === 0 ? action : action.slice());
    this.waits.push(this.latency);
  }

  /** Let the controller act for one physics step. */
  drive(): void {
    const { actions, waits, controller } = this;
    if (waits[0] === 0) {
      controller.setAction(actions.shift()!);
      waits.shift();
      this.phase = 0;
    }
    for (let k = 0; k < waits.length; k++) waits[k]!--;
    if (this.phase < 0) this.hold();
    else controller.beforeSubstep(++this.phase, this.substeps);
  }

  snapshot(): LateActionsSnapshot {
    return {
      actions: this.actions.map((action) => action.slice()),
      waits: [...this.waits],
      phase: this.phase,
    };
  }

  restore({ actions, waits, phase }: LateActionsSnapshot): void {
    this.actions = actions.map((action) => action.slice());
    this.waits = [...waits];
    this.phase = phase;
  }

  /** Before anything is commanded the arm stays where it is: its targets are there, and it carries its own weight. */
  private hold(): void {
    const { feedForward, biasForces } = this.arm;
    for (let k = 0; k < this.numArmJoints; k++) feedForward[k] = biasForces[k]!;
  }
}
