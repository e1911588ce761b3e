// A robot cell: an arm with its controller over a table with boxes, and goals to be shown.

import type { DrawnValues, JointLimits, Simulation, ToolPoses } from "../env/simulation.js";
import { quaternionFromRotation } from "../math/quaternion.js";
import type { Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { Vec3 } from "../math/vector.js";
import type { Articulation } from "../physics/articulation/articulation.js";
import type { Fixture } from "../physics/bodies/fixture.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import { World } from "../physics/world.js";
import type { WorldSnapshot } from "../physics/world-snapshot.js";
import type { Controller, ControllerSnapshot, ControlMode } from "../robots/control/controller.js";
import { createController } from "../robots/control/create-controller.js";
import { Grip } from "../robots/control/grip.js";
import { ToolCentrePoint } from "../robots/control/tool-centre-point.js";
import { fingerOpening, openFingers, type RobotModel } from "../robots/models/robot-model.js";
import { findRobot } from "../robots/models/robots.js";
import type { ContactPoint } from "../scene/contact-point.js";
import type { Perturbation } from "../scene/perturbation.js";
import type { SceneDescription } from "../scene/scene.js";
import type { CameraSettings } from "../sensors/camera/camera-config.js";
import { robotCameras } from "../sensors/camera/robot-cameras.js";
import type { ActionEntry } from "../spaces/action-entry.js";
import { type RobotCellOptions, requireCellOptions } from "./cell-options.js";
import {
  areaPart,
  armPart,
  bodyPart,
  type CellPart,
  fixturePart,
  goalPart,
  mechanismPart,
  tablePart,
} from "./cell-parts.js";
import { CellVariation } from "./cell-variation.js";
import { LateActions, type LateActionsSnapshot } from "./late-actions.js";
import { Mechanism, withMechanisms } from "./mechanism.js";
import { perturb } from "./perturb.js";
import { sampleScene } from "./sample-scene.js";

interface CellSnapshot {
  readonly world: WorldSnapshot;
  readonly controller: ControllerSnapshot;
  readonly goal: Float64Array;
  readonly lateActions: LateActionsSnapshot;
  /** Values drawn for the episode. */
  readonly values: DrawnValues;
  readonly stepsHeld: number;
  readonly marked: number;
}

const RATIO_ROUNDING = 1e-9;
/** Fingers that squeeze with more hold a body, N. */
const LEAST_GRIP = 0.5;

/**
 * Steps an arm, its controller and the boxes of a cell together.
 *
 * @example
 * const simulation = new RobotCell({ ...config, boxes: [cube], goal: { radius: 0.025, color: GOAL_COLOR } });
 */
export class RobotCell implements Simulation {
  /** Id of the robot. */
  readonly robot: string;
  /** What actions command. */
  readonly controlMode: ControlMode;
  /** Control steps per second. */
  readonly controlRate: number;
  /** Physics steps per second. */
  readonly physicsRate: number;
  /** Joints of the arm, its gripper, then the mechanisms. */
  readonly jointNames: readonly string[];
  /** What an action holds, entry by entry. */
  readonly actionEntries: readonly ActionEntry[];
  /** The robot as data. */
  readonly model: RobotModel;
  /** The physics. */
  readonly world: World;
  /** What turns actions into joint commands. */
  readonly controller: Controller;
  /** The tool centre point: position, rotation and velocity in the world. */
  readonly tcp: ToolCentrePoint;
  /** Free boxes, in the order of the options. */
  readonly boxes: readonly FreeBody[];
  /** Free bodies of other shapes, in the order of the options. */
  readonly objects: readonly FreeBody[];
  /** Jointed things beside the arm, in the order of the options. */
  readonly mechanisms: readonly Mechanism[];
  /** Boxes that only a reset moves, in the order of the options. */
  readonly fixtures: readonly Fixture[];
  /** Where the goal is, m. */
  readonly goal = new Float64Array(3);
  /** Which of `objects` the goal's sphere goes with; -1: it stands at the goal. */
  marked = -1;
  /** Deepest overlap of two shapes in the last control step, m; 0 after a reset. */
  deepestPenetration = 0;
  /** Control steps for which actions still count for nothing. */
  stepsHeld = 0;
  private readonly substeps: number;
  private readonly variation: CellVariation;
  private readonly lateActions: LateActions;
  private readonly options: RobotCellOptions;
  private readonly grip: Grip | undefined;
  /** What is drawn. */
  private readonly parts: readonly CellPart[];

  constructor(options: RobotCellOptions) {
    refuseImpossible(options);
    const { physicsRate, controlRate, solver, mechanisms = [] } = options;
    this.options = options;
    this.controlMode = options.controlMode;
    this.controlRate = controlRate;
    this.physicsRate = physicsRate;
    this.substeps = Math.max(1, Math.round(physicsRate / controlRate));
    this.model = findRobot(options.robot);
    this.robot = this.model.id;
    this.world = new World({
      timestep: 1 / physicsRate,
      ...solver,
      selfCollision: options.selfCollision ?? true,
      ...(options.contactMargin === undefined ? {} : { contactMargin: options.contactMargin }),
    });
    this.world.addTable(options.table);
    const arm = this.world.addArticulation(withMechanisms(this.model.articulation, mechanisms));
    this.fixtures = (options.fixtures ?? []).map((fixture) => this.world.addFixture(fixture));
    this.boxes = (options.boxes ?? []).map((box) => this.world.addBox(box));
    this.objects = (options.objects ?? []).map((object) => this.world.addBody(object));
    this.mechanisms = mechanisms.map((mechanism) => new Mechanism(arm, mechanism));
    this.controller = createController(options.controlMode, this.model, arm, options);
    this.tcp = new ToolCentrePoint(this.model, arm);
    this.variation = new CellVariation(this.world, this.model);
    this.lateActions = new LateActions(this.controller, arm, this.model.armJoints.length, this.substeps);
    this.actionEntries = this.controller.actionEntries;
    const { armJoints, gripper } = this.model;
    this.jointNames = [
      ...armJoints,
      ...(gripper ? [gripper.joint] : []),
      ...mechanisms.flatMap(({ links }) => links.flatMap(({ joint }) => (joint ? [joint.name] : []))),
    ];
    this.grip = gripper && new Grip(this.model, gripper, this.world);
    this.parts = this.drawnParts(arm);
  }

  /**
   * Place the arm at rest with the tool at `position` (m), fingers as told; place bodies, fixtures and mechanisms before.
   *
   * For the first `stepsHeld` control steps (default 0) the arm stays there whatever the actions are.
   */
  reset(position: Vec3, fingers: number = openFingers(this.model), stepsHeld = 0): void {
    this.variation.placeBodies();
    this.placeArm(position, fingers, stepsHeld);
  }

  /** Let the bodies fall and come to rest for `seconds`, the arm at rest at `position` (m) before and after. */
  resetAndSettle(position: Vec3, seconds: number): void {
    this.reset(position);
    const steps = Math.round(seconds * this.physicsRate);
    for (let step = 0; step < steps; step++) this.world.step();
    // the bodies stay where they came to rest
    this.placeArm(position, openFingers(this.model));
  }

  sampleScene(random: Random): void {
    sampleScene(this, random);
  }

  /** As `reset`, but bodies, fixtures and mechanisms stay where they are. */
  placeArm(position: Vec3, fingers: number, stepsHeld = 0): void {
    this.stepsHeld = stepsHeld;
    this.deepestPenetration = 0;
    this.controller.reset(this.variation.toolStart(position), 0, fingers);
    this.lateActions.clear();
    this.world.settle();
    this.tcp.update();
  }

  step(action: Float32Array): void {
    const { lateActions, world, substeps } = this;
    // an arm that was never commanded holds its place
    if (this.stepsHeld > 0) this.stepsHeld--;
    else lateActions.send(action);
    this.deepestPenetration = 0;
    for (let substep = 1; substep <= substeps; substep++) {
      lateActions.drive();
      world.step();
      if (world.deepestPenetration > this.deepestPenetration)
        this.deepestPenetration = world.deepestPenetration;
    }
    world.pull(undefined);
    this.tcp.update();
  }

  get variable(): Readonly<Record<string, number>> {
    return this.variation.counts;
  }

  vary(values: DrawnValues): void {
    this.variation.apply(values);
    this.lateActions.latency = Math.round((values.controlLatency?.[0] ?? 0) * this.physicsRate);
  }

  push(index: number, [x, y]: readonly [number, number]): void {
    const body = this.world.freeBodies[index]!;
    const { velocity: v, angularVelocity: w, mass } = body;
    body.setVelocity([v[0] + x / mass, v[1] + y / mass, v[2]], w);
  }

  perturb(perturbation: Perturbation): void {
    if (perturbation.goal && !this.options.goal) {
      throw new UsageError(
        "The goal of this task follows from its objects and cannot be moved. Pull at them.",
      );
    }
    const { values } = this.variation;
    const changed = perturb(this.world, values, perturbation);
    if (perturbation.goal) this.goal.set(perturbation.goal);
    if (perturbation.mass || perturbation.friction !== undefined) this.vary(changed);
  }

  /** How far each finger is from where they meet, m; 0 without a gripper. */
  get fingerOpening(): number {
    const { gripper, armJoints } = this.model;
    return gripper ? fingerOpening(gripper, this.world.articulation!.jointPositions[armJoints.length]!) : 0;
  }

  /** What every friction coefficient is multiplied by in this episode; 1 where it is not randomised. */
  get frictionFactor(): number {
    return this.variation.values.friction?.[0] ?? 1;
  }

  /** Make `body` `factor` times as heavy as it was built, until that is set again. */
  scaleMass(body: FreeBody, factor: number): void {
    const { values } = this.variation;
    const objectMass = this.world.freeBodies.map(({ index }) => values.objectMass?.[index] ?? 1);
    objectMass[body.index] = factor;
    this.variation.apply({ ...values, objectMass });
  }

  /**
   * Return the force with which the fingers squeezed `body` in the last physics step, N; 0 without a gripper.
   *
   * It is the smaller of what each finger does with its inner face along the way it closes; see `Grip` for the rule.
   */
  gripForce(body: FreeBody): number {
    return this.grip?.force(body) ?? 0;
  }

  /**
   * Whether the fingers hold `body` between them: they squeeze it with more than 0.5 N, the least force of ManiSkill's
   * `is_grasping`. Pressing on it with closed fingers, with their tips or their backs is no grasp.
   */
  isGrasped(body: FreeBody): boolean {
    return this.gripForce(body) > LEAST_GRIP;
  }

  snapshot(): CellSnapshot {
    return {
      world: this.world.snapshot(),
      controller: this.controller.snapshot(),
      goal: this.goal.slice(),
      lateActions: this.lateActions.snapshot(),
      values: this.variation.values,
      stepsHeld: this.stepsHeld,
      marked: this.marked,
    };
  }

  restore(snapshot: CellSnapshot): void {
    this.vary(snapshot.values);
    this.lateActions.restore(snapshot.lateActions);
    this.world.restore(snapshot.world);
    this.controller.restore(snapshot.controller);
    this.goal.set(snapshot.goal);
    this.stepsHeld = snapshot.stepsHeld;
    this.marked = snapshot.marked;
    this.tcp.update();
  }

  contacts(): ContactPoint[] {
    return this.world.contacts();
  }

  jointPositions(): Float64Array {
    return this.world.articulation!.jointPositions.slice();
  }

  jointLimits(): readonly JointLimits[] {
    const { lowerLimits, upperLimits } = this.world.articulation!;
    return Array.from(lowerLimits, (lower, dof) => [lower, upperLimits[dof]!] as const);
  }

  toolPoses(): ToolPoses {
    const { model, controller, controlMode, tcp } = this;
    const links = linksOfTool(model);
    const tool = [...tcp.position, ...quaternionFromRotation(tcp.rotation)];
    // joint modes tell no pose
    if (controlMode.startsWith("joint")) return { tool, links };
    const { commandedTcp, commandedRotation } = controller.snapshot();
    return { tool, commanded: [...commandedTcp, ...quaternionFromRotation(commandedRotation)], links };
  }

  scene(): SceneDescription {
    return { entities: this.parts.flatMap((part) => part.entities()) };
  }

  /** List the robot's own cameras: "front", "side" and "wrist". */
  cameras(): Readonly<Record<string, CameraSettings>> {
    return robotCameras(this.model);
  }

  poses(out: Float64Array): void {
    let offset = 0;
    for (const part of this.parts) offset = part.poses(out, offset);
  }

  /** List what is drawn. */
  private drawnParts(arm: Articulation): CellPart[] {
    const { options, model, boxes, objects, mechanisms, fixtures, goal } = this;
    const colors = [...(options.boxes ?? []), ...(options.objects ?? [])].map(({ color }) => color);
    const goalPlace = () => {
      const marked = objects[this.marked];
      return marked ? marked.position : goal;
    };
    return [
      tablePart(options.table),
      armPart(model, arm),
      ...mechanisms.map((mechanism) => mechanismPart(mechanism, arm)),
      ...[...boxes, ...objects].map((body, index) => bodyPart(body, colors[index]!)),
      ...(options.goal ? [goalPart(options.goal, goalPlace)] : []),
      ...(options.areas ?? []).map(areaPart),
      ...fixtures.map((fixture, index) => fixturePart(fixture, options.fixtures![index]!.color)),
    ];
  }
}

/** The link that holds the tool centre point and all that hang on it. */
function linksOfTool({ tcp, articulation: { links } }: RobotModel): string[] {
  const hand = links.findIndex(({ name }) => name === tcp.link);
  const moved = new Set([hand]);
  for (const [index, { parent }] of links.entries()) if (moved.has(parent)) moved.add(index);
  return [...moved].map((index) => links[index]!.name);
}

function refuseImpossible(options: RobotCellOptions): void {
  requireCellOptions(options);
  const { controlRate, physicsRate } = options;
  if (options.mechanisms && options.selfCollision === false) {
    throw new UsageError(
      "selfCollision is false, expected true: without it the arm passes through the mechanisms beside it.",
    );
  }
  const ratio = physicsRate / controlRate;
  // whole up to rounding: 59.94 / 19.98 is 3 less a bit
  if (ratio < 0.5 || Math.abs(ratio - Math.round(ratio)) > RATIO_ROUNDING * ratio) {
    throw new UsageError(
      `physicsRate is ${physicsRate}, expected a multiple of controlRate (${controlRate}), in Hz.`,
    );
  }
}
