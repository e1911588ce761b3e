// Read recordings back; nothing in the file is trusted.
import { McapStreamReader } from "@mcap/core";
import { UsageError } from "../math/usage-error.js";
import {
  type EpisodeRecording,
  type EpisodeSummary,
  episodeSummarySchema,
  FRAME_TOPIC,
  METADATA_NAME,
  RECORDING_VERSION,
  type RecordedFrame,
  recordedFrameSchema,
  recordingHeaderSchema,
} from "./recording.js";
import { POSE_SIZE } from "./scene.js";

const severalSchema = recordingHeaderSchema.pick({ episodes: true });

/** Read what a list of episodes shows from the first bytes of a file: one line, or one per episode; none where they hold none. */
export function readSummaries(firstBytes: Uint8Array): readonly EpisodeSummary[] {
  try {
    const reader = new McapStreamReader();
    reader.append(firstBytes);
    for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
      if (record.type !== "Metadata" || record.name !== METADATA_NAME) continue;
      const { episodes } = severalSchema.parse(JSON.parse(record.metadata.get("header") ?? "{}"));
      return episodes ?? [episodeSummarySchema.parse(JSON.parse(record.metadata.get("summary") ?? "null"))];
    }
  } catch {
    // a damaged file is listed without a summary; opening it says what is wrong
  }
  return [];
}

/**
 * Read a recording; throws a UsageError that names `file` where it is damaged, cut short or not ours.
 *
 * With `partial`, the frames before the damage are returned with `cutShort` where there are any.
 */
export function readRecording(
  bytes: Uint8Array,
  file: string,
  { partial = false }: { readonly partial?: boolean } = {},
): EpisodeRecording {
  let header: unknown;
  let cutShort: string | undefined;
  const frames: RecordedFrame[] = [];
  try {
    const reader = new McapStreamReader({ validateCrcs: true });
    reader.append(bytes);
    let topic: number | undefined;
    for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
      if (record.type === "Metadata" && record.name === METADATA_NAME) {
        header = JSON.parse(record.metadata.get("header") ?? "null");
      } else if (record.type === "Channel" && record.topic === FRAME_TOPIC) topic = record.id;
      else if (record.type === "Message" && record.channelId === topic) {
        frames.push(recordedFrameSchema.parse(JSON.parse(new TextDecoder().decode(record.data))));
      }
    }
    if (!reader.done()) throw new Error("it is cut short");
  } catch (error) {
    const cause = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    if (partial && frames.length > 0) cutShort = cause;
    else throw new UsageError(`${file} is not a whole recording: ${cause}. Record the episode again.`);
  }
  const parsed = recordingHeaderSchema.safeParse(header);
  if (!parsed.success) {
    const version = (header as { version?: unknown } | undefined)?.version;
    const reason =
      version === undefined
        ? "it has no armgym header"
        : `its version is ${version}, expected ${RECORDING_VERSION}`;
    throw new UsageError(`${file} is not an armgym recording: ${reason}.`);
  }
  const poseSize = POSE_SIZE * parsed.data.scene.entities.length;
  if (frames.length === 0) throw new UsageError(`${file} holds no frames. Record the episode again.`);
  const wrong = frames.findIndex(({ poses }) => poses.length !== poseSize);
  if (wrong >= 0) {
    throw new UsageError(
      `${file}: frame ${wrong} has ${frames[wrong]!.poses.length} pose numbers, its scene needs ${poseSize}.`,
    );
  }
  return { header: parsed.data, frames, ...(cutShort === undefined ? {} : { cutShort }) };
}
