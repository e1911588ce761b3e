// Methods of Python's texts, dictionaries and lists that xacro files use.
import { equals, limited, type PythonFunction, repr, type Value } from "./python-values.js";

type Text = (self: string, args: readonly Value[]) => Value;
type Dictionary = (self: ReadonlyMap<Value, Value>, args: readonly Value[]) => Value;
type List = (self: readonly Value[], args: readonly Value[]) => Value;

const TEXT: Readonly<Record<string, Text>> = {
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  strip: (self) => self.trim(),
  lstrip: (self) => self.trimStart(),
  rstrip: (self) => self.trimEnd(),
  startswith: (self, [start]) => self.startsWith(textArgument(start)),
  endswith: (self, [end]) => self.endsWith(textArgument(end)),
  find: (self, [part]) => BigInt(self.indexOf(textArgument(part))),
  count: (self, [part]) => BigInt(self.split(textArgument(part)).length - 1),
  replace: (self, [from, to]) => limited(self.replaceAll(textArgument(from), () => textArgument(to))),
  split: (self, [separator]) =>
    separator === undefined || separator === null
      ? self.trim().split(/\s+/).filter(Boolean)
      : self.split(textArgument(separator)),
  join: (self, [items]) => {
    if (!Array.isArray(items)) throw new Error("join() expects a list");
    return limited((items as readonly Value[]).map(textArgument).join(self));
  },
  isdigit: (self) => /^\d+$/.test(self),
};

const DICTIONARY: Readonly<Record<string, Dictionary>> = {
  keys: (self) => [...self.keys()],
  values: (self) => [...self.values()],
  items: (self) => [...self],
  get: (self, [key, fallback = null]) => self.get(key ?? null) ?? fallback,
};

const LIST: Readonly<Record<string, List>> = {
  index: (self, [item]) => {
    const at = self.findIndex((candidate) => equals(candidate, item ?? null));
    if (at < 0) throw new Error(`${repr(item ?? null)} is not in the list`);
    return BigInt(at);
  },
  count: (self, [item]) => BigInt(self.filter((candidate) => equals(candidate, item ?? null)).length),
};

/** Return the method called `name` of a value; undefined where there is none. */
export function methodOf(value: Value, name: string): PythonFunction | undefined {
  if (typeof value === "string") return bound(TEXT, name, value);
  if (Array.isArray(value)) return bound(LIST, name, value as readonly Value[]);
  return value instanceof Map ? bound(DICTIONARY, name, value as ReadonlyMap<Value, Value>) : undefined;
}

function bound<Self>(
  table: Readonly<Record<string, (self: Self, args: readonly Value[]) => Value>>,
  name: string,
  self: Self,
): PythonFunction | undefined {
  if (!Object.hasOwn(table, name)) return undefined;
  return {
    kind: "function",
    call: (args, named) => {
      if (named.size > 0) throw new Error(`${name}() takes no named arguments here`);
      return table[name]!(self, args);
    },
  };
}

function textArgument(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new Error(`expected a text, got ${repr(value ?? null)}`);
}
