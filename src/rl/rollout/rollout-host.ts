// Everything one thread needs to roll out its groups and to evaluate.
import { loadEngine } from "../../compile/engines/load-engine.js";
import { blaming } from "../../env/blaming.js";
import type { Env, EnvFactory } from "../../env/env.js";
import type { EpisodeResult } from "../../env/vec-env.js";
import type { ModelRunner, ModelWeights } from "../../model/model-runner.js";
import { type EvaluationEpisode, evaluateBatch } from "../evaluate.js";
import type { TeacherDefinition } from "../imitation/teacher.js";
import { type AgentDefinition, type PolicySizes, policyFor } from "../policy.js";
import { policyRunner } from "../policy-model.js";
import type { PpoSettings } from "../ppo/ppo-settings.js";
import type { RolloutBuffer } from "./rollout-buffer.js";
import { atWork, type RolloutControl } from "./rollout-control.js";
import { RolloutGroup, type RolloutGroupSnapshot } from "./rollout-group.js";
import type { Collection } from "./strategies/strategy.js";

/** What rollouts depend on; plain data apart from the two definitions. */
export interface RolloutPlan {
  readonly settings: PpoSettings;
  readonly seed: number | string;
  readonly trainEnv: Readonly<Record<string, unknown>>;
  readonly evalEnv: Readonly<Record<string, unknown>>;
  readonly engine: string;
  readonly sizes: PolicySizes;
  /** What the threads of a run share besides. */
  readonly control?: RolloutControl;
}

/** Rolls out some of the groups of a run, and evaluates. */
export interface RolloutPool {
  /** Data of all groups by index; filled by `collect`. */
  readonly data: readonly RolloutBuffer[];
  /** Roll all groups out, by the policy or the pool's teacher; returns the episodes that ended, group after group. */
  collect(acting: ModelWeights, collection: Collection): Promise<EpisodeResult[]>;
  /** Evaluate the policy's mean on `seeds`, in their order; those that the plan's control cancels are left out. */
  evaluate(acting: ModelWeights, seeds: readonly number[]): Promise<EvaluationEpisode[]>;
  /** Copy the state of all groups by index. */
  snapshot(): Promise<RolloutGroupSnapshot[]>;
  restore(snapshots: readonly RolloutGroupSnapshot[]): Promise<void>;
  close(): Promise<void>;
}

/** Owns the groups with the indices given and does their work in this thread. */
export class RolloutHost {
  private readonly groups: readonly RolloutGroup[];
  private readonly runner: ModelRunner;
  private readonly factory: EnvFactory;
  private readonly plan: RolloutPlan;
  private evaluationEnvs: Env[] = [];

  private constructor(
    plan: RolloutPlan,
    factory: EnvFactory,
    groups: readonly RolloutGroup[],
    runner: ModelRunner,
  ) {
    this.plan = plan;
    this.factory = factory;
    this.groups = groups;
    this.runner = runner;
  }

  /** Build the groups and compile the policy. */
  static async create(
    plan: RolloutPlan,
    factory: EnvFactory,
    agent: AgentDefinition,
    indices: readonly number[],
    teacher?: TeacherDefinition,
  ): Promise<RolloutHost> {
    const { settings, seed, trainEnv, engine } = plan;
    const { spec } = factory.create(plan.evalEnv);
    const policy = policyFor(agent, spec, settings);
    const { image } = policy;
    const loaded = await loadEngine(engine, () => {});
    const runner = await policyRunner(policy, loaded, settings.envsPerGroup);
    const groups: RolloutGroup[] = [];
    for (const index of indices) {
      const own = await teacher?.createTeacher(spec, settings.envsPerGroup, engine);
      const options = { seed, index, image, teacher: own };
      groups.push(new RolloutGroup(factory, trainEnv, settings, runner.fork(), options));
    }
    return new RolloutHost(plan, factory, groups, runner);
  }

  /** Roll out this host's groups into `data`, indexed as the groups were. */
  async collect(
    acting: ModelWeights,
    data: readonly RolloutBuffer[],
    collection: Collection,
  ): Promise<EpisodeResult[][]> {
    const episodes: EpisodeResult[][] = [];
    const { control } = this.plan;
    await atWork(control, async () => {
      for (const [k, group] of this.groups.entries())
        episodes.push(await group.collect(acting, data[k]!, collection, control));
    });
    return episodes;
  }

  /** Evaluate batches of at most `envsPerGroup` seeds. */
  async evaluate(
    acting: ModelWeights,
    batches: readonly (readonly number[])[],
  ): Promise<EvaluationEpisode[][]> {
    const { settings, control } = this.plan;
    if (this.evaluationEnvs.length === 0)
      this.evaluationEnvs = Array.from({ length: settings.envsPerGroup }, () => this.evaluationEnv());
    const results: EvaluationEpisode[][] = [];
    this.runner.load(acting);
    await atWork(control, async () => {
      for (const seeds of batches) {
        const episodes = await evaluateBatch(this.evaluationEnvs, this.runner, seeds, control);
        results.push(episodes);
        // what broke a simulation may outlast a reset
        for (const { nonFinite, seed } of episodes)
          if (nonFinite !== undefined) this.evaluationEnvs[seeds.indexOf(seed)] = this.evaluationEnv();
      }
    });
    return results;
  }

  private evaluationEnv(): Env {
    const { factory, plan } = this;
    return blaming(factory.id, "create()", () => factory.create(plan.evalEnv));
  }

  snapshot(): RolloutGroupSnapshot[] {
    return this.groups.map((group) => group.snapshot());
  }

  restore(snapshots: readonly RolloutGroupSnapshot[]): void {
    for (const [k, group] of this.groups.entries()) group.restore(snapshots[k]!);
  }
}

/** Cut `seeds` into the batches that every pool evaluates. */
export function evaluationBatches(seeds: readonly number[], envsPerGroup: number): number[][] {
  const batches: number[][] = [];
  for (let start = 0; start < seeds.length; start += envsPerGroup)
    batches.push(seeds.slice(start, start + envsPerGroup));
  return batches;
}
