// Make an environment from its parts: config, build, reset, observation, reward, success.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { Perturbation } from "../scene/perturbation.js";
import type { Box, Dict } from "../spaces/space.js";
import { type ActionScaling, actionScaling } from "./action-scaling.js";
import { CameraObservation } from "./camera-observation.js";
import { goalDistance, goalReward } from "./compute-reward.js";
import { drawnSeed } from "./drawn-seed.js";
import type {
  ComputeReward,
  Env,
  EnvFactory,
  EnvInfo,
  EnvSnapshot,
  StateFrame,
  StepInfo,
  StepResult,
} from "./env.js";
import type {
  EnvConfig,
  EnvDefinition,
  NoOtherTerms,
  ObservationGroup,
  RewardTerms,
} from "./env-definition.js";
import { boxOf, observationSpaceOf, readGroups, specOf } from "./env-info.js";
import { labelOf, requireOwnSnapshot } from "./env-snapshot.js";
import { followingSeed } from "./following-seed.js";
import { copyOf, findNonFiniteReward, NanGuard } from "./nan-guard.js";
import type { Observation } from "./observation.js";
import { parseCurriculum } from "./randomization/curriculum.js";
import { parseRandomization } from "./randomization/randomization.js";
import { Randomizer } from "./randomization/randomizer.js";
import { SceneRenderer } from "./render-scene.js";
import { requireTerms } from "./reward-terms.js";
import { deepFreeze, frozenCopy } from "./settings/plain-data.js";
import { COMMON_RANGES, fittedDefaults, resolveConfig } from "./settings/resolve-config.js";
import type { DrawnValues, JointLimits, Simulation, ToolPoses } from "./simulation.js";
import { takeAction } from "./take-action.js";
import { isTruncated } from "./time-limit.js";

/** Overlaps deeper than this are reported, m. */
const GIVEN_WAY = 1e-3;

/**
 * Turn a definition into a factory of environments.
 *
 * @throws Nothing; `create` throws a UsageError for settings and definitions that cannot be.
 * @example
 * const hover = defineEnv({ id: "Hover-v1", description, maxEpisodeSteps: 40, defaults, build, reset, observation, reward });
 */
export function defineEnv<
  Scene extends { readonly simulation: Simulation },
  Config extends EnvConfig,
  Terms extends RewardTerms<Config>,
>(definition: EnvDefinition<Scene, Config, Terms & NoOtherTerms<Terms, Config>>): EnvFactory<Config> {
  const { id, description } = definition;
  // environments may share parts of their defaults: what one hands out must not change another
  const own = { ...definition, defaults: frozenCopy(definition.defaults) };
  return {
    id,
    description,
    defaults: own.defaults,
    ...(own.fitted ? { defaultsWith: (config) => fittedDefaults(own, config) } : {}),
    ranges: { ...COMMON_RANGES, ...definition.ranges },
    create: (overrides = {}) => new DefinedEnv(own, resolveConfig(own, overrides)),
  };
}

class DefinedEnv<Scene extends { readonly simulation: Simulation }, Config extends EnvConfig> implements Env {
  readonly id: string;
  readonly spec: EnvInfo;
  readonly observationSpace: Dict;
  readonly actionSpace: Box;
  readonly computeReward?: ComputeReward;
  private readonly definition: EnvDefinition<Scene, Config>;
  private readonly config: Config;
  private readonly world: Scene;
  private readonly simulation: Simulation;
  private readonly scaling: ActionScaling;
  private readonly action: Float32Array;
  private readonly guard: NanGuard;
  private readonly randomizer: Randomizer | undefined;
  private readonly cameras: CameraObservation | undefined;
  private readonly stateGroups: readonly ObservationGroup<Scene>[];
  private readonly renderer: SceneRenderer;
  private random: Random;
  private seed: string;
  private difficulty = 1;
  /** Whether there has been no episode yet. */
  private isFresh = true;
  private label: ReturnType<typeof labelOf> | undefined;
  private steps = 0;
  private clippedActions = 0;
  private phase: "new" | "running" | "ended" = "new";

  constructor(definition: EnvDefinition<Scene, Config>, config: Config) {
    const { id } = definition;
    this.definition = definition;
    this.id = id;
    this.seed = "0";
    this.random = createRandom(`${id}/0`);
    this.world = definition.build(config);
    const simulation = this.world.simulation;
    this.simulation = simulation;
    const usualRate = definition.defaults.controlRate ?? simulation.controlRate ?? 1;
    const episodeSeconds = definition.maxEpisodeSteps / usualRate;
    const ranges = parseRandomization(config.randomization, { id, episodeSeconds });
    const curriculum = parseCurriculum(config.curriculum, id);
    // presets and short forms written out, so that the spec shows what was in force
    this.config = frozenCopy({
      ...config,
      ...(ranges ? { randomization: ranges } : {}),
      ...(curriculum ? { curriculum } : {}),
    });
    this.cameras = CameraObservation.create(id, simulation, this.config);
    this.stateGroups =
      config.observationMode === "camera"
        ? definition.observation.filter(({ proprioception }) => proprioception)
        : definition.observation;
    this.scaling = actionScaling(id, simulation.actionEntries);
    this.renderer = new SceneRenderer(id, simulation);
    const { stateGroups, cameras, scaling } = this;
    this.spec = frozenCopy(
      specOf(definition, this.config, simulation, stateGroups, scaling.entries, cameras),
    );
    const { action, goal } = this.spec;
    this.randomizer = ranges && new Randomizer(ranges, simulation, this.spec);
    this.randomizer?.seed(`${id}/0`);
    // an episode with another goal would have shown it, or its success asks for more than the goal
    if (goal && !definition.goal?.remembered && !definition.success)
      this.computeReward = goalReward(id, goal);
    this.observationSpace = deepFreeze(observationSpaceOf(this.spec));
    this.actionSpace = deepFreeze(boxOf(action));
    this.action = new Float32Array(action.length);
    this.guard = new NanGuard(this.spec, simulation, this.scene().entities.length);
  }

  reset(
    options: {
      readonly seed?: number | string;
      readonly difficulty?: number;
      readonly snapshot?: EnvSnapshot;
    } = {},
  ) {
    const { id } = this;
    const { difficulty = 1, seed = this.nextSeed(), snapshot } = options;
    if (snapshot) {
      if (options.seed !== undefined || options.difficulty !== undefined) {
        throw new UsageError(
          `${id}: reset() got a snapshot and a seed or difficulty, but a snapshot holds its own. Leave one out.`,
        );
      }
      const observation = this.restore(snapshot);
      return { observation, info: this.info({}, this.succeeded(observation)) };
    }
    if (!(typeof seed === "string" || Number.isSafeInteger(seed)))
      throw new UsageError(`${id}: reset() got the seed ${seed}, expected a whole number or a text.`);
    if (!(difficulty >= 0 && difficulty <= 1)) {
      throw new UsageError(`${id}: reset() got the difficulty ${difficulty}, expected a number from 0 to 1.`);
    }
    this.seed = String(seed);
    this.random = createRandom(`${id}/${seed}`);
    this.randomizer?.seed(`${id}/${seed}`);
    this.cameras?.seed(`${id}/${seed}`);
    this.isFresh = false;
    this.difficulty = difficulty;
    this.steps = 0;
    this.clippedActions = 0;
    this.guard.begin();
    this.randomizer?.begin(difficulty);
    this.definition.reset(this.world, this.random, this.config, difficulty);
    this.cameras?.begin();
    this.phase = "running";
    const observation = this.observe();
    const nonFinite = this.guard.findNonFinite(observation);
    if (nonFinite !== undefined) {
      throw new UsageError(`${id}: ${nonFinite} is not finite after reset(). Look at reset and observation.`);
    }
    this.guard.keep(observation, new Float32Array(0));
    return { observation, info: this.info({}, this.succeeded(observation)) };
  }

  step(action: ArrayLike<number>, offset = 0): StepResult {
    this.requireRunning();
    this.clippedActions += takeAction(action, offset, this.action, this.spec);
    this.randomizer?.disturbAction(this.action);
    this.randomizer?.push();
    this.simulation.step(this.scaling.apply(this.action));
    this.steps++;
    const { definition, world, config, spec } = this;
    const observation = this.observe();
    const terms = requireTerms(this.id, definition.reward(world, config), spec.rewardWeights);
    const success = this.succeeded(observation);
    let reward = success ? 0 : -1;
    if (config.rewardMode === "dense") {
      reward = 0;
      for (const term in spec.rewardWeights) reward += spec.rewardWeights[term]! * terms[term]!;
    }
    const nonFinite =
      this.guard.findNonFinite(observation) ?? findNonFiniteReward(terms, reward, spec.rewardWeights);
    if (nonFinite !== undefined) {
      this.phase = "ended";
      const finite = Object.fromEntries(Object.entries(terms).filter(([, value]) => Number.isFinite(value)));
      const info = { ...this.info(finite, false), nonFinite };
      // where it really ended is not known: nobody may go on from the value of what is returned
      return { observation: this.guard.lastGood, reward: 0, terminated: true, truncated: false, info };
    }
    this.guard.keep(observation, this.action.slice());
    const terminatedBy = definition.terminated?.(world, config);
    const terminated = terminatedBy !== undefined;
    const truncated = isTruncated(this.steps, spec.maxEpisodeSteps, terminated);
    if (terminated || truncated) this.phase = "ended";
    const info = { ...this.info(terms, success), ...(terminated ? { terminatedBy } : {}) };
    return { observation, reward, terminated, truncated, info };
  }

  sampleScene(seed: number | string): Observation {
    const { simulation, id } = this;
    if (!simulation.sampleScene)
      throw new UsageError(`${id} has no scenes to sample: it needs a robot cell.`);
    this.reset({ seed });
    simulation.sampleScene(this.random);
    this.phase = "ended";
    return this.undisturbed();
  }

  perturb(perturbation: Perturbation): void {
    const { simulation, id } = this;
    if (!simulation.perturb) {
      throw new UsageError(`${id} has nothing that could be perturbed: it needs a robot cell.`);
    }
    simulation.perturb(perturbation);
  }

  takeHold(perturbation: Perturbation): void {
    this.perturb(perturbation);
  }

  scatter(seed: number | string): Observation {
    return this.sampleScene(seed);
  }

  snapshot(): EnvSnapshot {
    const { steps, clippedActions, seed, difficulty, random, simulation, randomizer } = this;
    const look = this.cameras?.snapshot();
    return {
      ...this.labelled(),
      steps,
      ended: this.phase !== "running",
      difficulty,
      clippedActions,
      seed,
      random: random.state(),
      simulation: simulation.snapshot(),
      ...(randomizer ? { randomizer: randomizer.snapshot() } : {}),
      ...(look ? { look } : {}),
    };
  }

  restore(snapshot: EnvSnapshot): Observation {
    requireOwnSnapshot(snapshot, this.labelled(), this.randomizer !== undefined);
    this.steps = snapshot.steps;
    this.clippedActions = snapshot.clippedActions;
    this.seed = snapshot.seed;
    this.difficulty = snapshot.difficulty;
    this.isFresh = false;
    this.random.restore(snapshot.random);
    this.simulation.restore(snapshot.simulation as never);
    this.guard.begin();
    this.phase = snapshot.ended ? "ended" : "running";
    const { randomizer } = this;
    const seen = snapshot.randomizer && randomizer?.restore(snapshot.randomizer);
    this.cameras?.restore(snapshot.look);
    const observation = { ...this.undisturbed(), ...seen };
    this.guard.keep(observation, new Float32Array(0));
    return copyOf(observation);
  }

  look() {
    return this.cameras?.look;
  }

  drawn(): DrawnValues {
    return this.randomizer?.drawn ?? {};
  }

  scene() {
    return this.simulation.scene?.() ?? { entities: [] };
  }

  poses(out: Float64Array): void {
    this.simulation.poses?.(out);
  }

  contacts() {
    return this.simulation.contacts?.() ?? [];
  }

  jointPositions(): Float64Array {
    return this.simulation.jointPositions?.() ?? new Float64Array(0);
  }

  jointLimits(): readonly JointLimits[] {
    return this.simulation.jointLimits?.() ?? [];
  }

  toolPoses(): ToolPoses | undefined {
    return this.simulation.toolPoses?.();
  }

  render(size?: number): Uint8Array {
    return this.renderer.render(size);
  }

  lastFrames(): readonly StateFrame[] {
    return this.guard.frames;
  }

  close(): void {
    this.phase = "new";
  }

  /** A seed for the next episode: what follows from this one's, whatever has been done in it; for the first, one that is drawn. */
  private nextSeed(): string {
    return this.isFresh ? drawnSeed() : followingSeed(this.id, this.seed);
  }

  private labelled(): ReturnType<typeof labelOf> {
    this.label ??= labelOf(this.spec, this.definition.defaults);
    return this.label;
  }

  private requireRunning(): void {
    const { id, phase } = this;
    if (phase === "new") throw new UsageError(`${id}: step() was called before reset(). Call reset() first.`);
    if (phase === "ended") {
      throw new UsageError(
        `${id}: step() was called after the episode's end. Call reset() to start the next one.`,
      );
    }
  }

  private observe(): Observation {
    const observation = this.undisturbed();
    const { randomizer } = this;
    return randomizer ? { ...observation, ...randomizer.observe(observation) } : observation;
  }

  private undisturbed(): Observation {
    const { definition, world, spec, cameras } = this;
    const state = readGroups(this.stateGroups, world, spec.observation.length);
    const seen = {
      ...(cameras ? { image: cameras.render(this.steps) } : {}),
      ...(spec.privileged
        ? { privileged: readGroups(definition.observation, world, spec.privileged.length) }
        : {}),
    };
    const { goal } = definition;
    if (!goal) return { state, ...seen };
    const achievedGoal = new Float32Array(goal.size);
    const desiredGoal = new Float32Array(goal.size);
    goal.achieved(world, achievedGoal);
    goal.desired(world, desiredGoal);
    return { state, ...seen, achievedGoal, desiredGoal };
  }

  private succeeded({ achievedGoal, desiredGoal }: Observation): boolean {
    const { definition, world, config, spec } = this;
    const { goal } = spec;
    if (definition.success) return definition.success(world, config);
    return goal !== undefined && goalDistance(achievedGoal!, desiredGoal!, 0, goal.size) < goal.threshold;
  }

  private info(rewardTerms: Readonly<Record<string, number>>, success: boolean): StepInfo {
    const { clippedActions, seed, difficulty } = this;
    const { deepestPenetration = 0 } = this.simulation;
    return {
      success,
      rewardTerms,
      clippedActions,
      seed,
      ...(deepestPenetration > GIVEN_WAY ? { deepestPenetration } : {}),
      ...(difficulty < 1 ? { difficulty } : {}),
    };
  }
}
