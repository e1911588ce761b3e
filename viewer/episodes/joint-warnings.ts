// Which joints are at, or close to, a limit.
import type { RecordedFrame, RecordingHeader } from "../../src/recording/recording.js";

/** This share of its range from a limit a joint is close to it. */
const CLOSE = 0.03;

/** Name the joints of the arm that are close to a limit; undefined where none is. */
export function jointWarnings(
  { jointNames, jointLimits }: Pick<RecordingHeader, "jointNames" | "jointLimits">,
  { jointPositions }: Pick<RecordedFrame, "jointPositions">,
): string | undefined {
  const said = jointNames.flatMap((name, k) => {
    const [low, high] = jointLimits?.[k] ?? [null, null];
    const value = jointPositions[k];
    // a gripper stands at its limits all the time
    if (low === null || high === null || value === undefined || /finger|gripper|jaw/i.test(name)) return [];
    const share = (value - low) / (high - low);
    if (share < CLOSE) return [`${name} at its lower limit`];
    return share > 1 - CLOSE ? [`${name} at its upper limit`] : [];
  });
  return said.length > 0 ? `⚠ ${said.join(", ")}` : undefined;
}
