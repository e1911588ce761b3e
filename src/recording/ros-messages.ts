// ROS 2 messages that we write, as CDR: those that Rerun and Foxglove know a robot by.

/** Definition of a std_msgs/msg/String, as MCAP's encoding "ros2msg" wants it. */
export const STRING_DEFINITION = "string data\n";

/** Definition of a sensor_msgs/msg/JointState with those that it uses. */
export const JOINT_STATE_DEFINITION = `std_msgs/Header header
string[] name
float64[] position
float64[] velocity
float64[] effort
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
`;

/** Encode a std_msgs/msg/String. */
export function encodeString(text: string): Uint8Array {
  const message = new CdrWriter();
  message.string(text);
  return message.bytes();
}

/** Encode a sensor_msgs/msg/JointState: `positions` (rad or m) of the joints `names` at `time` (s), no velocities and efforts. */
export function encodeJointState(
  time: number,
  names: readonly string[],
  positions: readonly number[],
): Uint8Array {
  const nanoseconds = Math.round(time * 1e9);
  const message = new CdrWriter();
  message.uint32(Math.floor(nanoseconds / 1e9));
  message.uint32(nanoseconds % 1e9);
  message.string("");
  message.uint32(names.length);
  for (const name of names) message.string(name);
  message.doubles(positions);
  message.doubles([]);
  message.doubles([]);
  return message.bytes();
}

/** Writes plain CDR, little endian: every number at a multiple of its size, counted from behind the four bytes that say so. */
class CdrWriter {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private length = HEADER.length;
  private readonly text = new TextEncoder();

  constructor() {
    this.buffer.set(HEADER);
  }

  uint32(value: number): void {
    const at = this.room(4, 4);
    this.view.setUint32(at, value, true);
  }

  /** Length with the zero that ends it, UTF-8, zero. */
  string(value: string): void {
    const bytes = this.text.encode(value);
    this.uint32(bytes.length + 1);
    const at = this.room(bytes.length + 1, 1);
    this.buffer.set(bytes, at);
  }

  /** An empty list is its length alone. */
  doubles(values: readonly number[]): void {
    this.uint32(values.length);
    for (const value of values) {
      const at = this.room(8, 8);
      this.view.setFloat64(at, value, true);
    }
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  /** Return where `size` bytes begin that are aligned to `alignment`; padding is zero. May put another buffer in place. */
  private room(size: number, alignment: number): number {
    const start = HEADER.length + Math.ceil((this.length - HEADER.length) / alignment) * alignment;
    this.length = start + size;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return start;
  }
}

/** Encapsulation: CDR, little endian, no options. */
const HEADER = [0, 1, 0, 0];
