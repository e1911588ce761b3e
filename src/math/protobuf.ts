// Protocol Buffers whose fields keep a value of 0.
import protobuf from "protobufjs";

/** Describe a field that is there once, or not at all. */
export const single = (type: string, id: number) => ({ type, id });

/** Describe a field that is a list. */
export const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });

/** Message types by name, their fields by `single` and `repeated`. */
export type ProtobufTypes = Readonly<Record<string, protobuf.IType>>;

/**
 * Return what encodes messages of the type named: a plain object in, bytes out.
 *
 * Fields have explicit presence, as in proto2 and in a oneof: a field that is given is written, also where its value is
 * 0, false, "" or empty; protobufjs leaves such values out by default, and readers take them for missing. Lists of numbers are packed.
 */
export function protobufEncoder(types: ProtobufTypes, name: string): (message: object) => Uint8Array {
  // the edition decides on presence, and each type has its own
  const edition = "2023";
  const nested = Object.fromEntries(
    Object.entries(types).map(([typeName, fields]) => [typeName, { ...fields, edition }]),
  );
  const type = protobuf.Root.fromJSON({ nested }).lookupType(name);
  return (message) => type.encode(type.fromObject(message)).finish();
}
