// Where episodes that are compared part.
import type { EpisodeRecording } from "../../src/recording/recording.js";
import { POSE_SIZE } from "../../src/scene/scene.js";
import { derived } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";

/** Further apart than this something looks different, m. */
const VISIBLE = 0.001;

/** First frames at which an episode is not the first one's. */
export interface Divergence {
  /** Any number of any pose differs. */
  readonly first: number;
  /** Something is more than a millimetre elsewhere; undefined where nothing ever is. */
  readonly visible: number | undefined;
}

/** Where the episodes that are shown part; undefined where there is one, or they never do. */
export const divergence = derived(
  (state: ViewerState) => [state.shown],
  (shown): Divergence | undefined => {
    const [base, ...others] = shown.map(({ recording }) => recording);
    return base && others.length > 0 ? findDivergence(base, others) : undefined;
  },
);

/** The frame at which a difference can first be seen, or else the first at which there is one. */
export function divergenceFrame(state: ViewerState): number | undefined {
  const found = divergence(state);
  return found?.visible ?? found?.first;
}

/** Find where `others` first part from `base`; undefined where they never do. */
export function findDivergence(
  base: EpisodeRecording,
  others: readonly EpisodeRecording[],
): Divergence | undefined {
  const longest = Math.max(base.frames.length, ...others.map(({ frames }) => frames.length));
  let first: number | undefined;
  for (let index = 0; index < longest; index++) {
    const poses = base.frames[index]?.poses;
    const theirs = others.map(({ frames }) => frames[index]?.poses);
    const differs = theirs.some((found) => !found || !poses || found.some((v, k) => !Object.is(v, poses[k])));
    if (differs) first ??= index;
    if (theirs.some((found) => found && poses && largestOffset(poses, found) > VISIBLE))
      return { first: first ?? index, visible: index };
  }
  return first === undefined ? undefined : { first, visible: undefined };
}

/** Return the greatest distance between the same entity in two frames, m; infinite where the scenes differ. */
export function largestOffset(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < a.length; k += POSE_SIZE) {
    const offset = Math.hypot(a[k]! - b[k]!, a[k + 1]! - b[k + 1]!, a[k + 2]! - b[k + 2]!);
    if (offset > largest) largest = offset;
  }
  return largest;
}
