// Which units of a memory change most over an episode.

/** List units by their standard deviation over time, the most active first; `memories` is [T][units]. */
export function unitsByActivity(memories: readonly (readonly number[])[]): number[] {
  const numUnits = memories[0]?.length ?? 0;
  const activity = Array.from({ length: numUnits }, (_, unit) => {
    const mean = memories.reduce((sum, memory) => sum + memory[unit]!, 0) / memories.length;
    return memories.reduce((sum, memory) => sum + (memory[unit]! - mean) ** 2, 0);
  });
  return activity.map((_, unit) => unit).sort((a, b) => activity[b]! - activity[a]! || a - b);
}
