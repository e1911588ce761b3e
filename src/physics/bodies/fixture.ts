// A box that is fixed to the world, and can be put elsewhere between episodes.
import { IDENTITY_QUATERNION, type Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { type ColliderSet, colliderShape } from "../collision/collider-set.js";

/** What a fixture is made of and where it stands. */
export interface FixtureOptions {
  /** Unique in the world. */
  readonly name: string;
  /** Half of the edge lengths, m. */
  readonly halfExtents: Vec3;
  /** Centre, world, m. */
  readonly position: Vec3;
  /** Orientation; default none. */
  readonly quaternion?: Quat;
  /** Coulomb coefficient; default: the world's. */
  readonly friction?: number;
}

/** Numbers of a fixture's `state`. */
export const FIXTURE_STATE_SIZE = 7;

/**
 * A box that nothing moves but `setPose`; made by `World.addFixture`.
 *
 * @example
 * const [wall] = simulation.fixtures;
 */
export class Fixture {
  /** Unique in the world. */
  readonly name: string;
  /** Half the edge lengths, m. */
  readonly halfExtents: Vec3;
  /** @internal its index in the world's colliders */
  readonly collider: number;
  private readonly colliders: ColliderSet;
  private centre: Vec3;
  private turn: Quat;

  constructor(options: FixtureOptions, colliders: ColliderSet, defaultFriction: number) {
    const { name, halfExtents, position, quaternion = IDENTITY_QUATERNION } = options;
    this.name = name;
    this.halfExtents = halfExtents;
    this.colliders = colliders;
    this.centre = position;
    this.turn = quaternion;
    const shape = colliderShape({ type: "box", halfExtents });
    const { friction = defaultFriction } = options;
    this.collider = colliders.add(shape, { link: -1, free: -1 }, friction, position, quaternion);
  }

  /** World position of the centre, m. */
  get position(): Vec3 {
    return this.centre;
  }

  /** World orientation, a unit quaternion. */
  get quaternion(): Quat {
    return this.turn;
  }

  /** @internal position 3, quaternion 4 */
  state(): number[] {
    return [...this.centre, ...this.turn];
  }

  /** @internal become what `state` was */
  restore(state: ArrayLike<number>): void {
    const [x, y, z, qx, qy, qz, qw] = Array.from(state);
    this.setPose([x!, y!, z!], [qx!, qy!, qz!, qw!]);
  }

  /** Put it, at rest, at `position` (m) with `quaternion` (default none); call `World.settle` afterwards. */
  setPose(position: Vec3, quaternion: Quat = IDENTITY_QUATERNION): void {
    this.centre = position;
    this.turn = quaternion;
    this.colliders.setFixed(this.collider, position, quaternion);
  }
}
