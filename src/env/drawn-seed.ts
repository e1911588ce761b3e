// A seed where the user gave none.

/** Draw a seed from the system's own randomness: another one at every call, a whole number below 2^32. */
export function drawnSeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0]);
}
