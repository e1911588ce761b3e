// What one number of an action means.

/** One number of an action; it runs from -1 to 1. */
export interface ActionEntry {
  /** Unique in the environment, for example "tcp_x". */
  readonly name: string;
  /** Unit of `scale` and `offset`. */
  readonly unit: string;
  /** Least value; of an environment -1. */
  readonly low: number;
  /** Greatest value; of an environment 1. */
  readonly high: number;
  /** What the number does, in one line. */
  readonly meaning: string;
  /** Physical value of +1, less that of 0: physical = scale * action + offset. */
  readonly scale: number;
  /** Physical value of 0. */
  readonly offset: number;
}
