// An environment of Python's Gymnasium as an environment of armgym: each call is a request to the thread's Python process.
import type { Env, EnvInfo, EnvSnapshot, StateFrame, StepInfo, StepResult } from "../env/env.js";
import { followingSeed } from "../env/following-seed.js";
import { copyOf } from "../env/nan-guard.js";
import type { Observation } from "../env/observation.js";
import { createRandom } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { ContactPoint } from "../scene/contact-point.js";
import type { SceneDescription } from "../scene/scene.js";
import type { Box, Dict } from "../spaces/space.js";
import type { GoalPlaces } from "./gymnasium-spaces.js";
import { type Asked, explainPythonError } from "./python-complaint.js";
import { newRequest, OPERATIONS, type PythonProcess } from "./python-process.js";

/** What environments of one id and the same keywords share; frozen. */
export interface GymnasiumKind {
  readonly asked: Asked;
  readonly spec: EnvInfo;
  readonly observationSpace: Dict;
  readonly actionSpace: Box;
  /** Where the goals stand in the state. */
  readonly goal: GoalPlaces | undefined;
  readonly versions: Readonly<Record<string, string>>;
  /** Make one in the thread's Python process. */
  open(): PlaceInPython;
}

/** Where an environment is. */
export interface PlaceInPython {
  readonly process: PythonProcess;
  /** There. */
  readonly number: number;
}

/** Bytes of a reply before the observation: reward, terminated, truncated, success. */
const REPLY_HEAD = 11;
/** Steps that are kept for the dump of an episode that was dropped. */
const KEPT_FRAMES = 16;
/** Seeds are passed on as they are below this: `reset(seed=7)` there is `reset({ seed: 7 })` here. */
const SEEDS = 2 ** 31;
const NO_NUMBERS = new Float64Array(0);

/** Environments that nobody closed and nothing holds any more are closed in Python. */
const forgotten = new FinalizationRegistry<PlaceInPython>(({ process, number }) => process.close(number));

/** One environment in Python; it is made there at the first reset. */
export class GymnasiumEnv implements Env {
  readonly id: string;
  readonly spec: EnvInfo;
  readonly observationSpace: Dict;
  readonly actionSpace: Box;
  private readonly kind: GymnasiumKind;
  private readonly request: Buffer;
  private readonly body: number;
  private place: PlaceInPython | undefined;
  private seed = "0";
  private isFresh = true;
  private phase: "new" | "running" | "ended" = "new";
  private clippedActions = 0;
  private last: Observation | undefined;
  private frames: StateFrame[] = [];

  constructor(kind: GymnasiumKind) {
    this.kind = kind;
    this.id = kind.spec.id;
    this.spec = kind.spec;
    this.observationSpace = kind.observationSpace;
    this.actionSpace = kind.actionSpace;
    const { request, body } = newRequest(4 + 8 * kind.spec.action.length);
    this.request = request;
    this.body = body;
  }

  reset(
    options: {
      readonly seed?: number | string;
      readonly difficulty?: number;
      readonly snapshot?: EnvSnapshot;
    } = {},
  ): { readonly observation: Observation; readonly info: StepInfo } {
    const { id } = this;
    const { difficulty = 1, seed = this.isFresh ? this.seed : followingSeed(id, this.seed) } = options;
    if (options.snapshot) throw this.noSnapshots("reset()");
    if (!(typeof seed === "string" || Number.isSafeInteger(seed)))
      throw new UsageError(`${id}: reset() got the seed ${seed}, expected a whole number or a text.`);
    if (difficulty !== 1)
      throw new UsageError(
        `${id}: reset() got the difficulty ${difficulty}: an environment of Gymnasium has none. Leave it out.`,
      );
    this.seed = String(seed);
    this.isFresh = false;
    this.clippedActions = 0;
    this.frames = [];
    this.phase = "new";
    const { request, body } = newRequest(8);
    request.writeUInt32LE(this.open().number, body);
    request.writeUInt32LE(pythonSeed(id, this.seed), body + 4);
    const { observation, success } = this.ask(OPERATIONS.reset, request, "reset()");
    const nonFinite = this.findNonFinite(observation.state);
    if (nonFinite !== undefined)
      throw new UsageError(`${id}: ${nonFinite} is not finite after reset(), of the seed ${this.seed}.`);
    this.phase = "running";
    this.keep(observation, new Float32Array(0));
    return { observation, info: this.info(success, 0) };
  }

  step(action: ArrayLike<number>, offset = 0): StepResult {
    const { phase, id } = this;
    if (phase === "new") throw new UsageError(`${id}: step() was called before reset(). Call reset() first.`);
    if (phase === "ended")
      throw new UsageError(
        `${id}: step() was called after the episode's end. Call reset() to start the next one.`,
      );
    const taken = this.take(action, offset);
    const result = this.ask(OPERATIONS.step, this.request, "step()");
    const { observation, reward, terminated, success } = result;
    const nonFinite =
      this.findNonFinite(observation.state) ?? (Number.isFinite(Math.fround(reward)) ? undefined : "reward");
    if (nonFinite !== undefined) {
      this.phase = "ended";
      const info = { ...this.info(false, 0), nonFinite };
      return { observation: copyOf(this.last!), reward: 0, terminated: false, truncated: true, info };
    }
    this.keep(observation, taken);
    const truncated = result.truncated && !terminated;
    if (terminated || truncated) this.phase = "ended";
    return { observation, reward, terminated, truncated, info: this.info(success, reward) };
  }

  perturb(): void {
    throw this.outOfReach("perturb()", "nothing in its physics can be pulled or changed from here");
  }

  takeHold(): void {
    this.perturb();
  }

  sampleScene(): Observation {
    throw this.outOfReach("sampleScene()", "it has no scenes to sample");
  }

  scatter(): Observation {
    return this.sampleScene();
  }

  snapshot(): EnvSnapshot {
    throw this.noSnapshots("snapshot()");
  }

  restore(): Observation {
    throw this.noSnapshots("restore()");
  }

  drawn() {
    return {};
  }

  /** Empty: what it draws, it draws in Python. */
  scene(): SceneDescription {
    return { entities: [] };
  }

  poses(): void {}

  contacts(): ContactPoint[] {
    return [];
  }

  jointPositions(): Float64Array {
    return NO_NUMBERS;
  }

  jointLimits() {
    return [];
  }

  toolPoses() {
    return undefined;
  }

  render(): Uint8Array {
    throw this.outOfReach("render()", 'drawn there, if at all: by the keyword render_mode="human"');
  }

  lastFrames(): readonly StateFrame[] {
    return this.frames;
  }

  close(): void {
    this.phase = "new";
    const { place } = this;
    if (!place) return;
    this.place = undefined;
    forgotten.unregister(this);
    place.process.close(place.number);
  }

  private open(): PlaceInPython {
    if (this.place?.process.isOver === false) return this.place;
    forgotten.unregister(this);
    this.place = this.kind.open();
    forgotten.register(this, this.place, this);
    return this.place;
  }

  /** Write the action into the request, in the units of the environment; returns it as it was clipped. */
  private take(action: ArrayLike<number>, offset: number): Float32Array {
    const { spec, id, request, body } = this;
    const size = spec.action.length;
    if (action.length < offset + size)
      throw new UsageError(`${id}: the action has ${action.length - offset} entries, expected ${size}.`);
    const taken = new Float32Array(size);
    request.writeUInt32LE(this.place!.number, body);
    for (let k = 0; k < size; k++) {
      const value = action[offset + k]!;
      const { name, scale, offset: middle } = spec.action[k]!;
      if (!Number.isFinite(value))
        throw new UsageError(
          `${id}: action entry ${k} (${name}) is ${value}, expected a number from -1 to 1.`,
        );
      if (value < -1 || value > 1) this.clippedActions++;
      taken[k] = Math.min(1, Math.max(-1, value));
      request.writeDoubleLE(scale * taken[k]! + middle, body + 4 + 8 * k);
    }
    return taken;
  }

  /** Ask Python, and read what a reset or a step leads to. */
  private ask(operation: number, request: Buffer, call: string) {
    const { kind, spec, id } = this;
    let reply: Buffer;
    try {
      reply = this.place!.process.ask(operation, request, `${id}: ${call}`);
    } catch (error) {
      this.phase = "new";
      throw explainPythonError(error, kind.asked, call);
    }
    const state = new Float32Array(spec.observation.length);
    if (reply.length !== REPLY_HEAD + state.byteLength)
      throw new UsageError(
        `${id}: ${call} got ${reply.length} bytes from Python, expected ${REPLY_HEAD + state.byteLength}.`,
      );
    reply.copy(new Uint8Array(state.buffer), 0, REPLY_HEAD);
    const { goal } = kind;
    const observation = goal
      ? {
          state,
          achievedGoal: state.slice(goal.achieved, goal.achieved + goal.size),
          desiredGoal: state.slice(goal.desired, goal.desired + goal.size),
        }
      : { state };
    return {
      observation,
      reward: reply.readDoubleLE(0),
      terminated: reply[8] === 1,
      truncated: reply[9] === 1,
      success: reply[10] === 1,
    };
  }

  private findNonFinite(state: Float32Array): string | undefined {
    const index = state.findIndex((value) => !Number.isFinite(value));
    return index < 0 ? undefined : `observation entry ${index} (${this.spec.observation[index]!.name})`;
  }

  private keep(observation: Observation, action: Float32Array): void {
    this.last = observation;
    if (this.frames.length === KEPT_FRAMES) this.frames.shift();
    this.frames.push({
      poses: NO_NUMBERS,
      jointPositions: NO_NUMBERS,
      observation: observation.state,
      action,
    });
  }

  private info(success: boolean, reward: number): StepInfo {
    const { clippedActions, seed } = this;
    return { success, rewardTerms: { reward }, clippedActions, seed };
  }

  private noSnapshots(call: string): UsageError {
    return this.outOfReach(
      call,
      "its state cannot be copied. To come to a state again, reset with the same seed and take the same actions",
    );
  }

  private outOfReach(call: string, why: string): UsageError {
    return new UsageError(
      `${this.id}: ${call} is not possible: an environment of Gymnasium is simulated in Python, and ${why}.`,
    );
  }
}

/** The seed of `env.reset(seed=...)`: whole numbers below 2^31 as they are, any other text by a number that follows from it. */
function pythonSeed(id: string, seed: string): number {
  const isNumber = /^\d{1,10}$/.test(seed) && Number(seed) < SEEDS;
  return isNumber ? Number(seed) : createRandom(`${id}/${seed}`).integer(SEEDS);
}
