// From a recording back to the environment at any of its frames: the seed and the recorded actions make the same episode.
import type { Env, EnvFactory, StepInfo } from "../env/env.js";
import type { Observation } from "../env/observation.js";
import { UsageError } from "../math/usage-error.js";
import type { EpisodeRecording, RecordedFrame } from "../recording/recording.js";
import { POSE_SIZE } from "../scene/scene.js";

/** An environment at a frame of a recording. */
export interface ReplayedEnv {
  /** In the state of the frame. */
  readonly env: Env;
  /** What is observed there. */
  readonly observation: Observation;
  /** What the step that led there said besides. */
  readonly info: StepInfo;
  /** Greatest difference of a position from the recorded one on the way, m; 0 where every bit is the same. */
  readonly difference: number;
}

/** A replay that ends further away from its recording than this is of another episode, m. */
const ALLOWED = 1e-3;

/**
 * Return a new environment in the state of `frame` (counted from 0), ready to go on, also past the episode's end.
 *
 * A recording holds no snapshots: an episode is decided by the environment's settings, the seed and the actions, and to
 * repeat them takes milliseconds per second of the episode. Throws a UsageError for a recording that lacks one of them,
 * and where the replay does not lead where the recording went.
 *
 * @throws UsageError for a recording that cannot be continued, with the reason.
 * @example
 * const { env } = replayRecording(envs["PickPlace-v1"], recording, 20);
 */
export function replayRecording(
  factory: EnvFactory,
  recording: EpisodeRecording,
  frame: number,
): ReplayedEnv {
  const reason = whyNotReplayable(recording);
  if (reason !== undefined) throw new UsageError(`This recording cannot be continued: ${reason}`);
  const { header, frames } = recording;
  const env = factory.create(header.config!);
  let { observation, info } = env.reset({ seed: header.seed });
  let difference = distance(env, frames[0]!.poses);
  for (const recorded of frames.slice(1, frame + 1)) {
    if (recorded.hand) env.perturb(recorded.hand);
    const result = env.step(executedAction(recorded));
    ({ observation, info } = result);
    difference = Math.max(difference, distance(env, recorded.poses));
    if (result.terminated || result.truncated) resumeEpisode(env);
  }
  const apart = distance(env, frames[frame]!.poses);
  if (!(apart <= ALLOWED)) {
    throw new UsageError(
      `This recording cannot be continued: its actions lead ${(1000 * apart).toFixed(1)} mm away from where it went. ` +
        "It was made by another version. Record the episode again.",
    );
  }
  return { env, observation, info, difference };
}

/** Return what was executed in the step that led to a frame: the action, with the noise where there was some. */
export function executedAction({ action, actionSample }: RecordedFrame): readonly number[] {
  return actionSample ?? action;
}

/** Let an environment go on after its episode's end, as if it had just begun. */
export function resumeEpisode(env: Env): void {
  env.restore({ ...env.snapshot(), steps: 0, ended: false });
}

/** Say in a sentence what a recording lacks for its episode to be made again; undefined where nothing is missing. */
export function whyNotReplayable({ header, frames }: EpisodeRecording): string | undefined {
  if (header.imported) return "another program recorded it.";
  if (header.dump !== undefined) return "it holds only the last states before the NaN guard stepped in.";
  if (!header.config) return "it was made before settings were recorded. Record the episode again.";
  if (frames.slice(1).some(({ action }) => action.length === 0))
    return "it holds several episodes. Record one of them alone.";
  const own = frames.slice(1, (header.takenOver ?? frames.length) + 1);
  if (header.noise && own.some(({ actionSample }) => actionSample === undefined))
    return "noise was added to its actions, and only those without it are recorded. Record the episode again.";
  return undefined;
}

/** Greatest difference of a position from the recorded one, m. */
function distance(env: Env, recorded: readonly number[]): number {
  const poses = new Float64Array(recorded.length);
  env.poses(poses);
  let greatest = 0;
  for (let entity = 0; entity < poses.length; entity += POSE_SIZE) {
    const away = [0, 1, 2].map((k) => poses[entity + k]! - recorded[entity + k]!);
    greatest = Math.max(greatest, Math.hypot(...away));
  }
  return greatest;
}
