// Where the greatest number of a list stands.

/** Return the index of the greatest of `values` from `from` to before `to`, counted from `from`; the first of several alike. */
export function indexOfGreatest(values: ArrayLike<number>, from = 0, to = values.length): number {
  let best = from;
  for (let k = from + 1; k < to; k++) if (values[k]! > values[best]!) best = k;
  return best - from;
}
