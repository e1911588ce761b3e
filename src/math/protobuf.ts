// Protocol Buffers by tables of fields: no code is made from text, which the policy of the viewer's page forbids.
import { Writer } from "protobufjs/minimal.js";

/** Scalar types and how their values lie on the wire. */
const WIRE_TYPES = {
  int32: 0,
  int64: 0,
  bool: 0,
  double: 1,
  string: 2,
  bytes: 2,
  fixed32: 5,
  float: 5,
} as const;
const LENGTH_DELIMITED = 2;

type Scalar = keyof typeof WIRE_TYPES;

/** A field: of a scalar type, or of the message type that its table names so. */
export interface ProtobufField {
  readonly type: string;
  readonly id: number;
  readonly isRepeated: boolean;
}

/** Message types by name, their fields by `single` and `repeated`. */
export type ProtobufTypes = Readonly<Record<string, Readonly<Record<string, ProtobufField>>>>;

/** Describe a field that is there once, or not at all. */
export const single = (type: string, id: number): ProtobufField => ({ type, id, isRepeated: false });

/** Describe a field that is a list. */
export const repeated = (type: string, id: number): ProtobufField => ({ type, id, isRepeated: true });

/** Writes the fields of a message. */
type MessageWriter = (writer: Writer, message: object) => void;

/**
 * Return what encodes messages of the type named: a plain object in, bytes out.
 *
 * With "explicit" presence (default), as in proto2 and in a oneof, a field that is given is written, also where its value is 0,
 * false, "" or empty; readers take one that is missing for not set. With "implicit" presence, as in proto3, such values are left
 * out. Lists of numbers are packed, empty ones left out. Fields are written in the order of their numbers.
 */
export function protobufEncoder(
  types: ProtobufTypes,
  name: string,
  presence: "explicit" | "implicit" = "explicit",
): (message: object) => Uint8Array {
  const messages = new Map<string, MessageWriter>();
  for (const [type, table] of Object.entries(types)) {
    const fields = Object.entries(table)
      .sort(([, a], [, b]) => a.id - b.id)
      .map(([key, field]) => [key, fieldWriter(field, messages, presence === "implicit")] as const);
    messages.set(type, (writer, message) => {
      const values = message as Readonly<Record<string, unknown>>;
      for (const [key, write] of fields) {
        const value = values[key];
        if (value !== undefined && value !== null) write(writer, value);
      }
    });
  }
  return (message) => {
    const writer = Writer.create();
    messages.get(name)!(writer, message);
    return writer.finish();
  };
}

function fieldWriter(
  { type, id, isRepeated }: ProtobufField,
  messages: ReadonlyMap<string, MessageWriter>,
  leavesDefaults: boolean,
): (writer: Writer, value: unknown) => void {
  const isScalar = (name: string): name is Scalar => Object.hasOwn(WIRE_TYPES, name);
  if (!isScalar(type)) {
    const one = (writer: Writer, value: unknown) => {
      writer.uint32((id << 3) | LENGTH_DELIMITED).fork();
      messages.get(type)!(writer, value as object);
      writer.ldelim();
    };
    return isRepeated ? listWriter(one) : one;
  }
  const wireType = WIRE_TYPES[type];
  const one = (writer: Writer, value: unknown) => writer.uint32((id << 3) | wireType)[type](value as never);
  if (isRepeated && wireType === LENGTH_DELIMITED) return listWriter(one);
  if (isRepeated)
    return (writer, value) => {
      const list = value as ArrayLike<never>;
      if (list.length === 0) return;
      writer.uint32((id << 3) | LENGTH_DELIMITED).fork();
      for (let k = 0; k < list.length; k++) writer[type](list[k]!);
      writer.ldelim();
    };
  if (!leavesDefaults) return one;
  // of floating-point numbers -0 is another than 0
  const isFloat = type === "double" || type === "float";
  return (writer, value) => {
    if (!(isFloat ? Object.is(value, 0) : isEmpty(value))) one(writer, value);
  };
}

function listWriter(one: (writer: Writer, value: unknown) => void) {
  return (writer: Writer, value: unknown) => {
    for (const element of value as Iterable<unknown>) one(writer, element);
  };
}

function isEmpty(value: unknown): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value;
}
