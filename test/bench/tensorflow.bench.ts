// The engine "tensorflow" beside the default one: one PPO update of every network, how far the two differ, and their processor time.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { Arrays, CompiledFunction } from "../../src/compile/engines/engine.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { median } from "./child.js";
import { differences, earlyUpdate, NETWORKS } from "./engine-updates.js";

const ROUNDS = 15;

/** Measure both turn by turn in one run; needs what `armgym install-tensorflow` sets up. */
export async function run(): Promise<BenchRow[]> {
  const [native, tensorflow] = [await loadEngine("native"), await loadEngine("tensorflow")];
  const rows: BenchRow[] = [];
  for (const [name, kind] of Object.entries(NETWORKS)) {
    const { fn, specs, inputs } = await earlyUpdate(kind, native);
    const [ours, theirs] = [await native.compile(fn, specs), await tensorflow.compile(fn, specs)];
    const greatest = Object.entries(differences(await theirs.run(inputs), await ours.run(inputs)));
    const [output, difference] = greatest.sort(([, a], [, b]) => b - a)[0]!;
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await milliseconds(ours, inputs));
      times.theirs.push(await milliseconds(theirs, inputs));
    }
    const [value, other] = [median(times.ours), median(times.theirs)];
    rows.push(
      {
        what: `PPO update of 64 rows, ${name}, engine native`,
        value,
        unit: "ms",
        against: "engine tensorflow, the same run",
        ratio: other / value,
      },
      { what: "the same, engine tensorflow", value: other, unit: "ms", against: null, ratio: null },
      {
        what: `the same, greatest difference of the two (${output})`,
        value: 1e6 * difference,
        unit: "millionths of its greatest value",
        against: null,
        ratio: null,
      },
    );
    await ours.dispose();
  }
  return rows;
}

/** Processor time of one update, all threads together. */
async function milliseconds(compiled: CompiledFunction, inputs: Arrays): Promise<number> {
  const start = process.cpuUsage();
  await compiled.run(inputs);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
