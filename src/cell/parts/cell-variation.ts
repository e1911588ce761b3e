// What randomisation changes in a robot cell: its bodies, its arm, and where they start.

import type { DrawnValues } from "../../env/simulation.js";
import { multiplyQuaternions, quaternionFromAxisAngle } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { depthBelow } from "../../physics/bodies/body-shape.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { World } from "../../physics/world.js";
import { gripperLink, type Region, type RobotModel } from "../../robots/models/robot-model.js";
import type { CellPart, CellSnapshot } from "./cell-part.js";

/** Applies the values drawn for an episode to the world; what is not named is as it was built. */
export class CellVariation implements CellPart {
  /** The present values. */
  values: DrawnValues = {};
  /** How many numbers each name takes. */
  readonly counts: Readonly<Record<string, number>>;
  private readonly world: World;
  private readonly workspace: Region;
  private readonly numArmJoints: number;
  private readonly gripperDof: number;
  private readonly stiffness: Float64Array;
  private readonly damping: Float64Array;
  private readonly viscousFriction: Float64Array;
  private readonly gripperEffort: number;

  constructor(world: World, robot: RobotModel) {
    const { armJoints, workspace } = robot;
    const arm = world.articulation!;
    const bodies = world.freeBodies.length;
    const link = gripperLink(robot);
    this.world = world;
    this.workspace = workspace;
    this.numArmJoints = armJoints.length;
    this.gripperDof = link < 0 ? -1 : arm.dofOfLink[link]!;
    this.stiffness = arm.stiffness.slice();
    this.damping = arm.damping.slice();
    this.viscousFriction = arm.viscousFriction.slice();
    this.gripperEffort = arm.effortLimits[this.gripperDof] ?? 0;
    this.counts = {
      objectMass: bodies,
      objectSize: bodies,
      objectPosition: 2 * bodies,
      objectYaw: bodies,
      toolStart: 3,
      friction: 1,
      gripperForce: this.gripperDof < 0 ? 0 : 1,
      jointDamping: armJoints.length,
      actuatorGain: armJoints.length,
      controlLatency: 1,
      pushRate: bodies > 0 ? 1 : 0,
      pushImpulse: bodies > 0 ? 1 : 0,
    };
  }

  /** Take the properties of an episode, before anything is placed. */
  vary(values: DrawnValues): void {
    const { world, numArmJoints, gripperDof } = this;
    const arm = world.articulation!;
    this.values = values;
    for (const body of world.freeBodies)
      world.varyBody(body, { size: this.size(body), mass: values.objectMass?.[body.index] ?? 1 });
    world.varyFriction(values.friction?.[0] ?? 1);
    for (let k = 0; k < numArmJoints; k++) {
      const gain = values.actuatorGain?.[k] ?? 1;
      arm.stiffness[k] = gain * this.stiffness[k]!;
      arm.damping[k] = gain * this.damping[k]!;
      arm.viscousFriction[k] = (values.jointDamping?.[k] ?? 1) * this.viscousFriction[k]!;
    }
    if (gripperDof >= 0) arm.effortLimits[gripperDof] = (values.gripperForce?.[0] ?? 1) * this.gripperEffort;
  }

  /** Move the bodies that the task has just placed: aside, turned, and so that their undersides stay where they are. */
  placeBodies(): void {
    const { objectPosition, objectYaw, objectSize } = this.values;
    if (!objectPosition && !objectYaw && !objectSize) return;
    for (const body of this.world.freeBodies) {
      const { position: p, index } = body;
      const size = this.size(body);
      const yaw = quaternionFromAxisAngle([0, 0, 1], objectYaw?.[index] ?? 0);
      const turned = multiplyQuaternions(yaw, body.quaternion);
      const depth = depthBelow(body.shape, body.centreOfMass, turned);
      body.setPose(
        [
          p[0] + (objectPosition?.[2 * index] ?? 0),
          p[1] + (objectPosition?.[2 * index + 1] ?? 0),
          p[2] + (1 - 1 / size) * depth,
        ],
        turned,
      );
    }
  }

  /** Where the tool starts instead of at `position`: moved aside, but not out of the workspace, which ends above the table. */
  toolStart(position: Vec3): Vec3 {
    const { workspace, values } = this;
    const moved = (k: 0 | 1 | 2) => {
      const [low, high] = [Math.min(workspace.low[k], position[k]), Math.max(workspace.high[k], position[k])];
      return Math.max(low, Math.min(high, position[k] + (values.toolStart?.[k] ?? 0)));
    };
    return [moved(0), moved(1), moved(2)];
  }

  snapshot(): Pick<CellSnapshot, "values"> {
    return { values: this.values };
  }

  private size({ index }: FreeBody): number {
    return this.values.objectSize?.[index] ?? 1;
  }
}
