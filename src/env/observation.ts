// What an agent observes: numbers that are named, and pictures.

/** What the agent sees; fresh arrays at every step. */
export interface Observation {
  /** What a policy reads; entry by entry named in `spec.observation`. */
  readonly state: Float32Array;
  /** With cameras: what a policy sees, uint8 [height, width, channels] as `spec.image` says. */
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

/** Return all there is to know: the privileged state where there is one, else the state. */
export function fullState({ state, privileged }: Observation): Float32Array {
  return privileged ?? state;
}

/** One number of `Observation.state`. */
export interface ObservationEntry {
  readonly index: number;
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
}
