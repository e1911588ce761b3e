// A robot cell: an arm with its controller over a table with bodies, fixtures and mechanisms, and goals to be shown.

import type { DrawnValues, JointLimits, Simulation, ToolPoses } from "../env/simulation.js";
import type { Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { Vec3 } from "../math/vector.js";
import type { Fixture } from "../physics/bodies/fixture.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import { World } from "../physics/world.js";
import type { Controller, ControlMode } from "../robots/control/controller.js";
import type { ToolCentrePoint } from "../robots/control/tool-centre-point.js";
import { openFingers, type RobotModel } from "../robots/models/robot-model.js";
import type { ContactPoint } from "../scene/contact-point.js";
import type { Perturbation } from "../scene/perturbation.js";
import type { SceneDescription } from "../scene/scene.js";
import type { CameraSettings } from "../sensors/camera/camera-config.js";
import { camerasOfArms, robotCameras } from "../sensors/camera/robot-cameras.js";
import type { ActionEntry } from "../spaces/action-entry.js";
import { type RobotCellOptions, requireCellOptions } from "./cell-options.js";
import { joinedArticulation, robotsInCell } from "./cell-robots.js";
import { CellArm, OtherArms } from "./parts/arm.js";
import { areaPart, bodyPart, fixturePart, physicsPart, tablePart } from "./parts/bodies.js";
import type { CellPart, CellSnapshot } from "./parts/cell-part.js";
import { CellVariation } from "./parts/cell-variation.js";
import { CellGoal } from "./parts/goal.js";
import { Mechanism, withMechanisms } from "./parts/mechanism.js";
import { perturb } from "./perturb.js";
import { sampleScene } from "./sample-scene.js";

const RATIO_ROUNDING = 1e-9;
/**
 * Steps the arm, or several, their controllers and the boxes of a cell together.
 *
 * It is a list of parts, each of which draws, steps and stores what is its own (`CellPart`); the world moves what they are made of.
 *
 * @example
 * const simulation = new RobotCell({ ...config, boxes: [cube], goal: { radius: 0.025, color: GOAL_COLOR } });
 * const pair = new RobotCell({
 *   ...config,
 *   robots: [
 *     { name: "left", robot: "panda" },
 *     { name: "right", robot: "ur5e", base: { position: [1.1, 0, 0], yaw: Math.PI } },
 *   ],
 * });
 */
export class RobotCell implements Simulation {
  /** Id of the robot; of several: "panda+ur5e". */
  readonly robot: string;
  /** What actions command. */
  readonly controlMode: ControlMode;
  /** Control steps per second. */
  readonly controlRate: number;
  /** Physics steps per second. */
  readonly physicsRate: number;
  /** Joints of each arm with its gripper, then those of the mechanisms. */
  readonly jointNames: readonly string[];
  /** What an action holds, entry by entry. */
  readonly actionEntries: readonly ActionEntry[];
  /** All arms, in the order of the options. */
  readonly arms: readonly CellArm[];
  /** The (first) robot as data. */
  readonly model: RobotModel;
  /** The physics. */
  readonly world: World;
  /** What turns actions into joint commands of the first arm. */
  readonly controller: Controller;
  /** The tool centre point of the first arm: position, rotation and velocity in the world. */
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
  readonly goal: Float64Array;
  /** Deepest overlap of two shapes in the last control step, m; 0 after a reset. */
  deepestPenetration = 0;
  private readonly substeps: number;
  private readonly options: RobotCellOptions;
  private readonly arm: CellArm;
  private readonly variation: CellVariation;
  private readonly goalPart: CellGoal;
  /** In the order in which they are drawn, step and are restored. */
  private readonly parts: readonly CellPart[];
  /** Those that act before each physics step. */
  private readonly driven: readonly CellPart[];

  constructor(options: RobotCellOptions) {
    refuseImpossible(options);
    const { physicsRate, controlRate, solver, mechanisms = [] } = options;
    this.options = options;
    this.controlMode = options.controlMode;
    this.controlRate = controlRate;
    this.physicsRate = physicsRate;
    this.substeps = Math.max(1, Math.round(physicsRate / controlRate));
    const robots = robotsInCell(options.robot, options.robots);
    this.model = robots[0]!.model;
    this.robot = robots.map(({ model }) => model.id).join("+");
    const world = new World({
      timestep: 1 / physicsRate,
      ...solver,
      selfCollision: options.selfCollision ?? true,
      ...(options.contactMargin === undefined ? {} : { contactMargin: options.contactMargin }),
    });
    this.world = world;
    world.addTable(options.table);
    const articulation = world.addArticulation(withMechanisms(joinedArticulation(robots), mechanisms));
    const fixtures = (options.fixtures ?? []).map((made) => ({ made, fixture: world.addFixture(made) }));
    const boxes = (options.boxes ?? []).map((made) => ({ made, body: world.addBox(made) }));
    const objects = (options.objects ?? []).map((made) => ({ made, body: world.addBody(made) }));
    this.fixtures = fixtures.map(({ fixture }) => fixture);
    this.boxes = boxes.map(({ body }) => body);
    this.objects = objects.map(({ body }) => body);
    let firstLink = robots.reduce((sum, { articulation: { links } }) => sum + links.length, 0);
    this.mechanisms = mechanisms.map((made) => {
      const mechanism = new Mechanism(articulation, made, firstLink);
      firstLink += made.links.length;
      return mechanism;
    });
    let firstAction = 0;
    this.arms = robots.map((place) => {
      const arm = new CellArm(place, world, options, { substeps: this.substeps, firstAction });
      firstAction += arm.actionEntries.length;
      return arm;
    });
    const [arm, ...others] = this.arms as [CellArm, ...CellArm[]];
    this.arm = arm;
    this.controller = arm.controller;
    this.actionEntries =
      others.length === 0 ? arm.actionEntries : this.arms.flatMap(({ actionEntries }) => actionEntries);
    this.tcp = arm.tcp;
    this.variation = new CellVariation(world, robots);
    this.goalPart = new CellGoal(this.objects, options.goal);
    this.goal = this.goalPart.position;
    this.jointNames = [...this.arms, ...this.mechanisms].flatMap(({ jointNames }) => jointNames);
    this.parts = [
      this.variation,
      physicsPart(world),
      tablePart(
        robots.map(({ model }) => model),
        options.table,
      ),
      arm,
      ...(others.length === 0 ? [] : [new OtherArms(others)]),
      ...this.mechanisms,
      ...[...boxes, ...objects].map(({ made, body }) => bodyPart(body, made.color)),
      this.goalPart,
      ...(options.areas ?? []).map(areaPart),
      ...fixtures.map(({ made, fixture }) => fixturePart(fixture, made.color)),
    ];
    this.driven = this.parts.filter((part) => part.beforeSubstep);
  }

  /**
   * Return the arm of this name.
   *
   * @throws A RangeError where there is none.
   */
  armCalled(name: string): CellArm {
    const arm = this.arms.find((other) => other.name === name);
    if (!arm)
      throw new RangeError(
        `there is no arm "${name}"; the cell has ${this.arms.map((a) => `"${a.name}"`).join(", ")}`,
      );
    return arm;
  }

  /** Which of `objects` the goal's sphere goes with; -1: it stands at the goal. */
  get marked(): number {
    return this.goalPart.marked;
  }

  set marked(index: number) {
    this.goalPart.marked = index;
  }

  /** Control steps for which actions still count for nothing. */
  get stepsHeld(): number {
    return this.arm.stepsHeld;
  }

  /**
   * Place the arm at rest with the tool at `position` (m), fingers as told, default open; place bodies, fixtures and mechanisms before.
   *
   * Of several arms each has a position in the list. For the first `stepsHeld` control steps (default 0) the arms stay there whatever
   * the actions are.
   *
   * @throws A RangeError where there are not as many positions as arms.
   */
  reset(position: Vec3 | readonly Vec3[], fingers?: number, stepsHeld = 0): void {
    this.variation.placeBodies();
    this.placeArm(position, fingers, stepsHeld);
  }

  /** Let the bodies fall and come to rest for `seconds`, the arm at rest at `position` (m) before and after. */
  resetAndSettle(position: Vec3 | readonly Vec3[], seconds: number): void {
    this.reset(position);
    const steps = Math.round(seconds * this.physicsRate);
    for (let step = 0; step < steps; step++) this.world.step();
    // the bodies stay where they came to rest
    this.placeArm(position);
  }

  sampleScene(random: Random): void {
    sampleScene(this, random);
  }

  /** As `reset`, but bodies, fixtures and mechanisms stay where they are. */
  placeArm(position: Vec3 | readonly Vec3[], fingers?: number, stepsHeld = 0): void {
    const { arms } = this;
    const positions = (typeof position[0] === "number" ? [position] : position) as readonly Vec3[];
    if (positions.length !== arms.length)
      throw new RangeError(`there are ${arms.length} arms, but ${positions.length} positions of their tools`);
    this.deepestPenetration = 0;
    for (const [index, arm] of arms.entries()) {
      const start = this.variation.toolStart(positions[index]!, index);
      arm.stand(start, fingers ?? openFingers(arm.model), stepsHeld);
    }
    this.world.settle();
    for (const { tcp } of arms) tcp.update();
  }

  step(action: Float32Array): void {
    const { parts, driven, world, substeps } = this;
    for (const part of parts) part.beginStep?.(action);
    this.deepestPenetration = 0;
    for (let substep = 1; substep <= substeps; substep++) {
      for (const part of driven) part.beforeSubstep?.();
      world.step();
      if (world.deepestPenetration > this.deepestPenetration)
        this.deepestPenetration = world.deepestPenetration;
    }
    for (const part of parts) part.endStep?.();
  }

  get variable(): Readonly<Record<string, number>> {
    return this.variation.counts;
  }

  vary(values: DrawnValues): void {
    for (const part of this.parts) part.vary?.(values);
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

  /** How far each finger of the first arm is from where they meet, m; 0 without a gripper. */
  get fingerOpening(): number {
    return this.arm.fingerOpening;
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
    this.vary({ ...values, objectMass });
  }

  /**
   * Return the force with which the fingers of the first arm squeezed `body` in the last physics step, N; 0 without a gripper.
   *
   * It is the smaller of what each finger does with its inner face along the way it closes; see `Grip` for the rule.
   */
  gripForce(body: FreeBody): number {
    return this.arm.gripForce(body);
  }

  /**
   * Whether the fingers of the first arm hold `body` between them: they squeeze it with more than 0.5 N, the least force of ManiSkill's
   * `is_grasping`. Pressing on it with closed fingers, with their tips or their backs is no grasp.
   */
  isGrasped(body: FreeBody): boolean {
    return this.arm.isGrasped(body);
  }

  snapshot(): CellSnapshot {
    // each field is that of one part
    return Object.assign({}, ...this.parts.map((part) => part.snapshot?.())) as CellSnapshot;
  }

  restore(snapshot: CellSnapshot): void {
    this.vary(snapshot.values);
    for (const part of this.parts) part.restore?.(snapshot);
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
    return this.arm.toolPoses();
  }

  scene(): SceneDescription {
    return {
      entities: this.parts.flatMap((part) => part.entities?.() ?? []),
      joints: this.parts.flatMap((part) => part.joints?.() ?? []),
      workspaces: this.arms.map(({ model }) => {
        const { low, high } = this.options.workspace ?? model.workspace;
        return { low, high };
      }),
    };
  }

  /** List the robot's own cameras: "front", "side" and "wrist"; of several also each one's wrist, as "left/wrist". */
  cameras(): Readonly<Record<string, CameraSettings>> {
    return this.arm.name === "" ? robotCameras(this.model) : camerasOfArms(this.arms);
  }

  poses(out: Float64Array): void {
    let offset = 0;
    for (const part of this.parts) offset = part.poses?.(out, offset) ?? offset;
  }
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
