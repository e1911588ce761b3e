// Which fields of a data set a predictor reads and learns: found by what they are, not by what they are called.
import { type DataField, UsageError } from "../src/index.js";

/** Fields by name. */
export type Fields = Readonly<Record<string, DataField>>;

/** What a field has to be. */
export interface FieldKind {
  /** In words, after "one field of": "pictures [height, width, channels]". */
  readonly words: string;
  /** Name that decides where several fields are so. */
  readonly name?: string;
  /** Whether a field is so. */
  is(field: DataField): boolean;
}

/** Pictures. */
export const PICTURES: FieldKind = {
  words: "pictures [height, width, channels]",
  name: "image",
  is: ({ shape, dtype }) => shape.length === 3 && dtype !== "int32",
};

/** Windows of series. */
export const SERIES: FieldKind = {
  words: "series [steps, entries]",
  is: ({ shape, dtype = "float32" }) => shape.length === 2 && dtype === "float32",
};

/** Labels of rows. */
export const LABELS: FieldKind = {
  words: "labels with the names of their classes",
  name: "label",
  is: ({ shape, classes }) => shape.length === 0 && classes !== undefined,
};

/**
 * Find the field that is of a kind; returns its name and itself.
 *
 * Throws a UsageError that lists the fields where there is none, or where there are several and none has the kind's name.
 */
export function fieldOf(predictor: string, fields: Fields, kind: FieldKind): readonly [string, DataField] {
  const found = Object.entries(fields).filter(([, field]) => kind.is(field));
  const chosen = found.length === 1 ? found[0] : found.find(([name]) => name === kind.name);
  if (chosen) return chosen;
  const has = Object.entries(fields).map(([name, field]) => `"${name}" ${describe(field)}`);
  throw new UsageError(
    `${predictor} needs one field of ${kind.words}, the data has ${found.length || "none"}: ${has.join(", ")}.`,
  );
}

function describe({ shape, dtype = "float32", classes }: DataField): string {
  return `[${shape.join(", ")}] ${dtype}${classes ? ` of ${classes.length} classes` : ""}`;
}
