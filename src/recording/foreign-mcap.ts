// What of a recording that another program wrote can be drawn: robot descriptions and joint states. Nothing in the file is trusted.
import { McapStreamReader, type McapTypes } from "@mcap/core";
import { UsageError } from "../math/usage-error.js";
import { FRAME_TOPIC, METADATA_NAME } from "./recording.js";
import {
  type JointPositions,
  ROS_ENCODINGS,
  type RosEncoding,
  readJointState,
  readString,
} from "./ros-read.js";

/** A topic of a file. */
export interface ForeignTopic {
  readonly topic: string;
  /** Name of its messages' type; "" without one. */
  readonly schema: string;
  /** How its messages are written. */
  readonly encoding: string;
}

/** Joint positions at a time, ns. */
export interface JointSample extends JointPositions {
  readonly time: bigint;
}

/** A recording of another program's. */
export interface ForeignRecording {
  /** What wrote the file, as it says. */
  readonly library: string;
  readonly topics: readonly ForeignTopic[];
  /** The last robot description of each topic that has one. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** Of each topic with joint positions, in the order of the file. */
  readonly samples: ReadonlyMap<string, readonly JointSample[]>;
  /** Of a file that breaks off: why; the rest is what comes before. */
  readonly cutShort?: string;
}

const JOINT_STATES = new Set([
  ...["sensor_msgs/msg/JointState", "sensor_msgs/JointState"],
  ...["foxglove.JointState", "foxglove.JointStates"],
]);
const STRINGS = new Set(["std_msgs/msg/String", "std_msgs/String"]);
/** Joint states of one topic that follow each other more quickly are left out, ns: nobody sees them. */
const CLOSEST = 8_000_000n;
/** Joint states that are kept: four hours at 60 Hz. */
const MOST_SAMPLES = 1_000_000;
/** Taken at once: the reader copies it. */
const PIECE = 2 ** 20;

/**
 * Read what another program recorded; undefined where the file is a recording of ours, or no MCAP.
 *
 * `decompress` unpacks chunks, by the name of the compression. What is behind damage is left out, and `cutShort` says so. Throws a
 * UsageError that names `file` and the message that cannot be read.
 */
export function readForeignRecording(
  bytes: Uint8Array,
  file: string,
  decompress: McapTypes.DecompressHandlers,
): ForeignRecording | undefined {
  const found = new ForeignReader(file);
  const reader = new McapStreamReader({ validateCrcs: true, decompressHandlers: decompress });
  let cutShort: string | undefined;
  try {
    for (let start = 0; start < bytes.length; start += PIECE) {
      reader.append(bytes.subarray(start, start + PIECE));
      for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
        if (isOurs(record)) return undefined;
        found.take(record);
      }
    }
    if (!reader.done()) cutShort = "it is cut short";
  } catch (error) {
    if (error instanceof UsageError) throw error;
    cutShort = (error as Error).message.split("\n")[0]!;
  }
  if (!found.hasBegun) return undefined;
  return { ...found.recording(), ...(cutShort === undefined ? {} : { cutShort }) };
}

function isOurs(record: McapTypes.TypedMcapRecord): boolean {
  if (record.type === "Metadata") return record.name === METADATA_NAME;
  return record.type === "Channel" && record.topic === FRAME_TOPIC;
}

/** What is read of a channel's messages. */
interface ForeignChannel extends ForeignTopic {
  readonly holds: "joints" | "text";
  readonly form: RosEncoding;
}

class ForeignReader {
  /** Whether the file is an MCAP at all. */
  hasBegun = false;
  private readonly file: string;
  private library = "";
  private readonly schemas = new Map<number, string>();
  private readonly topics = new Map<string, ForeignTopic>();
  private readonly channels = new Map<number, ForeignChannel>();
  private readonly descriptions = new Map<string, string>();
  private readonly samples = new Map<string, JointSample[]>();
  /** Messages of each topic so far, for errors. */
  private readonly counts = new Map<string, number>();
  private kept = 0;

  constructor(file: string) {
    this.file = file;
  }

  recording(): ForeignRecording {
    const { library, topics, descriptions, samples } = this;
    return { library, topics: [...topics.values()], descriptions, samples };
  }

  take(record: McapTypes.TypedMcapRecord): void {
    this.hasBegun = true;
    if (record.type === "Header") this.library = record.library || record.profile;
    else if (record.type === "Schema") this.schemas.set(record.id, record.name);
    else if (record.type === "Channel") this.open(record);
    else if (record.type === "Message") this.read(record);
  }

  private open({ id, topic, schemaId, messageEncoding }: McapTypes.TypedMcapRecords["Channel"]): void {
    const schema = this.schemas.get(schemaId) ?? "";
    const found = { topic, schema, encoding: messageEncoding };
    this.topics.set(topic, found);
    const form = ROS_ENCODINGS.find((encoding) => encoding === messageEncoding);
    const isNameless = schema === "" && form === "json";
    const holds =
      JOINT_STATES.has(schema) || (isNameless && /joint_states?$/.test(topic))
        ? "joints"
        : STRINGS.has(schema) || (isNameless && /robot_description$/.test(topic))
          ? "text"
          : undefined;
    if (holds && form) this.channels.set(id, { ...found, holds, form });
  }

  private read({ channelId, logTime, data }: McapTypes.TypedMcapRecords["Message"]): void {
    const channel = this.channels.get(channelId);
    if (!channel) return;
    const { topic, schema, holds, form } = channel;
    const count = (this.counts.get(topic) ?? 0) + 1;
    this.counts.set(topic, count);
    try {
      if (holds === "joints") this.keep(topic, { time: logTime, ...readJointState(data, form) });
      else this.describe(topic, readString(data, form));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(
        `${this.file}: message ${count} of ${topic} is no ${schema || "message"} in ${form}: ${(error as Error).message}.`,
      );
    }
  }

  private keep(topic: string, sample: JointSample): void {
    const { names, time } = sample;
    if (names.length === 0) return;
    const samples = this.samples.get(topic) ?? [];
    this.samples.set(topic, samples);
    // arm and hand may send theirs in turn
    const before = samples.slice(-4).findLast((earlier) => sameNames(earlier, names));
    if (before && time >= before.time && time - before.time < CLOSEST) return;
    samples.push(before ? { ...sample, names: before.names } : sample);
    if (++this.kept <= MOST_SAMPLES) return;
    throw new UsageError(
      `${this.file} holds more than ${MOST_SAMPLES.toLocaleString("en")} joint states. Cut a shorter piece: "mcap filter".`,
    );
  }

  private describe(topic: string, text: string): void {
    if (text.includes("<robot")) this.descriptions.set(topic, text);
  }
}

function sameNames({ names }: JointPositions, others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, k) => name === others[k]);
}
