// The parquet tables of a LeRobot data set.
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]["schema"]>;

/** A column: its cells, and the schema elements that say what they are. */
export interface Column {
  readonly name: string;
  readonly cells: unknown[];
  readonly schema: Schema;
}

/** A picture as LeRobot's image features hold it: a PNG file and the name that it would have. */
export interface PngCell {
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** Rows that are read at once where one is asked for: what a reader of pictures has to unpack. */
const ROW_GROUP = 1000;

/** Return the bytes of a parquet file. */
export function table(
  columns: readonly Column[],
  kvMetadata: { key: string; value: string }[] = [],
): Uint8Array {
  const columnData = columns.map(({ name, cells }): ColumnSource => ({ name, data: cells }));
  const schema = [
    { name: "schema", num_children: columns.length },
    ...columns.flatMap((each) => each.schema),
  ];
  return new Uint8Array(
    parquetWriteBuffer({ columnData, schema, kvMetadata, rowGroupSize: ROW_GROUP, createdBy: "armgym" }),
  );
}

/** A number per row. */
export function numbers(
  name: string,
  type: "FLOAT" | "DOUBLE" | "INT64" | "BOOLEAN",
  values: readonly number[],
): Column {
  const cell = type === "INT64" ? BigInt : type === "BOOLEAN" ? Boolean : Number;
  return { name, cells: values.map((value) => cell(value)), schema: [plain(name, type)] };
}

/** A list of numbers per row, or lists of lists of numbers down to `depth`. */
export function lists(
  name: string,
  type: "FLOAT" | "DOUBLE" | "INT64" | "BOOLEAN",
  cells: readonly unknown[],
  depth = 1,
): Column {
  const cell = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cell);
    return type === "INT64" ? BigInt(value as number) : value;
  };
  return { name, cells: cells.map(cell), schema: listSchema(name, depth, plain("element", type)) };
}

/** A list of words per row. */
export function words(name: string, cells: readonly (readonly string[])[]): Column {
  return {
    name,
    cells: [...cells],
    schema: listSchema(name, 1, { ...plain("element", "BYTE_ARRAY"), ...TEXT }),
  };
}

/** Words in each row. */
export function text(name: string, cells: readonly string[]): Column {
  return { name, cells: [...cells], schema: [{ ...plain(name, "BYTE_ARRAY"), ...TEXT }] };
}

/** A picture per row. */
export function pictures(name: string, cells: readonly PngCell[]): Column {
  const schema: Schema = [
    { name, repetition_type: "OPTIONAL", num_children: 2 },
    plain("bytes", "BYTE_ARRAY"),
    { ...plain("path", "BYTE_ARRAY"), ...TEXT },
  ];
  return { name, cells: [...cells], schema };
}

const TEXT = { converted_type: "UTF8" } as const;

function plain(name: string, type: "FLOAT" | "DOUBLE" | "INT64" | "BOOLEAN" | "BYTE_ARRAY"): Schema[number] {
  return { name, type, repetition_type: "OPTIONAL" };
}

function listSchema(name: string, depth: number, leaf: Schema[number]): Schema {
  return [
    { name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    ...(depth > 1 ? listSchema("element", depth - 1, leaf) : [leaf]),
  ];
}
