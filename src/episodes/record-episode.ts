// Play one episode by the policy's mean and record it.
import type { CompiledFunction } from "../compile/engines/engine.js";
import { blaming } from "../env/blaming.js";
import type { Env, StateFrame, StepInfo } from "../env/env.js";
import type { Observation } from "../env/observation.js";
import {
  type EpisodeRecording,
  RECORDING_VERSION,
  type RecordedFrame,
  type RecordingHeader,
} from "../recording/recording.js";
import { emptyMemory, nextMemory } from "../rl/rollout/acting-memory.js";
import type { ActingState } from "../rl/rollout/inference.js";
import { Senses } from "../rl/rollout/senses.js";
import { POSE_SIZE } from "../scene/scene.js";

/** Who acts in a recording. */
export interface RecordingSource {
  readonly agent: string;
  readonly policySteps: number;
  /** Discount and smoothing that the critic was trained with. */
  readonly gamma?: number;
  readonly gaeLambda?: number;
  /** What rewards were multiplied by in training; recorded values are divided by it, so that they are sums of rewards. Default 1. */
  readonly rewardScale?: number;
}

/** What a frame holds of the action that led to it, besides the action itself. */
type ActionDetails = Pick<RecordedFrame, "actionMean" | "actionStd" | "actionSample">;

/** Record the episode of `seed`; `inference` takes one observation. */
export async function recordEpisode(
  env: Env,
  inference: CompiledFunction,
  acting: ActingState,
  seed: number,
  source: RecordingSource,
): Promise<EpisodeRecording> {
  const { controlRate } = env.spec;
  const { rewardScale = 1 } = source;
  const frames: RecordedFrame[] = [];
  let { observation, info } = blaming(env.id, "reset()", () => env.reset({ seed }));
  let action: readonly number[] = [];
  let details: ActionDetails = {};
  let reward = 0;
  let [done, terminated] = [false, false];
  let memory = emptyMemory(inference);
  const senses = new Senses(inference);
  for (let step = 0; ; step++) {
    const said = await inference.run({ ...acting, ...senses.see(0, observation), ...memory });
    const { mean, value, logStd } = said;
    memory = nextMemory(said);
    const time = step / controlRate;
    frames.push({
      ...frameOf(env, { time, observation, action, reward, value: value![0]! / rewardScale, info }),
      ...details,
      ...(memory.memory ? { memory: [...memory.memory] } : {}),
      ...(terminated ? { terminated } : {}),
    });
    if (done) break;
    const result = blaming(env.id, "step()", () => env.step(mean!));
    ({ observation, reward, info, terminated } = result);
    action = [...mean!].map(clipped);
    details = { actionMean: [...mean!], ...(logStd ? { actionStd: [...logStd].map(Math.exp) } : {}) };
    done = terminated || result.truncated;
  }
  return { header: headerOf(env, String(seed), source), frames };
}

/** Turn the NaN guard's last frames into a recording. */
export function recordDump(
  env: Env,
  seed: string,
  reason: string,
  states: readonly StateFrame[],
  source: RecordingSource,
): EpisodeRecording {
  const { controlRate } = env.spec;
  // parts of the scene that nobody observes may have been broken for longer: a file holds only numbers
  const whole = states.filter(({ poses, jointPositions }) =>
    [...poses, ...jointPositions].every(Number.isFinite),
  );
  const frames = whole.map((state, step) => ({
    time: step / controlRate,
    poses: [...state.poses],
    jointPositions: [...state.jointPositions],
    observation: [...state.observation],
    action: [...state.action],
    reward: 0,
    rewardTerms: {},
    value: null,
    success: false,
    contacts: [],
  }));
  return { header: { ...headerOf(env, seed, source), dump: reason }, frames };
}

/** Describe the present state of `env` and the step that led there. */
export function frameOf(
  env: Env,
  step: {
    readonly time: number;
    readonly observation: Observation;
    readonly action: readonly number[];
    readonly reward: number;
    readonly value: number | null;
    readonly info: StepInfo;
  },
): RecordedFrame {
  const { time, observation, action, reward, value, info } = step;
  const { tool, commanded } = env.toolPoses() ?? {};
  const look = action.length === 0 ? env.look?.() : undefined;
  return {
    time,
    poses: posesOf(env),
    ...(tool ? { tool: [...tool] as Pose } : {}),
    ...(commanded ? { commandedTool: [...commanded] as Pose } : {}),
    jointPositions: [...env.jointPositions()],
    observation: [...observation.state],
    ...(observation.privileged ? { privileged: [...observation.privileged] } : {}),
    action: [...action],
    reward,
    rewardTerms: { ...info.rewardTerms },
    ...(look ? { look: structuredClone(look) } : {}),
    value,
    success: info.success,
    contacts: env.contacts().map(({ position, force }) => ({ position: [...position], force: [...force] })),
  };
}

/** Describe what is recorded. */
export function headerOf(env: Env, seed: string, source: RecordingSource): RecordingHeader {
  const { spec } = env;
  const { agent, policySteps, gamma, gaeLambda } = source;
  const limits = env.jointLimits();
  const toolLinks = env.toolPoses()?.links ?? [];
  const drawn = structuredClone(env.drawn()) as Record<string, number[]>;
  return {
    version: RECORDING_VERSION,
    env: env.id,
    agent,
    seed,
    policySteps,
    robot: spec.robot,
    controlMode: spec.controlMode,
    ...(Object.keys(drawn).length > 0 ? { randomization: drawn } : {}),
    config: structuredClone(spec.config) as Record<string, unknown>,
    controlRate: spec.controlRate,
    observationNames: spec.observation.map(({ name }) => name),
    actionNames: spec.action.map(({ name }) => name),
    jointNames: [...spec.jointNames],
    observationUnits: spec.observation.map(({ unit }) => unit),
    ...(limits.length > 0 ? { jointLimits: limits.map(([low, high]) => [finite(low), finite(high)]) } : {}),
    ...(toolLinks.length > 0 ? { toolLinks: [...toolLinks] } : {}),
    ...(spec.rewardMode === "dense" ? { rewardWeights: { ...spec.rewardWeights } } : {}),
    ...(gamma === undefined ? {} : { gamma }),
    ...(gaeLambda === undefined ? {} : { gaeLambda }),
    ...(spec.image ? { cameras: structuredClone([...spec.image.cameras]) } : {}),
    scene: structuredClone(env.scene()) as RecordingHeader["scene"],
  };
}

/** Clip an action's entry to what an environment takes. */
export function clipped(entry: number): number {
  return Math.max(-1, Math.min(1, entry));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

type Pose = NonNullable<RecordedFrame["tool"]>;

function posesOf(env: Env): number[] {
  const poses = new Float64Array(POSE_SIZE * env.scene().entities.length);
  env.poses(poses);
  return [...poses];
}
