// How an arm's motion in a block of contacts answers to wrenches, from its whitened rows.

/** `x & SMALL` is x: it tells V8 that x is a small whole number, whose sums and products need no checks for overflow. */
const SMALL = 0xfffffff;

/** Set the symmetric 6 x 6 matrix at `out[place]` to P Pᵀ of a block's arm rows P, stored transposed from `begin`. */
export function setArmResponse(
  P: Float64Array,
  begin: number,
  numDofs: number,
  out: Float64Array,
  place: number,
): void {
  const p = begin & SMALL;
  const o = place & SMALL;
  const end = (begin + 6 * numDofs) & SMALL;
  // three passes, each with few enough sums to stay in registers: angular, mixed, linear
  let a00 = 0;
  let a10 = 0;
  let a11 = 0;
  let a20 = 0;
  let a21 = 0;
  let a22 = 0;
  let l00 = 0;
  let l10 = 0;
  let l11 = 0;
  let l20 = 0;
  let l21 = 0;
  let l22 = 0;
  for (let k = p; k < end; k += 6) {
    const x = P[k]!;
    const y = P[k + 1]!;
    const z = P[k + 2]!;
    a00 += x * x;
    a10 += y * x;
    a11 += y * y;
    a20 += z * x;
    a21 += z * y;
    a22 += z * z;
  }
  for (let k = p; k < end; k += 6) {
    const x = P[k + 3]!;
    const y = P[k + 4]!;
    const z = P[k + 5]!;
    l00 += x * x;
    l10 += y * x;
    l11 += y * y;
    l20 += z * x;
    l21 += z * y;
    l22 += z * z;
  }
  out[o] = a00;
  out[o + 1] = a10;
  out[o + 2] = a20;
  out[o + 6] = a10;
  out[o + 7] = a11;
  out[o + 8] = a21;
  out[o + 12] = a20;
  out[o + 13] = a21;
  out[o + 14] = a22;
  out[o + 21] = l00;
  out[o + 22] = l10;
  out[o + 23] = l20;
  out[o + 27] = l10;
  out[o + 28] = l11;
  out[o + 29] = l21;
  out[o + 33] = l20;
  out[o + 34] = l21;
  out[o + 35] = l22;
  for (let i = 0; i < 3; i++) {
    let m0 = 0;
    let m1 = 0;
    let m2 = 0;
    for (let k = p; k < end; k += 6) {
      const x = P[k + i]!;
      m0 += x * P[k + 3]!;
      m1 += x * P[k + 4]!;
      m2 += x * P[k + 5]!;
    }
    out[o + 6 * i + 3] = m0;
    out[o + 6 * i + 4] = m1;
    out[o + 6 * i + 5] = m2;
    out[o + 18 + i] = m0;
    out[o + 24 + i] = m1;
    out[o + 30 + i] = m2;
  }
}

/**
 * Set the 6 x 6 matrix at `out[place]` to P Qᵀ of two blocks' arm rows P and Q, stored transposed in `rows` from `ofP` and
 * `ofQ`: the twist of the first per unit of a wrench in the second.
 */
export function setArmCoupling(
  rows: Float64Array,
  ofP: number,
  ofQ: number,
  numDofs: number,
  out: Float64Array,
  place: number,
): void {
  const p = ofP & SMALL;
  const q = ofQ & SMALL;
  const o = place & SMALL;
  const size = (6 * numDofs) & SMALL;
  // two lines of the matrix at a time: all their sums stay in registers
  for (let i = 0; i < 6; i += 2) {
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    let a4 = 0;
    let a5 = 0;
    let b0 = 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    let b4 = 0;
    let b5 = 0;
    for (let k = 0; k < size; k += 6) {
      const a = rows[p + k + i]!;
      const b = rows[p + k + i + 1]!;
      const r = q + k;
      const x = rows[r]!;
      const y = rows[r + 1]!;
      const z = rows[r + 2]!;
      const u = rows[r + 3]!;
      const v = rows[r + 4]!;
      const w = rows[r + 5]!;
      a0 += a * x;
      b0 += b * x;
      a1 += a * y;
      b1 += b * y;
      a2 += a * z;
      b2 += b * z;
      a3 += a * u;
      b3 += b * u;
      a4 += a * v;
      b4 += b * v;
      a5 += a * w;
      b5 += b * w;
    }
    const t = o + 6 * i;
    out[t] = a0;
    out[t + 1] = a1;
    out[t + 2] = a2;
    out[t + 3] = a3;
    out[t + 4] = a4;
    out[t + 5] = a5;
    out[t + 6] = b0;
    out[t + 7] = b1;
    out[t + 8] = b2;
    out[t + 9] = b3;
    out[t + 10] = b4;
    out[t + 11] = b5;
  }
}
