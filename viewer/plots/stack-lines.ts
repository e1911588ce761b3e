// Lines that stand on each other.

/** Sum lines up from the first, at each index those above 0 upwards from it and those below 0 downwards. */
export function stackLines(lines: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const length = lines[0]?.length ?? 0;
  const [above, below] = [new Float64Array(length), new Float64Array(length)];
  return lines.map((values) =>
    values.map((value, k) => {
      if (value === null) return null;
      const side = value >= 0 ? above : below;
      side[k]! += value;
      return side[k]!;
    }),
  );
}
