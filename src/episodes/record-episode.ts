// Play one episode by the policy's mean and record it.
import type { Env, StateFrame } from "../env/env.js";
import { Episode } from "../env/episode.js";
import { clippedAction } from "../math/clipped-action.js";
import type { ModelRunner } from "../model/model-runner.js";
import {
  type EpisodeRecording,
  RECORDING_VERSION,
  type RecordedFrame,
  type RecordingHeader,
} from "../recording/recording.js";
import { observe } from "../rl/policy-inputs.js";
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

/** Record the episode of `seed`, played by the mean of the policy that `runner` runs, one observation at a time. */
export async function recordEpisode(
  env: Env,
  runner: ModelRunner,
  seed: number,
  source: RecordingSource,
): Promise<EpisodeRecording> {
  const { rewardScale = 1 } = source;
  const frames: RecordedFrame[] = [];
  const episode = new Episode(env, seed);
  let action: readonly number[] = [];
  let details: ActionDetails = {};
  runner.reset();
  for (;;) {
    observe(runner, 0, episode.observation);
    const { mean, value, logStd } = await runner.predict();
    const { memory } = runner;
    frames.push({
      ...frameOf(episode, action, value![0]! / rewardScale),
      ...details,
      ...(memory ? { memory: [...memory] } : {}),
      ...(episode.terminated ? { terminated: true } : {}),
    });
    if (episode.done) break;
    episode.step(mean!);
    action = [...mean!].map(clippedAction);
    details = { actionMean: [...mean!], ...(logStd ? { actionStd: [...logStd].map(Math.exp) } : {}) };
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

/** What a frame describes: where an episode is, and the step that led there. */
export type FrameState = Pick<Episode, "env" | "time" | "observation" | "reward" | "info">;

/** Describe where an episode is; `action` [A] is what led there, nothing at its start. */
export function frameOf(
  { env, time, observation, reward, info }: FrameState,
  action: readonly number[],
  value: number | null,
): RecordedFrame {
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

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

type Pose = NonNullable<RecordedFrame["tool"]>;

function posesOf(env: Env): number[] {
  const poses = new Float64Array(POSE_SIZE * env.scene().entities.length);
  env.poses(poses);
  return [...poses];
}
