// The arm of a cell: its controller, the actions on their way to it, its tool and its grip.
import type { DrawnValues, ToolPoses } from "../../env/simulation.js";
import { quaternionFromRotation } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import type { Articulation } from "../../physics/articulation/articulation.js";
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
import type { RobotCellOptions } from "../cell-options.js";
import { type CellPart, type CellSnapshot, writePose } from "./cell-part.js";
import { LateActions } from "./late-actions.js";
import { writeLinks } from "./mechanism.js";
import { sceneJoints } from "./scene-joints.js";

/** Drives the arm; its joints are part of the world, which steps and stores them. */
export class CellArm implements CellPart {
  /** The robot as data. */
  readonly model: RobotModel;
  /** What turns actions into joint commands. */
  readonly controller: Controller;
  /** The tool centre point. */
  readonly tcp: ToolCentrePoint;
  /** Joints of the arm, then of its gripper. */
  readonly jointNames: readonly string[];
  /** Control steps for which actions still count for nothing. */
  stepsHeld = 0;
  private readonly articulation: Articulation;
  private readonly lateActions: LateActions;
  private readonly grip: Grip | undefined;
  private readonly options: RobotCellOptions;
  private readonly base: BasePose;

  /** `world` holds the arm; `substeps` physics steps make a control step. */
  constructor(model: RobotModel, world: World, options: RobotCellOptions, substeps: number) {
    const { armJoints, gripper } = model;
    const articulation = world.articulation!;
    this.model = model;
    this.base = basePose(model);
    this.options = options;
    this.articulation = articulation;
    this.controller = createController(options.controlMode, model, articulation, options);
    this.tcp = new ToolCentrePoint(model, articulation);
    this.lateActions = new LateActions(this.controller, articulation, armJoints.length, substeps);
    this.grip = gripper && new Grip(model, gripper, world);
    this.jointNames = [...armJoints, ...(gripper ? [gripper.joint] : [])];
  }

  /** Place the arm at rest with the tool at `position` (m); what was commanded before is forgotten. Call `settled` afterwards. */
  place(position: Vec3, fingers: number, stepsHeld: number): void {
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

  /** Return where the tool is and is told to be, and the links that move with it. */
  toolPoses(): ToolPoses {
    const { model, controller, tcp } = this;
    const links = linksOfTool(model).map(linkId);
    const tool = [...tcp.position, ...quaternionFromRotation(tcp.rotation)];
    // joint modes tell no pose
    if (controller.mode.startsWith("joint")) return { tool, links };
    const { commandedTcp, commandedRotation } = controller.snapshot();
    return { tool, commanded: [...commandedTcp, ...quaternionFromRotation(commandedRotation)], links };
  }

  entities(): readonly SceneEntity[] {
    const { base, links } = robotShapes(this.model);
    return [
      { id: ROBOT_BASE, kind: "link", shapes: base },
      ...this.model.articulation.links.map(
        ({ name }, index): SceneEntity => ({ id: linkId(name), kind: "link", shapes: links[index]! }),
      ),
    ];
  }

  /** Its base is fixed to the world. */
  joints(): readonly SceneJoint[] {
    const base = {
      name: `${WORLD}_to_${ROBOT_BASE}`,
      type: "fixed",
      parent: WORLD,
      child: ROBOT_BASE,
    } as const;
    const joined = sceneJoints(linksFromBase(this.model), { base: ROBOT_BASE, idOf: linkId });
    return [{ ...base, ...this.base }, ...joined];
  }

  /** Of its base and its links. */
  poses(out: Float64Array, offset: number): number {
    const { length } = this.model.articulation.links;
    const { position, quaternion } = this.base;
    return writeLinks(this.articulation, 0, length, out, writePose(out, offset, position, quaternion));
  }

  vary({ controlLatency }: DrawnValues): void {
    this.lateActions.latency = Math.round((controlLatency?.[0] ?? 0) * this.options.physicsRate);
  }

  beginStep(action: Float32Array): void {
    // an arm that was never commanded holds its place
    if (this.stepsHeld > 0) this.stepsHeld--;
    else this.lateActions.send(action);
  }

  beforeSubstep(): void {
    this.lateActions.drive();
  }

  endStep(): void {
    this.tcp.update();
  }

  snapshot(): Pick<CellSnapshot, "controller" | "lateActions" | "stepsHeld"> {
    return {
      controller: this.controller.snapshot(),
      lateActions: this.lateActions.snapshot(),
      stepsHeld: this.stepsHeld,
    };
  }

  restore({ controller, lateActions, stepsHeld }: CellSnapshot): void {
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
