// Environments stepped as one batch for a client in another program, with Gymnasium's three ways to begin the next episode.
import type { AutoresetMode } from "../env/autoreset-mode.js";
import { blaming } from "../env/blaming.js";
import type { Env, EnvFactory, StepInfo } from "../env/env.js";
import { followingSeed } from "../env/following-seed.js";
import type { Observation } from "../env/observation.js";
import { Curriculum, parseCurriculum } from "../env/randomization/curriculum.js";
import { requireInRange } from "../env/settings/setting-range.js";
import { UsageError } from "../math/usage-error.js";
import { BatchReply } from "./batch-reply.js";
import { FRAME } from "./frames.js";
import { type ServedPart, servedParts } from "./served-parts.js";

/** What episodes begin with; `undefined` in a list: as it follows from the episode before. */
export interface BatchReset {
  /** Of each environment; absent: all follow. */
  readonly seeds?: readonly (string | undefined)[] | undefined;
  /** Which environments; absent: all. */
  readonly mask?: readonly boolean[] | undefined;
  /** From 0 to 1; absent: that of the curriculum, else 1. */
  readonly difficulty?: number | undefined;
}

/** Where an environment of a batch is, and the step that led there. */
export interface BatchState {
  readonly env: Env;
  readonly observation: Observation;
  readonly info: StepInfo;
  /** 0 at the start of an episode. */
  readonly reward: number;
  readonly terminated: boolean;
  /** Control steps since the start. */
  readonly length: number;
  /** What led here as the client gave it; empty at the start. [A] */
  readonly action: Float32Array;
}

const MOST_ENVS = 4096;

/** `numEnvs` environments with the same settings. */
export class EnvBatch {
  readonly numEnvs: number;
  readonly parts: readonly ServedPart[];
  readonly actionSize: number;
  private readonly factory: EnvFactory;
  private readonly config: Readonly<Record<string, unknown>>;
  private readonly envs: Env[];
  private readonly curricula: readonly Curriculum[];
  private readonly reply: BatchReply;
  private readonly phases: ("new" | "running" | "ended")[];
  /** Seeds of environments that were made anew, until they are reset. */
  private readonly nextSeeds: (string | undefined)[];
  private readonly states: (Omit<BatchState, "env"> | undefined)[];

  /** Throws a UsageError for settings that cannot be, and with `goal` where goals cannot be relabelled. */
  constructor(
    factory: EnvFactory,
    config: Readonly<Record<string, unknown>>,
    { numEnvs, goal }: { readonly numEnvs: number; readonly goal: boolean },
  ) {
    requireInRange({ numEnvs }, { numEnvs: { least: 1, most: MOST_ENVS, whole: true } }, () => "numEnvs");
    this.numEnvs = numEnvs;
    this.factory = factory;
    this.config = goal ? { rewardMode: "sparse", ...config } : config;
    const first = factory.create(this.config);
    this.parts = servedParts(first, goal);
    this.envs = [first];
    while (this.envs.length < numEnvs) this.envs.push(factory.create(this.config));
    const { spec } = first;
    const curriculum = parseCurriculum(spec.config.curriculum, spec.id);
    this.curricula = curriculum ? this.envs.map(() => new Curriculum(curriculum)) : [];
    this.actionSize = spec.action.length;
    this.reply = new BatchReply(numEnvs, this.parts, Object.keys(spec.rewardWeights));
    this.phases = this.envs.map(() => "new" as const);
    this.nextSeeds = this.envs.map(() => undefined);
    this.states = this.envs.map(() => undefined);
  }

  /** The first environment, which stands for all. */
  get env(): Env {
    return this.envs[0]!;
  }

  /** Where environment `i` is; throws a UsageError where it has not been reset yet. */
  state(i: number): BatchState {
    if (!this.envs[i])
      throw new UsageError(`There is no environment ${i}, expected 0 to ${this.numEnvs - 1}.`);
    const state = this.states[i];
    if (!state) throw new UsageError(`Environment ${i} has not begun an episode. Call reset() first.`);
    return { ...state, env: this.envs[i]! };
  }

  /** Begin episodes and return the frame that tells of them. Throws a UsageError where the first of some are left out. */
  reset({ seeds, mask, difficulty }: BatchReset): Buffer {
    for (const [name, list] of Object.entries({ seeds, mask }))
      if (list && list.length !== this.numEnvs)
        throw new UsageError(`reset() got ${list.length} ${name} for ${this.numEnvs} environments.`);
    const isLeft = (i: number) => mask !== undefined && !mask[i];
    const never = this.phases.findIndex((phase, i) => phase === "new" && isLeft(i));
    if (never >= 0)
      throw new UsageError(
        `Environment ${never} has not begun any episode and is not in the mask. Reset all of them first.`,
      );
    this.reply.begin();
    for (let i = 0; i < this.numEnvs; i++) if (!isLeft(i)) this.restart(i, { seed: seeds?.[i], difficulty });
    return this.reply.frame(FRAME.reset);
  }

  /**
   * Act with `actions` [numEnvs, actionSize] and return the frame that tells what came of it.
   *
   * Throws a UsageError, before any environment has acted, for an action that is not finite and for an environment that
   * has not begun an episode; in mode "Disabled" also for one whose episode has ended.
   */
  step(mode: AutoresetMode, actions: Float32Array): Buffer {
    this.requireReady(mode);
    this.requireFinite(actions);
    const { reply } = this;
    reply.begin();
    for (let i = 0; i < this.numEnvs; i++) {
      if (this.phases[i] === "ended") {
        this.restart(i, {});
        continue;
      }
      const env = this.envs[i]!;
      const action = actions.subarray(i * this.actionSize, (i + 1) * this.actionSize);
      const result = blaming(env.id, "step()", () => env.step(action));
      const { observation, reward, terminated, truncated, info } = result;
      const length = this.states[i]!.length + 1;
      this.states[i] = { observation, info, reward, terminated, length, action };
      reply.addStep(i, result);
      if (!(terminated || truncated)) {
        reply.observe(i, observation);
        continue;
      }
      this.end(i, info);
      if (mode === "SameStep") {
        reply.addFinal(i, observation);
        this.restart(i, {});
      } else reply.observe(i, observation);
    }
    return reply.frame(FRAME.step);
  }

  private end(i: number, info: StepInfo): void {
    this.phases[i] = "ended";
    if (info.nonFinite === undefined) {
      this.curricula[i]?.observe(info.success);
      return;
    }
    // what broke the simulation may outlast a reset: go on with a new one
    const env = this.envs[i]!;
    env.close();
    this.envs[i] = this.factory.create(this.config);
    this.nextSeeds[i] = followingSeed(env.id, info.seed);
  }

  private restart(i: number, { seed = this.nextSeeds[i], difficulty }: Start): void {
    const env = this.envs[i]!;
    const wanted = difficulty ?? this.curricula[i]?.difficulty;
    const { observation, info } = blaming(env.id, "reset()", () =>
      env.reset({
        ...(seed === undefined ? {} : { seed }),
        ...(wanted === undefined ? {} : { difficulty: wanted }),
      }),
    );
    this.nextSeeds[i] = undefined;
    this.phases[i] = "running";
    const action = new Float32Array(0);
    this.states[i] = { observation, info, reward: 0, terminated: false, length: 0, action };
    this.reply.observe(i, observation);
    this.reply.addReset(i, info);
  }

  private requireReady(mode: AutoresetMode): void {
    const i = this.phases.findIndex((phase) => phase === "new" || (phase === "ended" && mode === "Disabled"));
    if (i < 0) return;
    throw new UsageError(
      this.phases[i] === "new"
        ? `Environment ${i} has not begun an episode. Call reset() first.`
        : `The episode of environment ${i} has ended. Call reset() before the next step.`,
    );
  }

  private requireFinite(actions: Float32Array): void {
    const { actionSize, numEnvs } = this;
    if (actions.length !== numEnvs * actionSize)
      throw new UsageError(
        `step() got ${actions.length} numbers, expected ${actionSize} for each of ${numEnvs} environments.`,
      );
    const index = actions.findIndex((value) => !Number.isFinite(value));
    if (index < 0) return;
    const entry = index % actionSize;
    const { name } = this.env.spec.action[entry]!;
    throw new UsageError(
      `Action entry ${entry} (${name}) of environment ${Math.floor(index / actionSize)} is ${actions[index]}, expected a number from -1 to 1.`,
    );
  }
}

interface Start {
  readonly seed?: string | undefined;
  readonly difficulty?: number | undefined;
}
