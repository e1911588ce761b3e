// Read protobuf messages by hand, without what wrote them.

/** A message's fields by number, in their order: integers of varints, bytes of anything else. */
export type ProtobufFields = { readonly [field: number]: readonly (bigint | Uint8Array)[] };

/** Read a message. */
export function fieldsOf(bytes: Uint8Array): ProtobufFields {
  const fields: Record<number, (bigint | Uint8Array)[]> = {};
  let offset = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[offset++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < bytes.length) {
    const key = Number(varint());
    const value = () => {
      if ((key & 7) === 0) return varint();
      const length = { 1: 8, 5: 4 }[key & 7] ?? Number(varint());
      offset += length;
      return bytes.slice(offset - length, offset);
    };
    fields[key >> 3] = [...(fields[key >> 3] ?? []), value()];
  }
  return fields;
}

/** Read the message in a field. */
export const message = (value: bigint | Uint8Array | undefined) => fieldsOf(value as Uint8Array);

/** Read the text in a field. */
export const text = (value: bigint | Uint8Array | undefined) => new TextDecoder().decode(value as Uint8Array);

/** Read the little-endian float in a field. */
export const float = (value: bigint | Uint8Array | undefined) =>
  new DataView((value as Uint8Array).buffer).getFloat32(0, true);
