// Sweeps that go on where plain ones have come to no end: light bodies held between heavy ones.
import { type BlockSweeps, sweepOnce } from "./block-sweeps.js";
import { CONTACT_ROW } from "./contact-rows.js";

const { STRIDE, NORMAL_RATE, FRICTION_RATE, IMPULSE } = CONTACT_ROW;

/**
 * Accelerate projected Gauss-Seidel by conjugate directions.
 *
 * What a sweep changes is taken for the gradient, and each sweep is followed by a step along the directions before, so that a
 * chain of n contacts takes about n sweeps whatever its masses are (Silcowitz-Hansen, Niebe and Erleben, A nonsmooth nonlinear
 * conjugate gradient method for interactive contact force problems, 2010). Twists follow impulses linearly: their changes are
 * kept beside those of the impulses, and a step costs a few sums.
 */
export class ConjugateSweeps {
  private before = new Float64Array(0);
  private after = new Float64Array(0);
  private direction = new Float64Array(0);
  /** Velocity per impulse, so that the changes are summed as energies. */
  private weights = new Float64Array(0);
  private twistsBefore = new Float64Array(0);
  private twistDirection = new Float64Array(0);

  /** Sweep until no row changes its velocity by more than `tolerance` (m/s), or `most` times; returns the sweeps done. */
  run(sweeps: BlockSweeps, most: number, tolerance: number): number {
    this.reserve(sweeps);
    const { before, after, direction, weights, twistsBefore, twistDirection } = this;
    const { twists, count } = sweeps.blocks;
    const numTwists = 6 * count;
    const size = weigh(sweeps, weights);
    gather(sweeps, before);
    for (let k = 0; k < numTwists; k++) twistsBefore[k] = twists[k]!;
    direction.fill(0, 0, size);
    twistDirection.fill(0, 0, numTwists);
    let previous = Number.POSITIVE_INFINITY;
    for (let sweep = 1; ; sweep++) {
      const largest = sweepOnce(sweeps);
      // nothing follows the last sweep: only a sweep leaves impulses within their bounds
      if (largest < tolerance || sweep === most) return sweep;
      gather(sweeps, after);
      let norm = 0;
      for (let k = 0; k < size; k++) norm += weights[k]! * (after[k]! - before[k]!) ** 2;
      const share = norm / previous;
      previous = norm;
      const keep = share <= 1 ? share : 0;
      const add = share <= 1 ? 1 : 0;
      for (let k = 0; k < size; k++) {
        const change = after[k]! - before[k]!;
        before[k] = after[k]! + keep * direction[k]!;
        direction[k] = keep * direction[k]! + add * change;
      }
      for (let k = 0; k < numTwists; k++) {
        const change = twists[k]! - twistsBefore[k]!;
        twists[k]! += keep * twistDirection[k]!;
        twistsBefore[k] = twists[k]!;
        twistDirection[k] = keep * twistDirection[k]! + add * change;
      }
      scatter(sweeps, before);
    }
  }

  private reserve({ blocks, contacts }: BlockSweeps): void {
    const needed = 4 * blocks.count + 3 * contacts.count;
    if (this.before.length >= needed && this.twistsBefore.length >= 6 * blocks.count) return;
    this.before = new Float64Array(2 * needed);
    this.after = new Float64Array(2 * needed);
    this.direction = new Float64Array(2 * needed);
    this.weights = new Float64Array(2 * needed);
    this.twistsBefore = new Float64Array(12 * blocks.count);
    this.twistDirection = new Float64Array(12 * blocks.count);
  }
}

/** Copy all impulses to `out`: those of the contacts, then four for each block. */
function gather({ blocks, contacts, rows, limitImpulses }: BlockSweeps, out: Float64Array): void {
  let o = 0;
  for (let contact = 0; contact < contacts.count; contact++) {
    const v = STRIDE * contact + IMPULSE;
    for (let k = 0; k < 3; k++) out[o++] = rows.values[v + k]!;
  }
  for (let block = 0; block < blocks.count; block++) {
    const isLimit = blocks.limitDof[block]! >= 0;
    out[o++] = isLimit ? limitImpulses[block]! : 0;
    out[o++] = isLimit ? 0 : rows.torsionImpulses[block]!;
    out[o++] = isLimit ? 0 : rows.rollingImpulses[2 * block]!;
    out[o++] = isLimit ? 0 : rows.rollingImpulses[2 * block + 1]!;
  }
}

/** Put back what `gather` wrote. */
function scatter({ blocks, contacts, rows, limitImpulses }: BlockSweeps, values: Float64Array): void {
  let o = 0;
  for (let contact = 0; contact < contacts.count; contact++) {
    const v = STRIDE * contact + IMPULSE;
    for (let k = 0; k < 3; k++) rows.values[v + k] = values[o++]!;
  }
  for (let block = 0; block < blocks.count; block++) {
    if (blocks.limitDof[block]! >= 0) limitImpulses[block] = values[o]!;
    else {
      rows.torsionImpulses[block] = values[o + 1]!;
      rows.rollingImpulses[2 * block] = values[o + 2]!;
      rows.rollingImpulses[2 * block + 1] = values[o + 3]!;
    }
    o += 4;
  }
}

/** Write velocity per impulse of all that `gather` copies to `out`; returns how many there are. */
function weigh({ blocks, contacts, rows }: BlockSweeps, out: Float64Array): number {
  let o = 0;
  for (let contact = 0; contact < contacts.count; contact++) {
    const v = STRIDE * contact;
    out[o++] = rows.values[v + NORMAL_RATE]!;
    out[o++] = rows.values[v + FRICTION_RATE]!;
    out[o++] = rows.values[v + FRICTION_RATE]!;
  }
  for (let block = 0; block < blocks.count; block++) {
    const K = 36 * block;
    out[o++] = blocks.responses[K]!;
    out[o++] = blocks.responses[K]!;
    out[o++] = blocks.responses[K + 7]!;
    out[o++] = blocks.responses[K + 14]!;
  }
  return o;
}
