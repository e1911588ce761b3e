// An MCAP file taken apart as another program does it: every message with its channel and schema.
import { McapStreamReader } from "@mcap/core";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor.js";

/** A message of a file. */
export interface FileMessage {
  readonly schema: { readonly name: string; readonly encoding: string; readonly data: Uint8Array };
  readonly encoding: string;
  /** s */
  readonly time: number;
  readonly data: Uint8Array;
}

/** Return the messages of `topic` in the order in which they stand in the file. */
export function messagesOf(bytes: Uint8Array, topic: string): readonly FileMessage[] {
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(bytes);
  const schemas = new Map<number, FileMessage["schema"]>();
  const channels = new Map<number, { topic: string; schemaId: number; messageEncoding: string }>();
  const messages: FileMessage[] = [];
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === "Schema") schemas.set(record.id, { ...record, data: record.data.slice() });
    else if (record.type === "Channel") channels.set(record.id, record);
    else if (record.type === "Message" && channels.get(record.channelId)?.topic === topic) {
      const { schemaId, messageEncoding } = channels.get(record.channelId)!;
      const { name, encoding, data } = schemas.get(schemaId)!;
      messages.push({
        schema: { name, encoding, data },
        encoding: messageEncoding,
        time: Number(record.logTime) / 1e9,
        data: record.data.slice(),
      });
    }
  }
  return messages;
}

/** Return a protobuf message as its own schema decodes it, enumerations by name. */
export function decoded({ schema, data }: FileMessage): Readonly<Record<string, unknown>> {
  const { fromDescriptor } = protobuf.Root as unknown as { fromDescriptor(data: Uint8Array): protobuf.Root };
  const type = fromDescriptor(schema.data).lookupType(schema.name);
  return type.toObject(type.decode(data), { longs: Number, enums: String, defaults: true, arrays: true });
}
