// How an arm's motion in a block of contacts answers to wrenches, from its whitened rows.

/** Set the symmetric 6 x 6 matrix at `out[o]` to P Pᵀ of a block's arm rows P, stored transposed from `p`. */
export function setArmResponse(
  P: Float64Array,
  p: number,
  numDofs: number,
  out: Float64Array,
  o: number,
): void {
  const end = p + 6 * numDofs;
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
 * Set the 6 x 6 matrix at `out[o]` to P Qᵀ of two blocks' arm rows P and Q, stored transposed from `p` and `q`: the twist of
 * the first per unit of a wrench in the second.
 */
export function setArmCoupling(
  P: Float64Array,
  p: number,
  Q: Float64Array,
  q: number,
  numDofs: number,
  out: Float64Array,
  o: number,
): void {
  for (let i = 0; i < 6; i++) {
    let c0 = 0;
    let c1 = 0;
    let c2 = 0;
    let c3 = 0;
    let c4 = 0;
    let c5 = 0;
    for (let dof = 0; dof < numDofs; dof++) {
      const factor = P[p + 6 * dof + i]!;
      const row = q + 6 * dof;
      c0 += factor * Q[row]!;
      c1 += factor * Q[row + 1]!;
      c2 += factor * Q[row + 2]!;
      c3 += factor * Q[row + 3]!;
      c4 += factor * Q[row + 4]!;
      c5 += factor * Q[row + 5]!;
    }
    const target = o + 6 * i;
    out[target] = c0;
    out[target + 1] = c1;
    out[target + 2] = c2;
    out[target + 3] = c3;
    out[target + 4] = c4;
    out[target + 5] = c5;
  }
}
