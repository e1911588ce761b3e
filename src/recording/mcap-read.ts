// Read recordings back; nothing in the file is trusted.
import { McapStreamReader } from "@mcap/core";
import { firstIssue } from "../math/first-issue.js";
import { UsageError } from "../math/usage-error.js";
import { POSE_SIZE } from "../scene/scene.js";
import { meshFilesOf } from "../scene/seen-shapes.js";
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

const sceneSchema = recordingHeaderSchema.pick({ scene: true });
const severalSchema = recordingHeaderSchema.pick({ episodes: true });

/**
 * Read what a list of episodes shows from the first bytes of a file: one line, or one per episode; none where they hold none.
 *
 * @throws Nothing: of a damaged file there are no summaries.
 * @example
 * const [{ success } = {}] = readSummaries(bytes.subarray(0, 65_536));
 */
export function readSummaries(firstBytes: Uint8Array): readonly EpisodeSummary[] {
  const metadata = metadataOf(firstBytes);
  return (metadata && summariesOf(metadata)) ?? [];
}

/** Return the hashes of the mesh files that a recording refers to, from the first bytes of its file; none where they hold none. */
export function readMeshFiles(firstBytes: Uint8Array): ReadonlySet<string> {
  const header = metadataOf(firstBytes)?.get("header");
  try {
    return meshFilesOf(sceneSchema.parse(JSON.parse(header ?? "null")).scene);
  } catch {
    return new Set();
  }
}

function metadataOf(firstBytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  try {
    const reader = new McapStreamReader();
    reader.append(firstBytes);
    for (let record = reader.nextRecord(); record; record = reader.nextRecord())
      if (record.type === "Metadata" && record.name === METADATA_NAME) return record.metadata;
  } catch {
    // opening a damaged file says what is wrong
  }
  return undefined;
}

/** The summaries in a file's metadata; undefined where they are damaged. */
function summariesOf(metadata: ReadonlyMap<string, string>): readonly EpisodeSummary[] | undefined {
  try {
    const { episodes } = severalSchema.parse(JSON.parse(metadata.get("header") ?? "{}"));
    return episodes ?? [episodeSummarySchema.parse(JSON.parse(metadata.get("summary") ?? "null"))];
  } catch {
    return undefined;
  }
}

/**
 * Read a recording.
 *
 * With `partial`, the frames before the damage are returned with `cutShort` where there are any.
 *
 * @throws UsageError that names `file` where it is damaged, cut short or not ours.
 * @example
 * const { header, frames } = readRecording(readFileSync("episode.mcap"), "episode.mcap");
 */
export function readRecording(
  bytes: Uint8Array,
  file: string,
  options: { readonly partial?: boolean } = {},
): EpisodeRecording {
  const reader = new RecordingReader(file);
  reader.append(bytes);
  while (reader.readNext());
  return reader.finish(options);
}

/** Reads a recording record by record, so that a page can show something else in between. */
export class RecordingReader {
  private readonly file: string;
  private readonly reader = new McapStreamReader({ validateCrcs: true });
  private readonly decoder = new TextDecoder();
  private readonly frames: RecordedFrame[] = [];
  private header: unknown;
  private topic: number | undefined;
  private failure: unknown;

  /** `file` is what errors call it. */
  constructor(file: string) {
    this.file = file;
  }

  /** Frames read so far. */
  get numFrames(): number {
    return this.frames.length;
  }

  /** Frames that the file says it holds; undefined before it has said so. */
  numExpected: number | undefined;

  /** Take further bytes of the file. */
  append(bytes: Uint8Array): void {
    if (this.failure === undefined) this.reader.append(bytes);
  }

  /** Read one record; returns false where further bytes are needed, and where nothing more can be read. */
  readNext(): boolean {
    if (this.failure !== undefined) return false;
    try {
      const record = this.reader.nextRecord();
      if (!record) return false;
      if (record.type === "Metadata" && record.name === METADATA_NAME) {
        this.header = JSON.parse(record.metadata.get("header") ?? "null");
        this.numExpected = framesOf(record.metadata);
      } else if (record.type === "Channel" && record.topic === FRAME_TOPIC) this.topic = record.id;
      else if (record.type === "Message" && record.channelId === this.topic) {
        this.frames.push(recordedFrameSchema.parse(JSON.parse(this.decoder.decode(record.data))));
      }
      return true;
    } catch (error) {
      this.failure = error;
      return false;
    }
  }

  /** Return what was read; all bytes must have been taken. Throws as `readRecording` does. */
  finish({ partial = false }: { readonly partial?: boolean } = {}): EpisodeRecording {
    const { file, frames } = this;
    let cutShort: string | undefined;
    if (this.failure === undefined && !this.reader.done()) this.failure = new Error("it is cut short");
    if (this.failure !== undefined) {
      const error = this.failure;
      const cause = error instanceof Error ? error.message.split("\n")[0]! : String(error);
      if (partial && frames.length > 0) cutShort = cause;
      else throw new UsageError(`${file} is not a whole recording: ${cause}. Record the episode again.`);
    }
    return { ...whole(this.header, frames, file), ...(cutShort === undefined ? {} : { cutShort }) };
  }
}

/** Check a file's header against its frames. */
function whole(header: unknown, frames: readonly RecordedFrame[], file: string): EpisodeRecording {
  const parsed = recordingHeaderSchema.safeParse(header);
  if (!parsed.success) {
    const reason = whyNoHeader(header, firstIssue(parsed.error));
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
  return { header: parsed.data, frames };
}

/** Say in half a sentence why `header` is none of this version's, of which `issue` is the first thing that is wrong. */
function whyNoHeader(header: unknown, issue: string): string {
  const version = (header as { version?: unknown } | undefined)?.version;
  if (version === undefined) return "it has no armgym header";
  if (version !== RECORDING_VERSION) return `its version is ${version}, expected ${RECORDING_VERSION}`;
  return `its header is damaged, ${issue}`;
}

/** Count the frames by a file's metadata: of each episode its steps and the state before them. */
function framesOf(metadata: ReadonlyMap<string, string>): number | undefined {
  const summaries = summariesOf(metadata);
  return summaries?.reduce((sum, { length }) => sum + length + 1, 0);
}
