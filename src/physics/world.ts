// The world of a robot cell: one arm, free bodies, fixtures and a table, stepped on cannon-es with our own contact solver.
import { World as CannonWorld } from "cannon-es";
import { IDENTITY_QUATERNION } from "../math/quaternion.js";
import type { ContactPoint } from "../scene/contact-point.js";
import { Articulation } from "./articulation/articulation.js";
import type { ArticulationModel } from "./articulation/articulation-model.js";
import { Fixture, type FixtureOptions } from "./bodies/fixture.js";
import { type BoxOptions, FreeBody, type FreeBodyOptions } from "./bodies/free-body.js";
import { drift } from "./bodies/free-rotation.js";
import { pullBody, type SpringPull } from "./bodies/spring-pull.js";
import { ColliderMotion } from "./collision/collider-motion.js";
import { pairColliders } from "./collision/collider-pairs.js";
import {
  ColliderSet,
  colliderShape,
  HALF_SPACE_SHAPE,
  linkColliderShape,
  rotationMatrix,
} from "./collision/collider-set.js";
import { ContactBuffer } from "./collision/contact-buffer.js";
import { findContacts } from "./collision/narrowphase.js";
import { NearPairs } from "./collision/near-pairs.js";
import { ContactSolver } from "./solver/contact-solver.js";
import { restoreWorld, snapshotWorld, type WorldSnapshot } from "./world-snapshot.js";

/** How a world is stepped. */
export interface WorldOptions {
  /** s, for example 1 / 240 */
  readonly timestep: number;
  /** Most solver sweeps per step; default 20. Up to 200 more follow where contacts would give way grossly. */
  readonly iterations?: number;
  /** Sweeps end when no contact changes its velocity by more than this, m/s; default 1e-5. */
  readonly tolerance?: number;
  /** Acceleration along z, m/s²; default -9.81. */
  readonly gravity?: number;
  /** Coulomb coefficient of everything that does not say its own; default 0.8. */
  readonly friction?: number;
  /** Whether links of the arm that are not neighbours stop each other; default true. */
  readonly selfCollision?: boolean;
  /**
   * Contacts are made while surfaces are still this far apart, m; default 0.0005. Pairs that move further in a step are looked at
   * that far ahead, and stop where they meet.
   */
  readonly contactMargin?: number;
}

/** Everything that is fixed once the first step is taken. */
interface Assembly {
  readonly solver: ContactSolver;
  readonly motion: ColliderMotion;
  readonly near: NearPairs;
}

/**
 * Simulate an arm, free bodies, fixtures and a table. World z is up; SI units.
 *
 * Add everything before the first step. After poses were set by hand call `settle`.
 * A step allocates nothing and depends on nothing but the world's own state: the same calls give the same bits.
 */
export class World {
  readonly timestep: number;
  private readonly contactsFound = new ContactBuffer();
  private readonly cannon: CannonWorld;
  private readonly defaultFriction: number;
  private readonly selfCollision: boolean;
  private readonly colliders: ColliderSet;
  private readonly bodies: FreeBody[] = [];
  private readonly standing: Fixture[] = [];
  private arm: Articulation | undefined;
  private pulled: { readonly body: FreeBody; readonly pull: SpringPull } | undefined;
  private sweepLimit: number;
  private sweepTolerance: number;
  private assembly: Assembly | undefined;
  /** Friction of each collider as it was added, once it has been varied. */
  private addedFriction: readonly number[] | undefined;
  private readonly bodyPosition = new Float64Array(3);
  private readonly bodyRotation = new Float64Array(9);

  constructor(options: WorldOptions) {
    this.timestep = options.timestep;
    this.colliders = new ColliderSet(options.contactMargin);
    this.sweepLimit = options.iterations ?? 20;
    this.sweepTolerance = options.tolerance ?? 1e-5;
    this.defaultFriction = options.friction ?? 0.8;
    this.selfCollision = options.selfCollision ?? true;
    this.cannon = new CannonWorld();
    this.cannon.gravity.set(0, 0, options.gravity ?? -9.81);
  }

  /** Most solver sweeps per step. */
  get iterations(): number {
    return this.sweepLimit;
  }

  set iterations(value: number) {
    this.sweepLimit = value;
    if (this.assembly) this.assembly.solver.iterations = value;
  }

  /** Velocity change below which sweeps end, m/s. */
  get tolerance(): number {
    return this.sweepTolerance;
  }

  set tolerance(value: number) {
    this.sweepTolerance = value;
    if (this.assembly) this.assembly.solver.tolerance = value;
  }

  get articulation(): Articulation | undefined {
    return this.arm;
  }

  get freeBodies(): readonly FreeBody[] {
    return this.bodies;
  }

  get fixtures(): readonly Fixture[] {
    return this.standing;
  }

  /** Deepest that two shapes overlapped when the last step began, m; 0 where none did. */
  get deepestPenetration(): number {
    return this.assemble().solver.deepestPenetration;
  }

  /** @internal contacts of the last step with their forces */
  get contactBuffer(): ContactBuffer {
    this.assembly?.solver.tellForces(this.timestep);
    return this.contactsFound;
  }

  /** @internal the solver, for snapshots and benchmarks */
  get solver(): ContactSolver {
    return this.assemble().solver;
  }

  /** Add a solid half-space whose surface stands at `height` (m, default 0) and faces up. */
  addTable(options: { readonly height?: number; readonly friction?: number } = {}): void {
    const owner = { link: -1, free: -1 };
    const friction = options.friction ?? this.defaultFriction;
    this.colliders.add(HALF_SPACE_SHAPE, owner, friction, [0, 0, options.height ?? 0]);
  }

  /** Add the arm; a world holds one. */
  addArticulation(model: ArticulationModel): Articulation {
    if (this.arm) throw new Error("a world holds one articulation");
    const arm = new Articulation(model, this.cannon.gravity.z);
    this.arm = arm;
    for (const [link, { collision }] of model.links.entries()) {
      const owner = { link, free: -1 };
      for (const shape of collision) {
        const quaternion = (shape.type === "sphere" ? undefined : shape.quaternion) ?? IDENTITY_QUATERNION;
        this.colliders.add(linkColliderShape(shape), owner, this.defaultFriction, shape.position, quaternion);
      }
    }
    return arm;
  }

  /** Add a box at rest at the origin. */
  addBox({ halfExtents, ...options }: BoxOptions): FreeBody {
    return this.addBody({ ...options, shape: { type: "box", halfExtents } });
  }

  /** Add a body at rest at the origin. */
  addBody(options: FreeBodyOptions): FreeBody {
    const body = new FreeBody(this.bodies.length, options);
    this.bodies.push(body);
    this.cannon.addBody(body.body);
    const { shape, friction = this.defaultFriction, rollingResistance } = options;
    const patchRadius = options.patchRadius ?? (shape.type === "box" ? 0 : 0.005);
    const owner = { link: -1, free: body.index };
    const collider = colliderShape(shape, body.centreOfMass);
    const { colliders } = this;
    colliders.add(collider, owner, friction, [0, 0, 0], IDENTITY_QUATERNION, patchRadius, rollingResistance);
    return body;
  }

  /** Add a box that is fixed to the world: a wall, a shelf, a bin's side. */
  addFixture(options: FixtureOptions): Fixture {
    const fixture = new Fixture(options, this.colliders, this.defaultFriction);
    this.standing.push(fixture);
    return fixture;
  }

  /** Make a free body `size` times as large and `mass` times as heavy as it was added; call `settle` afterwards. */
  varyBody(body: FreeBody, { size, mass }: { readonly size: number; readonly mass: number }): void {
    body.vary(size, mass);
    const collider = this.colliders.free.indexOf(body.index);
    this.colliders.resize(collider, colliderShape(body.shape, body.centreOfMass));
  }

  /** Make every friction coefficient `factor` times what it was when its shape was added. */
  varyFriction(factor: number): void {
    const { friction } = this.colliders;
    this.addedFriction ??= [...friction];
    for (const [index, added] of this.addedFriction.entries()) friction[index] = factor * added;
  }

  /** Pull at a free body or at a link of the arm, by its index, until told otherwise; undefined: let go. */
  pull(pull: (SpringPull & ({ readonly body: number } | { readonly link: number })) | undefined): void {
    this.pulled = pull && "body" in pull ? { body: this.bodies[pull.body]!, pull } : undefined;
    if (this.arm) this.arm.pull = pull && "link" in pull ? pull : undefined;
  }

  /** Advance everything by one time step. */
  step(): void {
    const { solver } = this.assemble();
    const { timestep, cannon, bodies } = this;
    this.collide();
    if (this.pulled) pullBody(this.pulled.body, this.pulled.pull, timestep);
    solver.solve(timestep, cannon);
    if (this.arm) {
      this.arm.integrate(timestep);
      this.arm.forwardKinematics();
      this.arm.updateVelocities();
    }
    for (let index = 0; index < bodies.length; index++) drift(bodies[index]!, timestep);
  }

  /** Take poses set by hand as they are: forget the last step's contacts. */
  settle(): void {
    this.assemble().solver.cache.clear();
    this.contactsFound.count = 0;
  }

  /**
   * Return how hard a link of the arm pushed `body` along the unit vector `direction` (world) in the last step, N.
   *
   * Of each contact whose normal makes an angle with `direction` whose cosine is `leastCosine` or more, the normal force
   * counts by its part along `direction`.
   */
  forceAlong(body: FreeBody, link: number, direction: ArrayLike<number>, leastCosine: number): number {
    const { contactBuffer: buffer, colliders } = this;
    const { normal } = buffer;
    let force = 0;
    for (let contact = 0; contact < buffer.count; contact++) {
      const a = buffer.colliderA[contact]!;
      const b = buffer.colliderB[contact]!;
      let sign = 0;
      if (colliders.link[a] === link && colliders.free[b] === body.index) sign = 1;
      else if (colliders.link[b] === link && colliders.free[a] === body.index) sign = -1;
      if (sign === 0) continue;
      const o = 3 * contact;
      const cosine =
        sign * (normal[o]! * direction[0]! + normal[o + 1]! * direction[1]! + normal[o + 2]! * direction[2]!);
      if (cosine >= leastCosine) force += cosine * buffer.normalForce[contact]!;
    }
    return force;
  }

  /** List the contacts of the last step that carry force. */
  contacts(): ContactPoint[] {
    const { normal, pointA, pointB, normalForce, frictionForce, colliderA, colliderB, count } =
      this.contactBuffer;
    const points: ContactPoint[] = [];
    for (let contact = 0; contact < count; contact++) {
      const push = normalForce[contact]!;
      if (push === 0) continue;
      const o = 3 * contact;
      const [nx, ny, nz] = [normal[o]!, normal[o + 1]!, normal[o + 2]!];
      points.push({
        bodyA: this.ownerName(colliderA[contact]!),
        bodyB: this.ownerName(colliderB[contact]!),
        position: [
          (pointA[o]! + pointB[o]!) / 2,
          (pointA[o + 1]! + pointB[o + 1]!) / 2,
          (pointA[o + 2]! + pointB[o + 2]!) / 2,
        ],
        normal: [nx, ny, nz],
        normalForce: push,
        force: [
          nx * push + frictionForce[o]!,
          ny * push + frictionForce[o + 1]!,
          nz * push + frictionForce[o + 2]!,
        ],
      });
    }
    return points;
  }

  /** List the pairs of shapes that overlap where everything stands now, with how deep, m: a pair of links may come several times. */
  overlaps(): { readonly bodyA: string; readonly bodyB: string; readonly depth: number }[] {
    this.collide();
    const { normal, pointA, pointB, colliderA, colliderB, count } = this.contactsFound;
    return Array.from({ length: count }, (_, contact) => {
      const o = 3 * contact;
      const along = (k: number) => (pointA[o + k]! - pointB[o + k]!) * normal[o + k]!;
      const depth = along(0) + along(1) + along(2);
      const [bodyA, bodyB] = [colliderA, colliderB].map((list) => this.ownerName(list[contact]!));
      return { bodyA: bodyA!, bodyB: bodyB!, depth };
    }).filter(({ depth }) => depth > 0);
  }

  /** Copy the whole state as plain data. */
  snapshot(): WorldSnapshot {
    return snapshotWorld(this);
  }

  /** Become, bit for bit, what `snapshot` was; the world must hold the same things. */
  restore(snapshot: WorldSnapshot): void {
    restoreWorld(this, snapshot);
  }

  private ownerName(collider: number): string {
    const link = this.colliders.link[collider]!;
    if (link >= 0) return this.arm!.model.links[link]!.name;
    const free = this.colliders.free[collider]!;
    if (free >= 0) return this.bodies[free]!.name;
    return this.standing.find((fixture) => fixture.collider === collider)?.name ?? "table";
  }

  /** Fix the list of pairs and size the solver, once. */
  private assemble(): Assembly {
    if (this.assembly) return this.assembly;
    const { colliders, arm, bodies } = this;
    const solver = new ContactSolver(colliders, this.contactsFound, bodies, arm);
    solver.iterations = this.sweepLimit;
    solver.tolerance = this.sweepTolerance;
    const motion = new ColliderMotion(colliders, arm, bodies, this.timestep, this.cannon.gravity.z);
    const near = new NearPairs(colliders, pairColliders(colliders, arm, this.selfCollision));
    this.assembly = { solver, motion, near };
    return this.assembly;
  }

  /** Find the contacts of everything where it stands. */
  private collide(): void {
    const { motion, near } = this.assemble();
    this.placeColliders();
    motion.update();
    near.update(motion.reaches);
    findContacts(this.colliders, near, motion, this.contactsFound);
  }

  private placeColliders(): void {
    const { colliders, arm, bodyPosition, bodyRotation } = this;
    for (let c = 0; c < colliders.count; c++) {
      const link = colliders.link[c]!;
      const free = colliders.free[c]!;
      if (link >= 0) {
        colliders.place(c, arm!.linkPositions, 3 * link, arm!.linkRotations, 9 * link);
      } else if (free >= 0) {
        const { position: p, quaternion: q } = this.bodies[free]!.body;
        bodyPosition[0] = p.x;
        bodyPosition[1] = p.y;
        bodyPosition[2] = p.z;
        rotationMatrix(q.x, q.y, q.z, q.w, bodyRotation);
        colliders.place(c, bodyPosition, 0, bodyRotation, 0);
      }
    }
  }
}
