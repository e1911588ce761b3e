// Draws what is randomised in an episode, and disturbs what goes in and out of the environment.
import { clippedAction } from "../../math/clipped-action.js";
import { createRandom, type Random } from "../../math/random.js";
import { UsageError } from "../../math/usage-error.js";
import type { EnvInfo } from "../env.js";
import type { DrawnValues, Simulation } from "../simulation.js";
import { type Randomization, type RandomizationName, scaleRange } from "./randomization.js";
import type { RandomizerSnapshot, Seen } from "./randomizer-snapshot.js";

/** Names that the environment itself applies; all others are the simulation's. */
const OWN_NAMES = ["observationDelay", "positionBias", "positionNoise", "velocityNoise", "actionNoise"];

/** Every name has a random stream of its own, so that what is drawn for one does not depend on the others. */
export class Randomizer {
  private readonly ranges: Randomization;
  private readonly simulation: Simulation;
  private readonly spec: EnvInfo;
  private readonly names: readonly RandomizationName[];
  private readonly counts: Readonly<Record<string, number>>;
  /** Places of observation entries by what they measure. */
  private readonly lengths: readonly number[];
  private readonly positions: readonly number[];
  private readonly velocities: readonly number[];
  private streams: Readonly<Record<string, Random>> = {};
  private values: DrawnValues = {};
  private history: Seen[] = [];
  private seen: Seen = { state: new Float32Array(0) };

  constructor(ranges: Randomization, simulation: Simulation, spec: EnvInfo) {
    const places = (...units: string[]) =>
      spec.observation.flatMap(({ unit }, index) => (units.includes(unit) ? [index] : []));
    this.ranges = ranges;
    this.simulation = simulation;
    this.spec = spec;
    this.lengths = places("m");
    this.positions = places("m", "rad");
    this.velocities = places("m/s", "rad/s");
    const own = Object.fromEntries(OWN_NAMES.map((name) => [name, 1]));
    this.counts = { ...simulation.variable, ...own, positionBias: this.lengths.length };
    this.names = Object.keys(ranges) as RandomizationName[];
    const unknown = this.names.find((name) => this.counts[name] === undefined);
    if (unknown !== undefined) {
      throw new UsageError(
        `Setting "randomization.${unknown}" of ${spec.id} needs a robot cell; this environment has none. Leave it out.`,
      );
    }
  }

  /** Values of the present episode by name. */
  get drawn(): DrawnValues {
    return this.values;
  }

  /** Restart all streams. */
  seed(name: string): void {
    this.streams = Object.fromEntries(
      this.names.map((purpose) => [purpose, createRandom(`${name}/randomization/${purpose}`)]),
    );
  }

  /** Draw an episode's values from ranges narrowed by `difficulty`, and give the simulation its share. */
  begin(difficulty: number): void {
    const values: Record<string, readonly number[]> = {};
    for (const name of this.names) {
      const { low, high } = scaleRange(name, this.ranges[name]!, difficulty);
      values[name] = Array.from({ length: this.counts[name]! }, () => this.streams[name]!.uniform(low, high));
    }
    this.values = values;
    this.history = [];
    this.simulation.vary?.(values);
  }

  /** Add noise to `action` in place. */
  disturbAction(action: Float32Array): void {
    const spread = this.values.actionNoise?.[0] ?? 0;
    if (spread === 0) return;
    for (let k = 0; k < action.length; k++) {
      const noisy = action[k]! + spread * this.streams.actionNoise!.normal();
      action[k] = clippedAction(noisy);
    }
  }

  /** Push free bodies as often as chance has it within a control step, which is to follow; call once for each. */
  push(): void {
    const { simulation, values } = this;
    const [rate = 0] = values.pushRate ?? [];
    const [strength = 0] = values.pushImpulse ?? [];
    for (let body = 0; body < (simulation.variable?.objectMass ?? 0); body++) {
      if (rate === 0) continue;
      // so many in every control step, and one more as often as the rest says
      const perStep = rate / this.spec.controlRate;
      const most = Math.ceil(perStep);
      const pushes = this.streams.pushRate!.uniform() < perStep - most + 1 ? most : most - 1;
      for (let push = 0; push < pushes; push++) {
        const angle = this.streams.pushImpulse!.uniform(-Math.PI, Math.PI);
        simulation.push?.(body, [strength * Math.cos(angle), strength * Math.sin(angle)]);
      }
    }
  }

  /** Disturb an observation: an older one, its numbers with bias and noise, within their bounds. */
  observe(now: Seen): Seen {
    const { values, history, streams, spec } = this;
    const delay = Math.round((values.observationDelay?.[0] ?? 0) * spec.controlRate);
    history.push(copyOf(now));
    if (history.length > delay + 1) history.shift();
    const seen = copyOf(history[0]!);
    const { state } = seen;
    for (const [k, index] of this.lengths.entries()) state[index]! += values.positionBias?.[k] ?? 0;
    addNoise(state, this.positions, values.positionNoise?.[0] ?? 0, streams.positionNoise);
    addNoise(state, this.velocities, values.velocityNoise?.[0] ?? 0, streams.velocityNoise);
    for (const { index, low, high } of spec.observation)
      state[index] = Math.max(low, Math.min(high, state[index]!));
    this.seen = seen;
    return copyOf(seen);
  }

  snapshot(): RandomizerSnapshot {
    return {
      streams: Object.fromEntries(this.names.map((name) => [name, this.streams[name]!.state()])),
      values: this.values,
      history: this.history.map(copyOf),
      seen: copyOf(this.seen),
    };
  }

  /** Become what `snapshot` was, and return its last observation. */
  restore({ streams, values, history, seen }: RandomizerSnapshot): Seen {
    this.seed("");
    for (const name of this.names) this.streams[name]!.restore(streams[name]!);
    this.values = values;
    this.history = history.map(copyOf);
    this.seen = copyOf(seen);
    return copyOf(seen);
  }
}

function copyOf({ state, image }: Seen): Seen {
  return { state: state.slice(), ...(image ? { image: image.slice() } : {}) };
}

function addNoise(
  state: Float32Array,
  places: readonly number[],
  spread: number,
  random: Random | undefined,
): void {
  if (!random || spread === 0) return;
  for (const index of places) state[index]! += spread * random.normal();
}
