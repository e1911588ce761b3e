// A rigid body that moves freely, carried by a cannon-es body.
import { Body as CannonBody } from "cannon-es";
import type { Quat } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { type BodyShape, massProperties, scaleShape } from "./body-shape.js";

interface BodyProperties {
  readonly name: string;
  /** kg */
  readonly mass: number;
  /** Coulomb coefficient; of two touching bodies the greater counts. Default: the world's. */
  readonly friction?: number;
  /**
   * Radius of the patch with which the body rests on a single contact, m: its friction resists spinning about the
   * normal by this lever, so that a ball held by two fingers does not turn between them. Default 0.005, for a box 0.
   */
  readonly patchRadius?: number;
  /**
   * Resistance to rolling, m: a body that rolls is braked by this lever times the normal force, as by the deformation of
   * real contacts; of two touching bodies the greater counts. MuJoCo's third friction number. Default 0.
   */
  readonly rollingResistance?: number;
}

/** What a free body is made of. */
export interface FreeBodyOptions extends BodyProperties {
  /** What it is, in its own frame. */
  readonly shape: BodyShape;
}

/** What a free box is made of. */
export interface BoxOptions extends BodyProperties {
  /** Half of the edge lengths, m. */
  readonly halfExtents: Vec3;
}

/** Numbers of a body's `state`. */
export const BODY_STATE_SIZE = 22;

/**
 * A rigid body in the world; made by `World.addBody` and `World.addBox`.
 *
 * @example
 * simulation.boxes[0].setPose([0.5, 0, 0.02]);
 */
export class FreeBody {
  /** Unique in the world. */
  readonly name: string;
  /** Position in `World.freeBodies`. */
  readonly index: number;
  /** @internal the cannon-es body that is integrated */
  readonly body: CannonBody;
  private readonly made: { readonly shape: BodyShape; readonly mass: number };
  private present: {
    readonly shape: BodyShape;
    readonly centreOfMass: Vec3;
    readonly inertia: Float64Array | undefined;
    readonly inverseInertia: Float64Array | undefined;
  };

  constructor(index: number, { name, shape, mass }: FreeBodyOptions) {
    this.name = name;
    this.index = index;
    this.made = { shape, mass };
    this.body = new CannonBody({ mass });
    this.body.linearDamping = 0;
    this.body.angularDamping = 0;
    this.present = this.become(shape, mass);
  }

  get shape(): BodyShape {
    return this.present.shape;
  }

  /** kg */
  get mass(): number {
    return this.body.mass;
  }

  /** Centre of mass in the frame of the shape's points, m; the body's own frame stands there. Zero but for convex shapes. */
  get centreOfMass(): Vec3 {
    return this.present.centreOfMass;
  }

  /** @internal inertia in the body's frame, row-major [9]; undefined where it is the same about all axes */
  get inertia(): Float64Array | undefined {
    return this.present.inertia;
  }

  /** @internal inverse inertia in the body's frame, row-major [9], where its axes are not the principal ones */
  get inverseInertia(): Float64Array | undefined {
    return this.present.inverseInertia;
  }

  /** @internal become `size` times as large and `mass` times as heavy as made; call `World.varyBody` instead */
  vary(size: number, mass: number): void {
    this.present = this.become(scaleShape(this.made.shape, size), mass * this.made.mass);
  }

  private become(shape: BodyShape, mass: number): FreeBody["present"] {
    const { body } = this;
    body.mass = mass;
    body.invMass = 1 / mass;
    // cannon-es derives the inertia from the bounding box of the rotated shape; ours is exact
    const { centre, inertia } = massProperties(shape, mass);
    const [xx, yy, zz, xy, xz, yz] = inertia;
    body.inertia.set(xx, yy, zz);
    body.invInertia.set(1 / xx, 1 / yy, 1 / zz);
    body.updateInertiaWorld(true);
    const inverseInertia = shape.type === "convex" ? invertSymmetric(inertia) : undefined;
    const even = xx === yy && yy === zz && inverseInertia === undefined;
    const tensor = even ? undefined : Float64Array.of(xx, xy, xz, xy, yy, yz, xz, yz, zz);
    return { shape, centreOfMass: centre, inertia: tensor, inverseInertia };
  }

  /** World position of the centre, m; a new array. */
  get position(): Vec3 {
    const { x, y, z } = this.body.position;
    return [x, y, z];
  }

  /** World orientation, a unit quaternion `[x, y, z, w]`; a new array. */
  get quaternion(): Quat {
    const { x, y, z, w } = this.body.quaternion;
    return [x, y, z, w];
  }

  /** World velocity of the centre, m/s; a new array. */
  get velocity(): Vec3 {
    const { x, y, z } = this.body.velocity;
    return [x, y, z];
  }

  /** World angular velocity, rad/s; a new array. */
  get angularVelocity(): Vec3 {
    const { x, y, z } = this.body.angularVelocity;
    return [x, y, z];
  }

  /** @internal position 3, quaternion 4, velocity 3, angular velocity 3, world inverse inertia 9 */
  state(): number[] {
    const { invInertiaWorld } = this.body;
    return [
      ...this.position,
      ...this.quaternion,
      ...this.velocity,
      ...this.angularVelocity,
      ...invInertiaWorld.elements,
    ];
  }

  /** @internal become, bit for bit, what `state` was */
  restore(state: ArrayLike<number>): void {
    const { position, quaternion, velocity, angularVelocity, invInertiaWorld } = this.body;
    position.set(state[0]!, state[1]!, state[2]!);
    quaternion.set(state[3]!, state[4]!, state[5]!, state[6]!);
    velocity.set(state[7]!, state[8]!, state[9]!);
    angularVelocity.set(state[10]!, state[11]!, state[12]!);
    for (let k = 0; k < 9; k++) invInertiaWorld.elements[k] = state[13 + k]!;
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

/** Inverse [9] of a symmetric matrix given as xx, yy, zz, xy, xz, yz. */
function invertSymmetric(m: readonly [number, number, number, number, number, number]): Float64Array {
  const [xx, yy, zz, xy, xz, yz] = m;
  const a = yy * zz - yz * yz;
  const b = xz * yz - xy * zz;
  const c = xy * yz - xz * yy;
  const scale = 1 / (xx * a + xy * b + xz * c);
  const d = xx * zz - xz * xz;
  const e = xy * xz - xx * yz;
  const f = xx * yy - xy * xy;
  return Float64Array.from([a, b, c, b, d, e, c, e, f], (value) => value * scale);
}
