// The arm of a cell: its controller, the actions on their way to it, its tool and its grip.
import type { DrawnValues, ToolPoses } from "../../env/simulation.js";
import { quaternionFromRotation } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { ArticulationPart, type DrivenArm } from "../../physics/articulation/articulation-part.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { World } from "../../physics/world.js";
import type { Controller } from "../../robots/control/controller.js";
import { createController } from "../../robots/control/create-controller.js";
import { Grip } from "../../robots/control/grip.js";
import { ToolCentrePoint } from "../../robots/control/tool-centre-point.js";
import { robotShapes } from "../../robots/looks/robot-shapes.js";
import { basePose, linksFromBase } from "../../robots/models/robot-base.js";
import { type BasePose, fingerOpening, type RobotModel } from "../../robots/models/robot-model.js";
import { linkId, ROBOT_BASE, type SceneEntity, type SceneJoint, WORLD } from "../../scene/scene.js";
import type { ActionEntry } from "../../spaces/action-entry.js";
import type { RobotCellOptions } from "../cell-options.js";
import type { RobotInCell } from "../cell-robots.js";
import { type ArmSnapshot, type CellPart, type CellSnapshot, writePose } from "./cell-part.js";
import { LateActions } from "./late-actions.js";
import { writeLinks } from "./mechanism.js";
import { sceneJoints } from "./scene-joints.js";

/** Fingers that squeeze with more hold a body, N. */
const LEAST_GRIP = 0.5;

/**
 * An arm of a cell: what drives it, its tool and its grip. Its joints are part of the world, which steps and stores them.
 *
 * @example
 * const [left, right] = simulation.arms;
 * const away = distance(left.tcp.position, right.tcp.position);
 */
export class CellArm implements CellPart {
  /** Its name in the cell; empty where it is the only one. */
  readonly name: string;
  /** What its actions hold, entry by entry, under the names that they have in the cell. */
  readonly actionEntries: readonly ActionEntry[];
  /** The robot as data, where it stands; names are its own. */
  readonly model: RobotModel;
  /** What turns actions into joint commands. */
  readonly controller: Controller;
  /** The tool centre point. */
  readonly tcp: ToolCentrePoint;
  /** Joints of the arm, then of its gripper. */
  readonly jointNames: readonly string[];
  /** Control steps for which actions still count for nothing. */
  stepsHeld = 0;
  private readonly articulation: DrivenArm;
  private readonly firstAction: number;
  private readonly place: RobotInCell;
  private readonly world: World;
  private readonly lateActions: LateActions;
  private readonly grip: Grip | undefined;
  private readonly options: RobotCellOptions;
  private readonly base: BasePose;

  /** @internal `world` holds the arm at `place`; `substeps` physics steps make a control step; its actions begin at `firstAction`. */
  constructor(
    place: RobotInCell,
    world: World,
    options: RobotCellOptions,
    { substeps, firstAction }: { readonly substeps: number; readonly firstAction: number },
  ) {
    const { name, prefix, model, firstLink, firstDof } = place;
    const { armJoints, gripper } = model;
    const whole = world.articulation!;
    const articulation =
      name === "" ? whole : new ArticulationPart(whole, model.articulation, firstLink, firstDof);
    this.name = name;
    this.firstAction = firstAction;
    this.place = place;
    this.world = world;
    this.model = model;
    this.base = basePose(model);
    this.options = options;
    this.articulation = articulation;
    this.controller = createController(options.controlMode, model, articulation, options);
    this.tcp = new ToolCentrePoint(model, articulation);
    this.lateActions = new LateActions(this.controller, articulation, armJoints.length, substeps);
    this.grip = gripper && new Grip(model, gripper, world, firstLink);
    this.jointNames = [...armJoints, ...(gripper ? [gripper.joint] : [])].map((joint) => prefix + joint);
    this.actionEntries =
      name === ""
        ? this.controller.actionEntries
        : this.controller.actionEntries.map((entry) => ({ ...entry, name: prefix + entry.name }));
  }

  /** Place the arm at rest with the tool at `position` (m); what was commanded before is forgotten. Call `settled` afterwards. */
  stand(position: Vec3, fingers: number, stepsHeld: number): void {
    this.stepsHeld = stepsHeld;
    this.controller.reset(position, 0, fingers);
    this.lateActions.clear();
  }

  /** How far each finger is from where they meet, m; 0 without a gripper. */
  get fingerOpening(): number {
    const { armJoints, gripper } = this.model;
    return gripper ? fingerOpening(gripper, this.articulation.jointPositions[armJoints.length]!) : 0;
  }

  /** Return the force with which the fingers squeezed `body` in the last physics step, N; 0 without a gripper. */
  gripForce(body: FreeBody): number {
    return this.grip?.force(body) ?? 0;
  }

  /** Whether the fingers hold `body` between them; see `RobotCell.isGrasped`. */
  isGrasped(body: FreeBody): boolean {
    return this.gripForce(body) > LEAST_GRIP;
  }

  /** Speeds of its joints, gripper excluded, rad/s. */
  get jointVelocities(): Float64Array {
    return this.articulation.jointVelocities.subarray(0, this.model.armJoints.length);
  }

  /** @internal Return where the tool is and is told to be, and the links that move with it. */
  toolPoses(): ToolPoses {
    const { model, controller, tcp } = this;
    const links = linksOfTool(model).map((link) => linkId(this.place.prefix + link));
    const tool = [...tcp.position, ...quaternionFromRotation(tcp.rotation)];
    // joint modes tell no pose
    if (controller.mode.startsWith("joint")) return { tool, links };
    const { commandedTcp, commandedRotation } = controller.snapshot();
    return { tool, commanded: [...commandedTcp, ...quaternionFromRotation(commandedRotation)], links };
  }

  /** Id of the entity that is its base. */
  private get baseId(): string {
    return this.name === "" ? ROBOT_BASE : linkId(this.name);
  }

  /** @internal */
  entities(): readonly SceneEntity[] {
    const { base, links } = robotShapes(this.model);
    return [
      { id: this.baseId, kind: "link", shapes: base },
      ...this.place.articulation.links.map(
        ({ name }, index): SceneEntity => ({ id: linkId(name), kind: "link", shapes: links[index]! }),
      ),
    ];
  }

  /** @internal Its base is fixed to the world. */
  joints(): readonly SceneJoint[] {
    const { baseId } = this;
    const base = { name: `${WORLD}_to_${baseId}`, type: "fixed", parent: WORLD, child: baseId } as const;
    const named = { ...this.model, articulation: this.place.articulation };
    const joined = sceneJoints(linksFromBase(named), { base: baseId, idOf: linkId });
    return [{ ...base, ...this.base }, ...joined];
  }

  /** @internal Of its base and its links. */
  poses(out: Float64Array, offset: number): number {
    const { length } = this.model.articulation.links;
    const { position, quaternion } = this.base;
    const links = writePose(out, offset, position, quaternion);
    return writeLinks(this.world.articulation!, this.place.firstLink, length, out, links);
  }

  /** @internal */
  vary({ controlLatency }: DrawnValues): void {
    this.lateActions.latency = Math.round((controlLatency?.[0] ?? 0) * this.options.physicsRate);
  }

  /** @internal */
  beginStep(action: Float32Array): void {
    const { firstAction, actionEntries, name } = this;
    // an arm that was never commanded holds its place
    if (this.stepsHeld > 0) this.stepsHeld--;
    else
      this.lateActions.send(
        name === "" ? action : action.slice(firstAction, firstAction + actionEntries.length),
      );
  }

  /** @internal */
  beforeSubstep(): void {
    this.lateActions.drive();
  }

  /** @internal */
  endStep(): void {
    this.tcp.update();
  }

  /** @internal */
  snapshot(): ArmSnapshot {
    return {
      controller: this.controller.snapshot(),
      lateActions: this.lateActions.snapshot(),
      stepsHeld: this.stepsHeld,
    };
  }

  /** @internal */
  restore({ controller, lateActions, stepsHeld }: ArmSnapshot): void {
    this.lateActions.restore(lateActions);
    this.controller.restore(controller);
    this.stepsHeld = stepsHeld;
    this.tcp.update();
  }
}

/** The link that holds the tool centre point and all that hang on it. */
function linksOfTool({ tcp, articulation: { links } }: RobotModel): string[] {
  const hand = links.findIndex(({ name }) => name === tcp.link);
  const moved = new Set([hand]);
  for (const [index, { parent }] of links.entries()) if (moved.has(parent)) moved.add(index);
  return [...moved].map((index) => links[index]!.name);
}

/** Arms beside the first one, as one part: a snapshot has a list of them. */
export class OtherArms implements CellPart {
  private readonly arms: readonly CellArm[];

  constructor(arms: readonly CellArm[]) {
    this.arms = arms;
  }

  entities(): readonly SceneEntity[] {
    return this.arms.flatMap((arm) => arm.entities());
  }

  joints(): readonly SceneJoint[] {
    return this.arms.flatMap((arm) => arm.joints());
  }

  poses(out: Float64Array, offset: number): number {
    return this.arms.reduce((at, arm) => arm.poses(out, at), offset);
  }

  vary(values: DrawnValues): void {
    for (const arm of this.arms) arm.vary(values);
  }

  beginStep(action: Float32Array): void {
    for (const arm of this.arms) arm.beginStep(action);
  }

  beforeSubstep(): void {
    for (const arm of this.arms) arm.beforeSubstep();
  }

  endStep(): void {
    for (const arm of this.arms) arm.endStep();
  }

  snapshot(): Pick<CellSnapshot, "otherArms"> {
    return { otherArms: this.arms.map((arm) => arm.snapshot()) };
  }

  restore({ otherArms = [] }: CellSnapshot): void {
    for (const [index, arm] of this.arms.entries()) arm.restore(otherArms[index]!);
  }
}
