// The range of an action.

/** Put an entry of an action into [-1, 1], which is what environments take. */
export function clippedAction(entry: number): number {
  return Math.max(-1, Math.min(1, entry));
}
