// What an agent observes: numbers that are named, and pictures.

/** What the agent observes; fresh arrays at every step. */
export interface Observation {
  /** What a policy reads; entry by entry named in `spec.observation`. */
  readonly state: Float32Array;
  /** With cameras: the image, uint8 [height, width, channels] as `spec.image` says. */
  readonly image?: Uint8Array;
  /**
   * In observation mode "camera", where `state` is only what the robot knows of itself: the full state, named in
   * `spec.privileged`. For critics, teachers and scripted experts; an actor that reads it cannot leave the simulator.
   */
  readonly privileged?: Float32Array;
  /** Of goal-conditioned environments: what has been reached. */
  readonly achievedGoal?: Float32Array;
  /** Of goal-conditioned environments: what is to be reached. */
  readonly desiredGoal?: Float32Array;
}

/**
 * Return all there is to know: the privileged state where there is one, else the state.
 *
 * @throws Nothing.
 * @example
 * const action = expert(fullState(env.reset({ seed: 7 }).observation));
 */
export function fullState({ state, privileged }: Observation): Float32Array {
  return privileged ?? state;
}

/** One number of `Observation.state`. */
export interface ObservationEntry {
  /** Place in the array, from 0. */
  readonly index: number;
  /** Group that it is read with, for example "cube". */
  readonly group: string;
  /** Unique, for example "cube_from_tcp_x". */
  readonly name: string;
  /** SI, or "1" for what has none. */
  readonly unit: string;
  /** Least value that may be observed. */
  readonly low: number;
  /** Greatest value that may be observed. */
  readonly high: number;
  /** Whether it is another number where the goal is another one: relabelled goals contradict it. Absent: it is not. */
  readonly dependsOnGoal?: boolean;
}
