// Seeded random streams: the only source of randomness in the library.
import alea from "seedrandom/lib/alea.js";

/** The whole state of a stream (Baagøe's Alea): plain data for checkpoints and snapshots. */
export interface RandomState {
  /** Carry of the Alea generator. */
  readonly c: number;
  /** First number of its state. */
  readonly s0: number;
  /** Second number of its state. */
  readonly s1: number;
  /** Third number of its state. */
  readonly s2: number;
}

/** A repeatable stream of random numbers. */
export interface Random {
  /** Draw from the uniform distribution on `[low, high)`; defaults 0 and 1. */
  uniform(low?: number, high?: number): number;
  /** Draw from the standard normal distribution (Box-Muller, one draw of the pair). */
  normal(): number;
  /** Draw an integer from `0 .. exclusiveHigh - 1`. */
  integer(exclusiveHigh: number): number;
  /** Shuffle `values` in place (Fisher-Yates). */
  shuffle(values: Int32Array): void;
  /** Return the state, so that `restore` continues from here with the same bits. */
  state(): RandomState;
  /** Continue from a state returned by `state`. */
  restore(state: RandomState): void;
}

/**
 * Open the random stream with this name.
 *
 * Derive a name per env and purpose from the run's seed, for example `` `${seed}/env/${index}` ``:
 * equal names give equal streams, different names independent ones.
 *
 * @throws Nothing.
 * @example
 * const yaw = createRandom("7/env/0").uniform(-Math.PI, Math.PI);
 */
export function createRandom(name: string): Random {
  let generator = alea(name, { state: true });
  const uniform = (low = 0, high = 1): number => low + (high - low) * generator();
  const integer = (exclusiveHigh: number): number => Math.floor(generator() * exclusiveHigh);
  return {
    uniform,
    integer,
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - generator()));
      return radius * Math.cos(2 * Math.PI * generator());
    },
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const swapped = values[i] as number;
        values[i] = values[j] as number;
        values[j] = swapped;
      }
    },
    state: () => {
      const { c, s0, s1, s2 } = generator.state() as unknown as RandomState;
      return { c, s0, s1, s2 };
    },
    restore(state) {
      generator = alea("", { state: { ...state } as unknown as object });
    },
  };
}
