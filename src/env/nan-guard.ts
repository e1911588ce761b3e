// The NaN guard: names what is not finite in a step, and keeps the last states that were, for a dump.
import { POSE_SIZE } from "../scene/scene.js";
import type { EnvInfo, StateFrame } from "./env.js";
import type { Observation } from "./observation.js";
import type { Simulation } from "./simulation.js";

type Numbers = Readonly<Record<string, number>>;

/** Steps kept for a dump. */
const KEPT_FRAMES = 16;

/** Watches the episodes of one environment. */
export class NanGuard {
  private readonly spec: EnvInfo;
  private readonly simulation: Simulation;
  private readonly numPoses: number;
  private kept: StateFrame[] = [];
  private last: Observation | undefined;

  constructor(spec: EnvInfo, simulation: Simulation, numEntities: number) {
    this.spec = spec;
    this.simulation = simulation;
    this.numPoses = POSE_SIZE * numEntities;
  }

  /** The last states of the episode that were finite, the oldest first. */
  get frames(): readonly StateFrame[] {
    return this.kept;
  }

  /** The last observation that was finite, as a copy. */
  get lastGood(): Observation {
    return copyOf(this.last!);
  }

  /** Forget the episode before. */
  begin(): void {
    this.kept = [];
  }

  /** Keep the state that `action` led to. */
  keep(observation: Observation, action: Float32Array): void {
    this.last = observation;
    const frame = this.kept.length === KEPT_FRAMES ? this.kept.shift() : undefined;
    const poses = frame?.poses ?? new Float64Array(this.numPoses);
    this.simulation.poses?.(poses);
    const jointPositions = this.simulation.jointPositions?.() ?? new Float64Array(0);
    this.kept.push({ poses, jointPositions, observation: observation.state, action });
  }

  /** Name what of an observation is not finite. */
  findNonFinite(observation: Observation): string | undefined {
    // all there is where the state is only a part of it
    const [state, entries] = observation.privileged
      ? [observation.privileged, this.spec.privileged!]
      : [observation.state, this.spec.observation];
    const index = state.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) return `observation entry ${index} (${entries[index]!.name})`;
    for (const name of ["achievedGoal", "desiredGoal"] as const) {
      if (observation[name]?.some((value) => !Number.isFinite(value))) return name;
    }
    return undefined;
  }
}

/** Name what makes a reward useless, a term where one is to blame; rewards are kept in single precision. */
export function findNonFiniteReward(terms: Numbers, reward: number, weights: Numbers): string | undefined {
  if (Number.isFinite(Math.fround(reward))) return undefined;
  const term = Object.keys(weights).find(
    (name) => !Number.isFinite(Math.fround(weights[name]! * terms[name]!)),
  );
  return term === undefined ? "reward" : `reward term "${term}"`;
}

/** Copy an observation, so that the caller may write into it. */
export function copyOf(observation: Observation): Observation {
  const copies = Object.entries(observation).map(([name, array]) => [name, array.slice()]);
  return Object.fromEntries(copies) as Observation;
}
