// What happens in a recording, in words, as Foxglove's log messages.
import { timestamp } from "./foxglove-scene.js";
import { type EpisodeRecording, splitEpisodes } from "./recording.js";

/** Levels as foxglove.Log numbers them. */
const LEVELS = { info: 2, error: 4 } as const;

/**
 * Return the foxglove.Log messages of a recording by the index of the frame that they belong to: where each episode begins, where
 * it is first solved and how it ends; of a dump of the NaN guard, what was not finite.
 */
export function logMessages(recording: EpisodeRecording): ReadonlyMap<number, readonly object[]> {
  const { header, frames } = recording;
  const messages = new Map<number, object[]>();
  const add = (frame: number, level: keyof typeof LEVELS, message: string) => {
    const entry = {
      timestamp: timestamp(frames[frame]!.time),
      level: LEVELS[level],
      message,
      name: "armgym",
    };
    messages.set(frame, [...(messages.get(frame) ?? []), entry]);
  };
  let first = 0;
  for (const [episode, own] of splitEpisodes(recording).entries()) {
    const last = first + own.length - 1;
    const seed = header.episodes?.[episode]?.seed ?? header.seed;
    const seconds = (frame: number) => `${(frames[frame]!.time - frames[first]!.time).toFixed(2)} s`;
    add(first, "info", `Episode ${episode} of ${header.env} begins: ${header.agent}, seed ${seed}`);
    const solved = own.findIndex(({ success }) => success);
    if (solved >= 0) add(first + solved, "info", `Solved after ${seconds(first + solved)}`);
    const total = own.reduce((sum, { reward }) => sum + reward, 0);
    const outcome = own.at(-1)!.success ? "solved" : "not solved";
    if (header.dump === undefined)
      add(
        last,
        "info",
        `Episode ${episode} ends after ${seconds(last)}: ${outcome}, return ${total.toFixed(3)}`,
      );
    else add(last, "error", `Dropped: ${header.dump} was not finite`);
    first = last + 1;
  }
  return messages;
}
