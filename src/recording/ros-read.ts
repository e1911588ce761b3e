// ROS messages of other programs: joint states and texts, as CDR (ROS 2), as ROS 1 wrote them and as JSON; nothing in them is trusted.
import { z } from "zod";

/** Ways in which a message can be written that are read here. */
export const ROS_ENCODINGS = ["cdr", "ros1", "json"] as const;

/** One of `ROS_ENCODINGS`. */
export type RosEncoding = (typeof ROS_ENCODINGS)[number];

/** Positions of joints by their names, rad or m; they need not be finite. */
export interface JointPositions {
  readonly names: readonly string[];
  readonly positions: readonly number[];
}

/** More joints than any robot has. */
const MOST_JOINTS = 10_000;

/** JSON has null in place of a number that is not finite. */
const jsonNumber = z.number().or(z.null().transform(() => Number.NaN));
const jsonText = z.object({ data: z.string() });
/** sensor_msgs/JointState and foxglove.JointState, and foxglove.JointStates, whose joints stand apart. */
const jsonJoints = z.union([
  z.object({ name: z.array(z.string()), position: z.array(jsonNumber).optional() }),
  z.object({ joints: z.array(z.object({ name: z.string(), position: jsonNumber.optional() })) }),
]);

/** Read the text of a std_msgs/String; throws an Error that says in half a sentence what is wrong. */
export function readString(data: Uint8Array, encoding: RosEncoding): string {
  if (encoding === "json") return parsed(jsonText, data, "a text named data").data;
  return new RosReader(data, encoding).string();
}

/**
 * Read the positions in a sensor_msgs/JointState, or in JSON a foxglove.JointStates; none where a message has velocities or efforts only.
 *
 * Throws an Error that says in half a sentence what is wrong.
 */
export function readJointState(data: Uint8Array, encoding: RosEncoding): JointPositions {
  const { names, positions } = encoding === "json" ? jointsOfJson(data) : jointsOfBytes(data, encoding);
  if (positions.length === 0) return { names: [], positions };
  if (positions.length !== names.length)
    throw new Error(`it names ${names.length} joints and has ${positions.length} positions`);
  if (names.length > MOST_JOINTS)
    throw new Error(`it has ${names.length} joints, expected at most ${MOST_JOINTS}`);
  return { names, positions };
}

function jointsOfJson(data: Uint8Array): JointPositions {
  const message = parsed(jsonJoints, data, "names and positions");
  if ("name" in message) return { names: message.name, positions: message.position ?? [] };
  const known = message.joints.filter(({ position }) => position !== undefined);
  return { names: known.map(({ name }) => name), positions: known.map(({ position }) => position!) };
}

function jointsOfBytes(data: Uint8Array, encoding: "cdr" | "ros1"): JointPositions {
  const reader = new RosReader(data, encoding);
  // std_msgs/Header: ROS 1 has a sequence number before the time
  if (encoding === "ros1") reader.uint32();
  reader.uint32();
  reader.uint32();
  reader.string();
  const names = reader.list(4, () => reader.string());
  return { names, positions: reader.list(8, () => reader.float64()) };
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  data: Uint8Array,
  wanted: string,
): z.output<Schema> {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder().decode(data));
  } catch {
    throw new Error("it is no JSON");
  }
  const { data: message } = schema.safeParse(found);
  if (message === undefined) throw new Error(`it has not ${wanted}`);
  return message as z.output<Schema>;
}

/** Encapsulations of CDR by their numbers: the order of bytes, and what numbers of eight bytes are aligned to. */
const ENCAPSULATIONS: Readonly<Record<number, readonly [isLittle: boolean, widest: number]>> = {
  0: [false, 8],
  1: [true, 8],
  6: [false, 4],
  7: [true, 4],
};

/** Reads numbers and texts one after another, and refuses what would lie outside of the message. */
class RosReader {
  private readonly view: DataView;
  private readonly isLittle: boolean;
  /** Numbers stand at multiples of their size up to this; 1: anywhere. */
  private readonly widest: number;
  /** Where the message begins that alignment counts from. */
  private readonly start: number;
  private offset: number;

  constructor(data: Uint8Array, encoding: "cdr" | "ros1") {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.start = encoding === "cdr" ? 4 : 0;
    this.offset = this.start;
    if (data.byteLength < this.start) throw new Error(`it has ${data.byteLength} bytes`);
    const form = encoding === "cdr" ? ENCAPSULATIONS[this.view.getUint16(0)] : ([true, 1] as const);
    if (!form) throw new Error(`it is CDR of kind ${this.view.getUint16(0)}, expected 0, 1, 6 or 7`);
    [this.isLittle, this.widest] = form;
  }

  uint32(): number {
    return this.view.getUint32(this.take(4, 4), this.isLittle);
  }

  float64(): number {
    return this.view.getFloat64(this.take(8, 8), this.isLittle);
  }

  string(): string {
    const length = this.uint32();
    const at = this.view.byteOffset + this.take(length, 1);
    const bytes = new Uint8Array(this.view.buffer, at, length);
    // CDR ends a text with a zero, which it counts
    return new TextDecoder().decode(bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes);
  }

  /** Read a list whose elements have at least `least` bytes each. */
  list<Item>(least: number, read: () => Item): Item[] {
    const count = this.uint32();
    const left = this.view.byteLength - this.offset;
    if (count * least > left) throw new Error(`a list of ${count} is longer than the ${left} bytes left`);
    return Array.from({ length: count }, read);
  }

  private take(size: number, alignment: number): number {
    const step = Math.min(alignment, this.widest);
    const at = this.start + Math.ceil((this.offset - this.start) / step) * step;
    if (at + size > this.view.byteLength)
      throw new Error(`it ends after ${this.view.byteLength} bytes, in the middle`);
    this.offset = at + size;
    return at;
  }
}
