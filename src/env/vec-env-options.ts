// What a group of environments is made with, and how its episodes are begun.
import { UsageError } from "../math/usage-error.js";
import { AUTORESET_MODES, type AutoresetMode } from "./autoreset-mode.js";
import { drawnSeed } from "./drawn-seed.js";
import { requireInRange } from "./settings/setting-range.js";

/** Which environments a `VecEnv` has. */
export interface VecEnvOptions {
  /** Environments side by side: 1 to 4096. */
  readonly numEnvs: number;
  /** When an environment whose episode ended begins the next; default "NextStep", as in Gymnasium. */
  readonly autoresetMode?: AutoresetMode;
  /** What the seeds of all episodes follow from; absent: drawn, and told by `VecEnv.runSeed`. */
  readonly runSeed?: number | string;
  /** Place of the first environment among those of the whole run; default 0. */
  readonly firstIndex?: number;
  /**
   * Environments of the whole run, among which first episodes are cut short evenly, so that episodes do not end all at once: then
   * `VecEnv.cut` is 1. Absent: none is.
   */
  readonly totalEnvs?: number;
}

/** Which environments of a `VecEnv` begin an episode, and with which seeds. */
export interface VecEnvReset {
  /** Of each, `undefined` where it follows; a number: environment i gets that plus i; absent: all follow. */
  readonly seeds?: number | readonly (number | string | undefined)[];
  /** Which; absent: all. */
  readonly mask?: ArrayLike<boolean | number>;
}

const RANGES = {
  numEnvs: { least: 1, most: 4096, whole: true },
  firstIndex: { least: 0, whole: true },
  totalEnvs: { least: 1, whole: true },
};

/** Fill in defaults; throws a UsageError for numbers and modes that cannot be. */
export function resolveVecEnvOptions(options: VecEnvOptions) {
  const { runSeed = drawnSeed(), firstIndex = 0, numEnvs, totalEnvs, autoresetMode = "NextStep" } = options;
  const given = { numEnvs, firstIndex, ...(totalEnvs === undefined ? {} : { totalEnvs }) };
  requireInRange(given, RANGES, (name) => `The option "${name}" of VecEnv`);
  if (!AUTORESET_MODES.includes(autoresetMode)) {
    const modes = AUTORESET_MODES.map((mode) => `"${mode}"`).join(", ");
    throw new UsageError(`The option "autoresetMode" of VecEnv is "${autoresetMode}", expected ${modes}.`);
  }
  return { runSeed, firstIndex, numEnvs, totalEnvs, autoresetMode };
}

/** Return the seed of each of `numEnvs` environments, or none; throws a UsageError where seeds or a mask are not as many. */
export function seedsOf(
  { seeds, mask }: VecEnvReset,
  numEnvs: number,
): readonly (number | string | undefined)[] {
  const given =
    typeof seeds === "number"
      ? Array.from({ length: numEnvs }, (_, i) => seeds + i)
      : (seeds ?? new Array<undefined>(numEnvs).fill(undefined));
  for (const [name, list] of Object.entries({ seeds: given, mask }))
    if (list && list.length !== numEnvs)
      throw new UsageError(`VecEnv: reset() got ${list.length} ${name} for ${numEnvs} environments.`);
  return given;
}
