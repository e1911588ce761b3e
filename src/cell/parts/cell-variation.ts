// What randomisation changes in a robot cell: its bodies, its arm, and where they start.

import type { DrawnValues } from "../../env/simulation.js";
import { multiplyQuaternions, quaternionFromAxisAngle } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { depthBelow } from "../../physics/bodies/body-shape.js";
import type { FreeBody } from "../../physics/bodies/free-body.js";
import type { World } from "../../physics/world.js";
import { gripperLink } from "../../robots/models/robot-model.js";
import type { RobotInCell } from "../cell-robots.js";
import type { CellPart, CellSnapshot } from "./cell-part.js";

/** Applies the values drawn for an episode to the world; what is not named is as it was built. */
export class CellVariation implements CellPart {
  /** The present values. */
  values: DrawnValues = {};
  /** How many numbers each name takes. */
  readonly counts: Readonly<Record<string, number>>;
  private readonly world: World;
  private readonly robots: readonly RobotInCell[];
  /** Degrees of freedom of the arms, and of their grippers. */
  private readonly armDofs: readonly number[];
  private readonly gripperDofs: readonly number[];
  private readonly stiffness: Float64Array;
  private readonly damping: Float64Array;
  private readonly viscousFriction: Float64Array;
  private readonly effortLimits: Float64Array;

  constructor(world: World, robots: readonly RobotInCell[]) {
    const arm = world.articulation!;
    const bodies = world.freeBodies.length;
    this.world = world;
    this.robots = robots;
    this.armDofs = robots.flatMap(({ model: { armJoints }, firstDof }) =>
      armJoints.map((_, joint) => firstDof + joint),
    );
    this.gripperDofs = robots.flatMap(({ model, firstLink }) => {
      const link = gripperLink(model);
      return link < 0 ? [] : [arm.dofOfLink[firstLink + link]!];
    });
    this.stiffness = arm.stiffness.slice();
    this.damping = arm.damping.slice();
    this.viscousFriction = arm.viscousFriction.slice();
    this.effortLimits = arm.effortLimits.slice();
    this.counts = {
      objectMass: bodies,
      objectSize: bodies,
      objectPosition: 2 * bodies,
      objectYaw: bodies,
      toolStart: 3 * robots.length,
      friction: 1,
      gripperForce: this.gripperDofs.length,
      jointDamping: this.armDofs.length,
      actuatorGain: this.armDofs.length,
      controlLatency: 1,
      pushRate: bodies > 0 ? 1 : 0,
      pushImpulse: bodies > 0 ? 1 : 0,
    };
  }

  /** Take the properties of an episode, before anything is placed. */
  vary(values: DrawnValues): void {
    const { world, armDofs, gripperDofs, effortLimits } = this;
    const arm = world.articulation!;
    this.values = values;
    for (const body of world.freeBodies)
      world.varyBody(body, { size: this.size(body), mass: values.objectMass?.[body.index] ?? 1 });
    world.varyFriction(values.friction?.[0] ?? 1);
    for (const [k, dof] of armDofs.entries()) {
      const gain = values.actuatorGain?.[k] ?? 1;
      arm.stiffness[dof] = gain * this.stiffness[dof]!;
      arm.damping[dof] = gain * this.damping[dof]!;
      arm.viscousFriction[dof] = (values.jointDamping?.[k] ?? 1) * this.viscousFriction[dof]!;
    }
    for (const [k, dof] of gripperDofs.entries())
      arm.effortLimits[dof] = (values.gripperForce?.[k] ?? 1) * effortLimits[dof]!;
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

  /** Where the tool of a robot starts instead of at `position`: moved aside, but not out of its workspace, which ends above the table. */
  toolStart(position: Vec3, robot: number): Vec3 {
    const { robots, values } = this;
    const { workspace } = robots[robot]!.model;
    const moved = (k: 0 | 1 | 2) => {
      const [low, high] = [Math.min(workspace.low[k], position[k]), Math.max(workspace.high[k], position[k])];
      return Math.max(low, Math.min(high, position[k] + (values.toolStart?.[3 * robot + k] ?? 0)));
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
