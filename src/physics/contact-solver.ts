// Contacts, friction and joint limits solved together against the articulated inertia and the free bodies.
import { Solver as CannonSolver, type World as CannonWorld } from "cannon-es";
import type { Articulation } from "./articulation.js";
import type { ColliderSet } from "./collider-set.js";
import { type ContactBuffer, MAX_CONTACTS } from "./contact-buffer.js";
import type { FreeBody } from "./free-body.js";
import { WarmStartCache } from "./warm-start-cache.js";

/** Penetration left alone, so that resting contacts persist, m. */
const SLOP = 1e-4;
/** Share of the remaining penetration removed per step. */
const ERROR_REDUCTION = 0.2;
/** Fastest removal of penetration, m/s, and of joint limit violation, rad/s or m/s. */
const MAX_CONTACT_RECOVERY = 0.5;
const MAX_LIMIT_RECOVERY = 1;
/** Softness of the normal rows relative to their own inertia: shares load evenly between redundant contacts. */
const REGULARIZATION = 0.01;

/**
 * Projected Gauss-Seidel over one generalised velocity: the arm's, whitened by the Cholesky factor of its mass matrix
 * (z = Lᵀ q̇, so that its inertia is the identity), then six numbers per free body.
 *
 * Each contact has a normal row (speculative while apart) and a friction pair projected onto the disc of radius μλₙ;
 * impulses start from the last step's. Sources: Catto, Iterative Dynamics with Temporal Coherence (2005); Featherstone,
 * Rigid Body Dynamics Algorithms (2008) for the articulated inertia.
 */
export class ContactSolver extends CannonSolver {
  /** Most sweeps per step. */
  iterations = 20;
  /** Sweeps end when no row changes its velocity by more than this, m/s. */
  tolerance = 1e-5;
  /** Sweeps done since the start, for benchmarks. */
  sweeps = 0;
  readonly cache = new WarmStartCache();

  private readonly colliders: ColliderSet;
  private readonly contacts: ContactBuffer;
  private readonly freeBodies: readonly FreeBody[];
  private readonly articulation: Articulation | undefined;
  private readonly dofs: number;
  /** Length of the generalised velocity and of each row. */
  private readonly width: number;
  private readonly velocity: Float64Array;
  /** Rows of the Jacobian, and the same times the inverse inertia. */
  private readonly jacobian: Float64Array;
  private readonly response: Float64Array;
  /** First and last + 1 column in which a row is not zero. */
  private readonly first: Int32Array;
  private readonly end: Int32Array;
  /** Velocity change of a row per unit of its impulse. */
  private readonly inverseMass: Float64Array;
  /** Velocity each row aims at. */
  private readonly bias: Float64Array;
  private readonly impulse: Float64Array;
  private readonly inverseDiagonal: Float64Array;
  private readonly friction = new Float64Array(MAX_CONTACTS);
  /** Two unit tangents of each contact. */
  private readonly tangents = new Float64Array(6 * MAX_CONTACTS);
  private readonly cachePoints = new Float64Array(3 * MAX_CONTACTS);
  private readonly cacheImpulses = new Float64Array(4 * MAX_CONTACTS);
  private readonly oldImpulse = new Float64Array(4);

  constructor(
    colliders: ColliderSet,
    contacts: ContactBuffer,
    freeBodies: readonly FreeBody[],
    articulation: Articulation | undefined,
  ) {
    super();
    this.colliders = colliders;
    this.contacts = contacts;
    this.freeBodies = freeBodies;
    this.articulation = articulation;
    this.dofs = articulation?.numDofs ?? 0;
    this.width = this.dofs + 6 * freeBodies.length;
    const rows = 3 * MAX_CONTACTS + 2 * this.dofs;
    this.velocity = new Float64Array(this.width);
    this.jacobian = new Float64Array(rows * this.width);
    this.response = new Float64Array(rows * this.width);
    this.first = new Int32Array(rows);
    this.end = new Int32Array(rows);
    this.inverseMass = new Float64Array(rows);
    this.bias = new Float64Array(rows);
    this.impulse = new Float64Array(rows);
    this.inverseDiagonal = new Float64Array(this.dofs);
  }

  /** Turn the velocities of the arm and the free bodies into the next ones; returns the sweeps it took. */
  override solve(timestep: number, world: CannonWorld): number {
    this.gatherVelocities(timestep, world);
    for (let contact = 0; contact < this.contacts.count; contact++) this.prepareContact(contact, timestep);
    const limitRows = 3 * this.contacts.count;
    const rows = this.prepareLimits(limitRows, timestep);
    for (let row = 0; row < limitRows; row++) this.apply(row, this.impulse[row]!);
    const sweeps = this.iterate(limitRows, rows);
    this.sweeps += sweeps;
    this.scatterVelocities();
    this.storeForces(timestep);
    return sweeps;
  }

  /** Predict all velocities without contacts. */
  private gatherVelocities(timestep: number, world: CannonWorld): void {
    const { articulation, dofs, velocity, inverseDiagonal } = this;
    if (articulation) {
      articulation.predictVelocities(timestep);
      const { cholesky: L, jointVelocities } = articulation;
      for (let i = 0; i < dofs; i++) {
        inverseDiagonal[i] = 1 / L[i * dofs + i]!;
        let sum = 0;
        for (let k = i; k < dofs; k++) sum += L[k * dofs + i]! * jointVelocities[k]!;
        velocity[i] = sum;
      }
    }
    const { gravity } = world;
    for (let index = 0; index < this.freeBodies.length; index++) {
      const body = this.freeBodies[index]!.body;
      const { velocity: v, angularVelocity: w } = body;
      const o = dofs + 6 * index;
      velocity[o] = v.x + timestep * gravity.x;
      velocity[o + 1] = v.y + timestep * gravity.y;
      velocity[o + 2] = v.z + timestep * gravity.z;
      velocity[o + 3] = w.x;
      velocity[o + 4] = w.y;
      velocity[o + 5] = w.z;
    }
  }

  /** Fill the three rows of a contact and start them from the last step's impulses. */
  private prepareContact(contact: number, timestep: number): void {
    const { contacts, colliders, bias, impulse, tangents, friction, cachePoints, oldImpulse } = this;
    const { normal, pointA, pointB } = contacts;
    const o = 3 * contact;
    const row = 3 * contact;
    const a = contacts.colliderA[contact]!;
    const b = contacts.colliderB[contact]!;
    const nx = normal[o]!;
    const ny = normal[o + 1]!;
    const nz = normal[o + 2]!;
    const gap =
      nx * (pointB[o]! - pointA[o]!) +
      ny * (pointB[o + 1]! - pointA[o + 1]!) +
      nz * (pointB[o + 2]! - pointA[o + 2]!);
    const x = (pointA[o]! + pointB[o]!) / 2;
    const y = (pointA[o + 1]! + pointB[o + 1]!) / 2;
    const z = (pointA[o + 2]! + pointB[o + 2]!) / 2;

    const steep = Math.abs(nx) >= 0.7;
    let tx = steep ? -nz : 0;
    let ty = steep ? 0 : nz;
    let tz = steep ? nx : -ny;
    const scale = 1 / Math.sqrt(tx * tx + ty * ty + tz * tz);
    tx *= scale;
    ty *= scale;
    tz *= scale;
    const ux = ny * tz - nz * ty;
    const uy = nz * tx - nx * tz;
    const uz = nx * ty - ny * tx;
    const t = 6 * contact;
    tangents[t] = tx;
    tangents[t + 1] = ty;
    tangents[t + 2] = tz;
    tangents[t + 3] = ux;
    tangents[t + 4] = uy;
    tangents[t + 5] = uz;
    this.fillRow(row, a, b, x, y, z, nx, ny, nz);
    this.fillRow(row + 1, a, b, x, y, z, tx, ty, tz);
    this.fillRow(row + 2, a, b, x, y, z, ux, uy, uz);

    const penetration = -gap - SLOP;
    bias[row] =
      penetration > 0
        ? Math.min((ERROR_REDUCTION * penetration) / timestep, MAX_CONTACT_RECOVERY)
        : penetration / timestep;
    bias[row + 1] = 0;
    bias[row + 2] = 0;
    friction[contact] = Math.max(colliders.friction[a]!, colliders.friction[b]!);

    // the same contact is known again by its place on the body that moves freely
    const owner = colliders.free[b]! >= 0 ? b : a;
    const { positions: P, rotations: R } = colliders;
    const dx = x - P[3 * owner]!;
    const dy = y - P[3 * owner + 1]!;
    const dz = z - P[3 * owner + 2]!;
    const q = 9 * owner;
    for (let k = 0; k < 3; k++) cachePoints[o + k] = R[q + k]! * dx + R[q + 3 + k]! * dy + R[q + 6 + k]! * dz;
    impulse[row] = 0;
    impulse[row + 1] = 0;
    impulse[row + 2] = 0;
    if (this.cache.take(contacts.pair[contact]!, cachePoints, o, oldImpulse)) {
      const fx = oldImpulse[1]!;
      const fy = oldImpulse[2]!;
      const fz = oldImpulse[3]!;
      impulse[row] = oldImpulse[0]!;
      impulse[row + 1] = fx * tx + fy * ty + fz * tz;
      impulse[row + 2] = fx * ux + fy * uy + fz * uz;
    }
  }

  /** Fill a row with the relative velocity of B against A at (x, y, z) along (dx, dy, dz). */
  private fillRow(
    row: number,
    a: number,
    b: number,
    x: number,
    y: number,
    z: number,
    dx: number,
    dy: number,
    dz: number,
  ): void {
    const { jacobian: J, response: M, width, dofs, colliders } = this;
    const o = row * width;
    for (let k = 0; k < width; k++) {
      J[o + k] = 0;
      M[o + k] = 0;
    }
    this.inverseMass[row] = 0;
    this.first[row] = width;
    this.end[row] = 0;
    const linkA = colliders.link[a]!;
    const linkB = colliders.link[b]!;
    if (linkA >= 0) this.articulation!.addJacobian(linkA, x, y, z, dx, dy, dz, -1, J, o);
    if (linkB >= 0) this.articulation!.addJacobian(linkB, x, y, z, dx, dy, dz, 1, J, o);
    if (linkA >= 0 || linkB >= 0) {
      this.whiten(row);
      this.first[row] = 0;
      this.end[row] = dofs;
    }
    const freeA = colliders.free[a]!;
    const freeB = colliders.free[b]!;
    if (freeA >= 0) this.fillFreeBody(row, freeA, x, y, z, -dx, -dy, -dz);
    if (freeB >= 0) this.fillFreeBody(row, freeB, x, y, z, dx, dy, dz);
  }

  /** Replace the arm's part of a row by L⁻¹ times itself; response and Jacobian are then the same. */
  private whiten(row: number): void {
    const { jacobian: J, response: M, width, dofs, inverseDiagonal } = this;
    const L = this.articulation!.cholesky;
    const o = row * width;
    let inverseMass = 0;
    for (let i = 0; i < dofs; i++) {
      let value = J[o + i]!;
      for (let k = 0; k < i; k++) value -= L[i * dofs + k]! * J[o + k]!;
      value *= inverseDiagonal[i]!;
      J[o + i] = value;
      M[o + i] = value;
      inverseMass += value * value;
    }
    this.inverseMass[row]! += inverseMass;
  }

  private fillFreeBody(
    row: number,
    index: number,
    x: number,
    y: number,
    z: number,
    dx: number,
    dy: number,
    dz: number,
  ): void {
    const { jacobian: J, response: M, width, dofs } = this;
    const { position, invMass, invInertiaWorld } = this.freeBodies[index]!.body;
    const I = invInertiaWorld.elements as unknown as Float64Array;
    const rx = x - position.x;
    const ry = y - position.y;
    const rz = z - position.z;
    const ax = ry * dz - rz * dy;
    const ay = rz * dx - rx * dz;
    const az = rx * dy - ry * dx;
    const bx = I[0]! * ax + I[1]! * ay + I[2]! * az;
    const by = I[3]! * ax + I[4]! * ay + I[5]! * az;
    const bz = I[6]! * ax + I[7]! * ay + I[8]! * az;
    const column = dofs + 6 * index;
    const o = row * width + column;
    J[o] = dx;
    J[o + 1] = dy;
    J[o + 2] = dz;
    J[o + 3] = ax;
    J[o + 4] = ay;
    J[o + 5] = az;
    M[o] = dx * invMass;
    M[o + 1] = dy * invMass;
    M[o + 2] = dz * invMass;
    M[o + 3] = bx;
    M[o + 4] = by;
    M[o + 5] = bz;
    this.inverseMass[row]! += invMass * (dx * dx + dy * dy + dz * dz) + ax * bx + ay * by + az * bz;
    if (column < this.first[row]!) this.first[row] = column;
    if (column + 6 > this.end[row]!) this.end[row] = column + 6;
  }

  /** Add a row for each joint limit that the next step could pass; returns the end of the rows. */
  private prepareLimits(start: number, timestep: number): number {
    const { articulation, dofs, width, jacobian, bias, impulse } = this;
    if (!articulation) return start;
    const { jointPositions, jointVelocities, lowerLimits, upperLimits } = articulation;
    let row = start;
    for (let dof = 0; dof < dofs; dof++) {
      for (let side = 0; side < 2; side++) {
        const sign = side === 0 ? 1 : -1;
        const gap =
          side === 0 ? jointPositions[dof]! - lowerLimits[dof]! : upperLimits[dof]! - jointPositions[dof]!;
        if (!(gap + timestep * sign * jointVelocities[dof]! < 0)) continue;
        const o = row * width;
        for (let k = 0; k < width; k++) jacobian[o + k] = 0;
        jacobian[o + dof] = sign;
        this.inverseMass[row] = 0;
        this.whiten(row);
        this.first[row] = 0;
        this.end[row] = dofs;
        bias[row] =
          gap >= 0 ? -gap / timestep : Math.min((-ERROR_REDUCTION * gap) / timestep, MAX_LIMIT_RECOVERY);
        impulse[row] = 0;
        row++;
      }
    }
    return row;
  }

  private apply(row: number, impulse: number): void {
    if (impulse === 0) return;
    const { velocity, response, width } = this;
    const o = row * width;
    const end = this.end[row]!;
    for (let k = this.first[row]!; k < end; k++) velocity[k]! += response[o + k]! * impulse;
  }

  /** Sweep over all rows until none changes its velocity by more than the tolerance. */
  private iterate(limitStart: number, rows: number): number {
    const { velocity: u, jacobian: J, response: M, width, first, end, inverseMass, bias, impulse } = this;
    const { friction, dofs, iterations, tolerance } = this;
    const numContacts = limitStart / 3;
    let sweep = 0;
    for (; sweep < iterations; sweep++) {
      let largest = 0;
      for (let row = limitStart; row < rows; row++) {
        const o = row * width;
        let speed = 0;
        for (let k = 0; k < dofs; k++) speed += J[o + k]! * u[k]!;
        const old = impulse[row]!;
        let next = old + (bias[row]! - speed) / inverseMass[row]!;
        if (next < 0) next = 0;
        const change = next - old;
        if (change === 0) continue;
        for (let k = 0; k < dofs; k++) u[k]! += M[o + k]! * change;
        impulse[row] = next;
      }
      for (let contact = 0; contact < numContacts; contact++) {
        const row = 3 * contact;
        const from = first[row]!;
        const to = end[row]!;
        const o = row * width;
        const D = inverseMass[row]!;
        const old = impulse[row]!;
        let speed = 0;
        for (let k = from; k < to; k++) speed += J[o + k]! * u[k]!;
        let next = old + (bias[row]! - speed - REGULARIZATION * D * old) / (D * (1 + REGULARIZATION));
        if (next < 0) next = 0;
        const change = next - old;
        if (change !== 0) {
          for (let k = from; k < to; k++) u[k]! += M[o + k]! * change;
          impulse[row] = next;
          const difference = (change < 0 ? -change : change) * D;
          if (difference > largest) largest = difference;
        }
        const oldT = impulse[row + 1]!;
        const oldU = impulse[row + 2]!;
        if (next === 0 && oldT === 0 && oldU === 0) continue;
        const o1 = o + width;
        const o2 = o1 + width;
        let speedT = 0;
        let speedU = 0;
        for (let k = from; k < to; k++) {
          const w = u[k]!;
          speedT += J[o1 + k]! * w;
          speedU += J[o2 + k]! * w;
        }
        // one step size for both tangents keeps the projection onto the disc isotropic
        const D1 = inverseMass[row + 1]!;
        const D2 = inverseMass[row + 2]!;
        const Dt = D1 > D2 ? D1 : D2;
        let nextT = oldT - speedT / Dt;
        let nextU = oldU - speedU / Dt;
        const radius = friction[contact]! * next;
        const squared = nextT * nextT + nextU * nextU;
        if (squared > radius * radius) {
          const shrink = radius / Math.sqrt(squared);
          nextT *= shrink;
          nextU *= shrink;
        }
        const changeT = nextT - oldT;
        const changeU = nextU - oldU;
        if (changeT === 0 && changeU === 0) continue;
        for (let k = from; k < to; k++) u[k]! += M[o1 + k]! * changeT + M[o2 + k]! * changeU;
        impulse[row + 1] = nextT;
        impulse[row + 2] = nextU;
        const difference = ((changeT < 0 ? -changeT : changeT) + (changeU < 0 ? -changeU : changeU)) * Dt;
        if (difference > largest) largest = difference;
      }
      if (largest < tolerance) break;
    }
    return sweep;
  }

  private scatterVelocities(): void {
    const { articulation, dofs, velocity } = this;
    if (articulation) {
      const { cholesky: L, jointVelocities } = articulation;
      for (let i = dofs - 1; i >= 0; i--) {
        let value = velocity[i]!;
        for (let k = i + 1; k < dofs; k++) value -= L[k * dofs + i]! * jointVelocities[k]!;
        jointVelocities[i] = value / L[i * dofs + i]!;
      }
    }
    for (let index = 0; index < this.freeBodies.length; index++) {
      const body = this.freeBodies[index]!.body;
      const o = dofs + 6 * index;
      body.velocity.set(velocity[o]!, velocity[o + 1]!, velocity[o + 2]!);
      body.angularVelocity.set(velocity[o + 3]!, velocity[o + 4]!, velocity[o + 5]!);
    }
  }

  private storeForces(timestep: number): void {
    const { contacts, impulse, tangents, cacheImpulses } = this;
    for (let contact = 0; contact < contacts.count; contact++) {
      const row = 3 * contact;
      const along = impulse[row + 1]!;
      const across = impulse[row + 2]!;
      contacts.normalForce[contact] = impulse[row]! / timestep;
      cacheImpulses[4 * contact] = impulse[row]!;
      for (let k = 0; k < 3; k++) {
        const sideways = along * tangents[6 * contact + k]! + across * tangents[6 * contact + 3 + k]!;
        cacheImpulses[4 * contact + 1 + k] = sideways;
        contacts.frictionForce[row + k] = sideways / timestep;
      }
    }
    this.cache.store(contacts.count, contacts.pair, this.cachePoints, cacheImpulses);
  }
}
