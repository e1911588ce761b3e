// A box that moves freely, carried by a cannon-es body.
import { Box, Body as CannonBody, Vec3 as CannonVec3 } from "cannon-es";
import type { Quat } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";

/** What a free box is made of. */
export interface FreeBodyOptions {
  readonly name: string;
  /** Half of the edge lengths, m. */
  readonly halfExtents: Vec3;
  /** kg */
  readonly mass: number;
  /** Coulomb coefficient; of two touching bodies the greater counts. Default: the world's. */
  readonly friction?: number;
}

/** A rigid box in the world; made by `World.addBox`. */
export class FreeBody {
  readonly name: string;
  /** Position in `World.freeBodies`. */
  readonly index: number;
  readonly halfExtents: Vec3;
  /** kg */
  readonly mass: number;
  /** @internal the cannon-es body that is integrated */
  readonly body: CannonBody;

  constructor(index: number, options: FreeBodyOptions) {
    const { name, halfExtents, mass } = options;
    this.name = name;
    this.index = index;
    this.halfExtents = halfExtents;
    this.mass = mass;
    this.body = new CannonBody({ mass, shape: new Box(new CannonVec3(...halfExtents)) });
    this.body.linearDamping = 0;
    this.body.angularDamping = 0;
    // cannon-es derives the inertia from the bounding box of the rotated shape; a box's own is exact
    const [x, y, z] = halfExtents;
    this.body.inertia.set(
      (mass / 3) * (y * y + z * z),
      (mass / 3) * (x * x + z * z),
      (mass / 3) * (x * x + y * y),
    );
    this.body.invInertia.set(1 / this.body.inertia.x, 1 / this.body.inertia.y, 1 / this.body.inertia.z);
    this.body.updateInertiaWorld(true);
  }

  /** World position of the centre, m. */
  get position(): Readonly<{ x: number; y: number; z: number }> {
    return this.body.position;
  }

  /** World orientation, a unit quaternion. */
  get quaternion(): Readonly<{ x: number; y: number; z: number; w: number }> {
    return this.body.quaternion;
  }

  /** World velocity of the centre, m/s. */
  get velocity(): Readonly<{ x: number; y: number; z: number }> {
    return this.body.velocity;
  }

  /** World angular velocity, rad/s. */
  get angularVelocity(): Readonly<{ x: number; y: number; z: number }> {
    return this.body.angularVelocity;
  }

  /** Put the body at rest at `position` (m) with `quaternion` (default none); call `World.settle` afterwards. */
  setPose(position: Vec3, quaternion: Quat = [0, 0, 0, 1]): void {
    this.body.position.set(...position);
    this.body.quaternion.set(...quaternion);
    this.body.updateInertiaWorld(true);
    this.setVelocity([0, 0, 0]);
  }

  /** Set the world velocities, m/s and rad/s. */
  setVelocity(linear: Vec3, angular: Vec3 = [0, 0, 0]): void {
    this.body.velocity.set(...linear);
    this.body.angularVelocity.set(...angular);
  }
}
