// Three-vectors as plain tuples: metres, world z up.

/** A vector or point `[x, y, z]`. */
export type Vec3 = readonly [number, number, number];
