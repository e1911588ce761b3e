// Contacts, friction and joint limits solved together against the articulated inertia and the free bodies.
import { Solver as CannonSolver, type World as CannonWorld } from "cannon-es";
import type { Articulation } from "./articulation.js";
import { BlockCouplings } from "./block-couplings.js";
import { passOn, sweepBlocks } from "./block-sweeps.js";
import type { ColliderSet } from "./collider-set.js";
import { ConstraintBlocks } from "./constraint-blocks.js";
import type { ContactBuffer } from "./contact-buffer.js";
import { ContactRows, ERROR_REDUCTION } from "./contact-rows.js";
import type { FreeBody } from "./free-body.js";
import { GeneralizedVelocity } from "./generalized-velocity.js";
import type { WarmStartCache } from "./warm-start-cache.js";

/** Fastest removal of a joint limit violation, rad/s or m/s. */
const MAX_LIMIT_RECOVERY = 1;

/**
 * Solve by projected Gauss-Seidel in the relative motion of each pair of shapes.
 *
 * The sweeps run over one twist per block of contacts (`ConstraintBlocks`); how a block answers to its own wrench and to
 * those of the other blocks follows from the articulated inertia (Featherstone, Rigid Body Dynamics Algorithms, 2008,
 * section 11.4) and the free bodies' inertias. The result is the same as that of sweeps over the joint velocities.
 */
export class ContactSolver extends CannonSolver {
  /** Most sweeps per step. */
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
  /** Per joint limit block: impulse, N m s or N s, and the speed aimed at, rad/s or m/s. */
  private readonly limitImpulses: Float64Array;
  private readonly limitBiases: Float64Array;
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
    const limits = 2 * (articulation?.numDofs ?? 0);
    this.limitImpulses = new Float64Array(limits);
    this.limitBiases = new Float64Array(limits);
  }

  /** Impulses of the last step, by which the next one starts. */
  get cache(): WarmStartCache {
    return this.rows.cache;
  }

  /** Turn the velocities of the arm and the free bodies into the next ones; returns the sweeps it took. */
  override solve(timestep: number, world: CannonWorld): number {
    const { blocks, couplings, rows, velocity } = this;
    velocity.predict(timestep, world.gravity);
    blocks.clear();
    this.addLimits(timestep);
    blocks.addContacts();
    rows.prepare(timestep);
    couplings.build();
    this.applyWarmStart();
    const { limitImpulses, limitBiases, iterations, tolerance } = this;
    const sweeps = sweepBlocks(blocks, couplings, rows, limitImpulses, limitBiases, iterations, tolerance);
    this.sweeps += sweeps;
    this.applyWrenches();
    rows.storeForces(timestep);
    return sweeps;
  }

  /** Add a block for each joint limit that the next step could pass. */
  private addLimits(timestep: number): void {
    const { articulation, blocks, limitImpulses, limitBiases } = this;
    if (!articulation) return;
    const { numDofs, jointPositions, jointVelocities, lowerLimits, upperLimits } = articulation;
    for (let dof = 0; dof < numDofs; dof++) {
      const position = jointPositions[dof]!;
      const step = timestep * jointVelocities[dof]!;
      const above = position - lowerLimits[dof]!;
      const below = upperLimits[dof]! - position;
      for (let side = 0; side < 2; side++) {
        const gap = side === 0 ? above : below;
        if (!(gap + (side === 0 ? step : -step) < 0)) continue;
        const block = blocks.addLimit(dof, side === 0 ? 1 : -1);
        limitImpulses[block] = 0;
        limitBiases[block] =
          gap >= 0 ? -gap / timestep : Math.min((-ERROR_REDUCTION * gap) / timestep, MAX_LIMIT_RECOVERY);
      }
    }
  }

  /** Let the impulses the rows start with act on the twists. */
  private applyWarmStart(): void {
    const { blocks, couplings, rows, wrench } = this;
    const { twists, responses: K } = blocks;
    for (let block = 0; block < blocks.count; block++) {
      if (blocks.numContacts[block] === 0) continue;
      rows.sumWrench(block, wrench);
      for (let i = 0; i < 6; i++) {
        let change = 0;
        for (let j = 0; j < 6; j++) change += K[36 * block + 6 * i + j]! * wrench[j]!;
        twists[6 * block + i]! += change;
      }
      passOn(blocks, couplings, block, wrench);
    }
  }

  /** Let the impulses found act on the velocities predicted without them. */
  private applyWrenches(): void {
    const { blocks, rows, velocity, wrench, limitImpulses } = this;
    let armTouched = false;
    for (let block = 0; block < blocks.count; block++) {
      if (blocks.limitDof[block]! >= 0) {
        wrench.fill(0);
        wrench[0] = limitImpulses[block]!;
      } else rows.sumWrench(block, wrench);
      blocks.applyWrench(block, wrench);
      armTouched ||= blocks.armed[block] === 1;
    }
    velocity.store(armTouched);
  }
}
