// Contacts, friction, joint limits and joint friction solved together against the articulated inertia and the free bodies.
import { Solver as CannonSolver, type World as CannonWorld } from "cannon-es";
import type { Articulation } from "../articulation/articulation.js";
import type { FreeBody } from "../bodies/free-body.js";
import type { ColliderSet } from "../collision/collider-set.js";
import type { ContactBuffer } from "../collision/contact-buffer.js";
import { BlockCouplings } from "./block-couplings.js";
import { type BlockSweeps, passOn, sweepOnce } from "./block-sweeps.js";
import { ConjugateSweeps } from "./conjugate-sweeps.js";
import { ConstraintBlocks } from "./constraint-blocks.js";
import { ContactRows, ERROR_REDUCTION } from "./contact-rows.js";
import { GeneralizedVelocity } from "./generalized-velocity.js";
import type { WarmStartCache } from "./warm-start-cache.js";

/** Where the last sweep still changed a row's velocity by this much, sweeps go on, m/s. */
const GROSS_CHANGE = 0.02;
/** Until none changes it by more than this, m/s, or as often as this. */
const FINE_CHANGE = 1e-3;
const MORE_SWEEPS = 200;
/** Fastest removal of a joint limit violation, rad/s or m/s. */
const MAX_LIMIT_RECOVERY = 1;
/** A step that would leave a joint further beyond its limit than this is solved again, rad or m. */
const LIMIT_SLACK = 1e-3;
/** As often as this; what is then still beyond twice as far is held back by itself. */
const MOST_REPEATS = 4;

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0x3ff;

/**
 * Solve by projected Gauss-Seidel in the relative motion of each pair of shapes.
 *
 * The sweeps run over one twist per block of contacts (`ConstraintBlocks`); how a block answers to its own wrench and to
 * those of the other blocks follows from the articulated inertia (Featherstone, Rigid Body Dynamics Algorithms, 2008,
 * section 11.4) and the free bodies' inertias. The result is the same as that of sweeps over the joint velocities.
 */
export class ContactSolver extends CannonSolver {
  /** Most plain sweeps per step; up to 200 more follow where they leave gross errors. */
  iterations = 20;
  /** Sweeps end when no row changes its velocity by more than this, m/s. */
  tolerance = 1e-5;
  /** Sweeps done since the start, for benchmarks. */
  sweeps = 0;

  private readonly articulation: Articulation | undefined;
  private readonly velocity: GeneralizedVelocity;
  private readonly blocks: ConstraintBlocks;
  private readonly couplings: BlockCouplings;
  private readonly rows: ContactRows;
  /** Per block of a joint: impulse and its bounds, N m s or N s, and the speed aimed at, rad/s or m/s. */
  private readonly limitImpulses: Float64Array;
  private readonly limitBiases: Float64Array;
  private readonly lowerBounds: Float64Array;
  private readonly upperBounds: Float64Array;
  /** Where its impulse stands in the warm start cache. */
  private readonly limitPlaces: Int32Array;
  private readonly parts: BlockSweeps;
  private readonly conjugate = new ConjugateSweeps();
  private readonly wrench = new Float64Array(6);

  constructor(
    colliders: ColliderSet,
    contacts: ContactBuffer,
    freeBodies: readonly FreeBody[],
    articulation: Articulation | undefined,
  ) {
    super();
    this.articulation = articulation;
    this.velocity = new GeneralizedVelocity(freeBodies, articulation);
    this.blocks = new ConstraintBlocks(colliders, contacts, this.velocity, articulation);
    this.couplings = new BlockCouplings(this.blocks, this.velocity);
    this.rows = new ContactRows(colliders, contacts, this.blocks);
    const most = this.blocks.armed.length;
    this.limitImpulses = new Float64Array(most);
    this.limitBiases = new Float64Array(most);
    this.lowerBounds = new Float64Array(most);
    this.upperBounds = new Float64Array(most);
    this.limitPlaces = new Int32Array(most);
    const { blocks, couplings, rows, limitImpulses, limitBiases, lowerBounds, upperBounds } = this;
    this.parts = { blocks, couplings, contacts, rows, limitImpulses, limitBiases, lowerBounds, upperBounds };
  }

  /** Impulses of the last step, by which the next one starts. */
  get cache(): WarmStartCache {
    return this.rows.cache;
  }

  /** Deepest that shapes overlapped in the last step, m. */
  get deepestPenetration(): number {
    return this.rows.deepest;
  }

  /** Turn the velocities of the arm and the free bodies into the next ones; returns the sweeps it took. */
  override solve(timestep: number, world: CannonWorld): number {
    const { blocks, couplings, rows, velocity } = this;
    velocity.predict(timestep, world.gravity);
    velocity.keep();
    blocks.clear();
    this.addLimits(timestep);
    this.addDryFriction(timestep);
    blocks.addContacts();
    rows.prepare(timestep);
    couplings.build();
    this.applyWarmStart();
    let sweeps = this.sweep();
    this.applyWrenches();
    for (let repeat = 0; this.addPassedLimits(timestep); repeat++) {
      if (repeat === MOST_REPEATS) {
        this.holdJoints(timestep);
        break;
      }
      couplings.build();
      sweeps += this.conjugate.run(this.parts, MORE_SWEEPS, this.tolerance);
      velocity.back();
      this.applyWrenches();
    }
    this.sweeps += sweeps;
    rows.storeImpulses();
    return sweeps;
  }

  /** Write the contacts' forces in the last step, of `timestep` (s), into their buffer. */
  tellForces(timestep: number): void {
    this.rows.tellForces(timestep);
  }

  /**
   * Sweep until no row changes its velocity by more than `tolerance`, or `iterations` times, and on where that leaves gross errors.
   *
   * Returns the sweeps done before the last one. Source: Catto, Iterative Dynamics with Temporal Coherence (2005).
   */
  private sweep(): number {
    const { iterations, tolerance, parts } = this;
    let largest = 0;
    for (let sweep = 0; sweep < iterations; sweep++) {
      largest = sweepOnce(parts);
      if (largest < tolerance) return sweep;
    }
    if (largest < GROSS_CHANGE) return iterations;
    return iterations + this.conjugate.run(parts, MORE_SWEEPS, Math.max(tolerance, FINE_CHANGE));
  }

  /** Add a block for each joint limit that the next step could pass or the last step pressed on. */
  private addLimits(timestep: number): void {
    const { articulation } = this;
    if (!articulation) return;
    const { numDofs, jointPositions, jointVelocities, lowerLimits, upperLimits } = articulation;
    const { limitImpulses: pressed } = this.cache;
    for (let dof = 0; dof < numDofs; dof++) {
      const position = jointPositions[dof]!;
      const next = position + timestep * jointVelocities[dof]!;
      if (next < lowerLimits[dof]! || pressed[2 * dof]! > 0)
        this.addLimit(dof, 1, position - lowerLimits[dof]!, timestep);
      if (next > upperLimits[dof]! || pressed[2 * dof + 1]! > 0)
        this.addLimit(dof, -1, upperLimits[dof]! - position, timestep);
    }
  }

  /** Add a block for the dry friction of each joint that has some: it may take all its speed, and no more than it can. */
  private addDryFriction(timestep: number): void {
    const { articulation, blocks, cache } = this;
    if (!articulation) return;
    const { rubbing, dryFriction, numDofs } = articulation;
    for (let k = 0; k < rubbing.length; k++) {
      const dof = rubbing[k]!;
      const block = blocks.addLimit(dof, 1);
      const place = 2 * numDofs + k;
      this.limitPlaces[block] = place;
      this.limitImpulses[block] = cache.limitImpulses[place]!;
      this.limitBiases[block] = 0;
      this.upperBounds[block] = timestep * dryFriction[dof]!;
      this.lowerBounds[block] = -timestep * dryFriction[dof]!;
    }
  }

  /**
   * Tell whether the velocities found would take a joint beyond its limit and further than it is; one without a block for that
   * limit, because what hit it came in this step, gets one.
   */
  private addPassedLimits(timestep: number): boolean {
    const { articulation } = this;
    if (!articulation) return false;
    const { numDofs, jointPositions, jointVelocities, lowerLimits, upperLimits } = articulation;
    let passed = false;
    for (let dof = 0; dof < numDofs; dof++) {
      const position = jointPositions[dof]!;
      const change = timestep * jointVelocities[dof]!;
      for (let sign = 1; sign >= -1; sign -= 2) {
        const gap = sign > 0 ? position - lowerLimits[dof]! : upperLimits[dof]! - position;
        if (!(gap + sign * change < Math.min(gap, -LIMIT_SLACK))) continue;
        passed = true;
        if (!this.hasLimit(dof, sign)) this.addLimit(dof, sign, gap, timestep);
      }
    }
    return passed;
  }

  private hasLimit(dof: number, sign: number): boolean {
    const { blocks, limitPlaces } = this;
    const place = sign > 0 ? 2 * dof : 2 * dof + 1;
    for (let block = 0; block < blocks.count; block++)
      if (blocks.limitDof[block] === dof && limitPlaces[block] === place) return true;
    return false;
  }

  /** Stop joints that contacts press further beyond their limits than these may give way. */
  private holdJoints(timestep: number): void {
    const { articulation } = this;
    if (!articulation) return;
    const { numDofs, jointPositions, jointVelocities, lowerLimits, upperLimits } = articulation;
    for (let dof = 0; dof < numDofs; dof++) {
      const position = jointPositions[dof]!;
      const next = position + timestep * jointVelocities[dof]!;
      const lowest = Math.min(position, lowerLimits[dof]! - 2 * LIMIT_SLACK);
      const highest = Math.max(position, upperLimits[dof]! + 2 * LIMIT_SLACK);
      if (next < lowest) jointVelocities[dof] = (lowest - position) / timestep;
      else if (next > highest) jointVelocities[dof] = (highest - position) / timestep;
    }
  }

  /** Hold `dof` back from a limit that is `gap` (rad or m) away against `sign`. */
  private addLimit(dof: number, sign: number, gap: number, timestep: number): void {
    const block = this.blocks.addLimit(dof, sign);
    const place = sign > 0 ? 2 * dof : 2 * dof + 1;
    this.limitPlaces[block] = place;
    this.limitImpulses[block] = this.cache.limitImpulses[place]!;
    this.lowerBounds[block] = 0;
    this.upperBounds[block] = Number.POSITIVE_INFINITY;
    this.limitBiases[block] =
      gap >= 0 ? -gap / timestep : Math.min((-ERROR_REDUCTION * gap) / timestep, MAX_LIMIT_RECOVERY);
  }

  /** Let the impulses the rows start with act on the twists. */
  private applyWarmStart(): void {
    const { blocks, couplings, wrench } = this;
    const { twists, responses: K } = blocks;
    const count = blocks.count & SMALL;
    for (let block = 0; block < count; block++) {
      this.sumWrench(block);
      const w0 = wrench[0]!;
      const w1 = wrench[1]!;
      const w2 = wrench[2]!;
      const w3 = wrench[3]!;
      const w4 = wrench[4]!;
      const w5 = wrench[5]!;
      for (let i = 0; i < 6; i++) {
        const k = 36 * block + 6 * i;
        const angular = 0 + K[k]! * w0 + K[k + 1]! * w1 + K[k + 2]! * w2;
        twists[6 * block + i]! += angular + K[k + 3]! * w3 + K[k + 4]! * w4 + K[k + 5]! * w5;
      }
      passOn(blocks, couplings, block, wrench);
    }
  }

  /** Let the impulses found act on the velocities predicted without them, and remember those of the joint limits. */
  private applyWrenches(): void {
    const { blocks, velocity, wrench, limitImpulses, limitPlaces, cache } = this;
    cache.limitImpulses.fill(0);
    let armTouched = false;
    for (let block = 0; block < blocks.count; block++) {
      this.sumWrench(block);
      blocks.applyWrench(block, wrench);
      if (blocks.armed[block] === 1) armTouched = true;
      if (blocks.limitDof[block]! >= 0) cache.limitImpulses[limitPlaces[block]!] = limitImpulses[block]!;
    }
    velocity.store(armTouched);
  }

  /** Write the impulses of `block` as one wrench to `wrench`. */
  private sumWrench(block: number): void {
    const { blocks, rows, wrench, limitImpulses } = this;
    if (blocks.limitDof[block]! >= 0) {
      wrench.fill(0);
      wrench[0] = limitImpulses[block]!;
    } else rows.sumWrench(block, wrench);
  }
}
