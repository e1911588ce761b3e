// Functions and constants of Python that xacro gives to expressions: its builtins, and the module math.
import {
  isLess,
  isTrue,
  limited,
  numeric,
  type PythonFunction,
  type PythonNamespace,
  repr,
  str,
  toFloat,
  toWhole,
  type Value,
} from "./python-values.js";

type Named = ReadonlyMap<string, Value>;

/** A function of Python as a value. */
export function pythonFunction(call: (args: readonly Value[], named: Named) => Value): PythonFunction {
  return { kind: "function", call };
}

/** Names that others hang on as a value. */
export function pythonNamespace(names: ReadonlyMap<string, Value>): PythonNamespace {
  return { kind: "namespace", get: (name) => names.get(name) };
}

const ONE_NUMBER: Readonly<Record<string, (x: number) => number>> = {
  ...{ sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan },
  ...{ sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, exp: Math.exp, log10: Math.log10, log2: Math.log2 },
  sqrt: Math.sqrt,
  fabs: Math.abs,
  radians: (x) => (x * Math.PI) / 180,
  degrees: (x) => (x * 180) / Math.PI,
};
const TWO_NUMBERS: Readonly<Record<string, (x: number, y: number) => number>> = {
  atan2: Math.atan2,
  pow: (x, y) => x ** y,
  fmod: (x, y) => x % y,
  copysign: (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
};
const TO_WHOLE: Readonly<Record<string, (x: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
};

/** What the module math holds. */
export const MATH: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["pi", Math.PI],
  ["e", Math.E],
  ["tau", 2 * Math.PI],
  ["inf", Infinity],
  ["nan", Number.NaN],
  ["hypot", pythonFunction((args) => Math.hypot(...args.map(toFloat)))],
  [
    "log",
    pythonFunction(([x, base]) =>
      real("log", Math.log(toFloat(x!)) / (base === undefined ? 1 : Math.log(toFloat(base)))),
    ),
  ],
  ...Object.entries(ONE_NUMBER).map(([name, call]): [string, Value] => [
    name,
    pythonFunction((args) => real(name, call(toFloat(only(name, args))))),
  ]),
  ...Object.entries(TWO_NUMBERS).map(([name, call]): [string, Value] => [
    name,
    pythonFunction(([x, y]) => real(name, call(toFloat(x ?? null), toFloat(y ?? null)))),
  ]),
  ...Object.entries(TO_WHOLE).map(([name, call]): [string, Value] => [
    name,
    pythonFunction((args) => BigInt(call(finite(toFloat(only(name, args)))))),
  ]),
]);

/** What needs no module. */
export const BUILTINS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["abs", pythonFunction(([x]) => absolute(x ?? null))],
  ["round", pythonFunction(([x, digits]) => rounded(toFloat(x ?? null), digits))],
  ["min", pythonFunction((args) => extreme(args, (a, b) => isLess(a, b)))],
  ["max", pythonFunction((args) => extreme(args, (a, b) => isLess(b, a)))],
  ["sum", pythonFunction(([list]) => sum(items(list)))],
  ["len", pythonFunction(([value]) => BigInt(value instanceof Map ? value.size : items(value).length))],
  ["str", pythonFunction(([value = ""]) => str(value))],
  ["repr", pythonFunction(([value = null]) => repr(value))],
  ["bool", pythonFunction(([value = null]) => isTrue(value))],
  ["int", pythonFunction(([value = 0n]) => wholeOf(value))],
  ["float", pythonFunction(([value = 0n]) => floatOf(value))],
  ["list", pythonFunction(([value]) => (value === undefined ? [] : [...items(value)]))],
  ["tuple", pythonFunction(([value]) => (value === undefined ? [] : [...items(value)]))],
  ["dict", pythonFunction((args, named) => dictionary(args, named))],
  ["range", pythonFunction((args) => range(args.map((value) => Number(toWhole(value)))))],
  [
    "sorted",
    pythonFunction(([value]) => items(value).toSorted((a, b) => Number(isLess(b, a)) - Number(isLess(a, b)))),
  ],
  ["reversed", pythonFunction(([value]) => items(value).toReversed())],
  ["enumerate", pythonFunction(([value]) => items(value).map((item, k): Value => [BigInt(k), item]))],
  ["all", pythonFunction(([value]) => items(value).every(isTrue))],
  ["any", pythonFunction(([value]) => items(value).some(isTrue))],
]);

function only(name: string, args: readonly Value[]): Value {
  if (args.length === 1) return args[0]!;
  throw new Error(`${name}() takes one argument, got ${args.length}`);
}

function real(name: string, value: number): number {
  if (Number.isNaN(value)) throw new Error(`${name}() has no value there`);
  return value;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`${value} is no whole number`);
  return value;
}

function absolute(value: Value): Value {
  const number = numeric(value);
  if (typeof number === "bigint") return number < 0n ? -number : number;
  return Math.abs(toFloat(value));
}

/** To the nearest, from the middle to the even one, as Python does. */
function rounded(value: number, digits: Value | undefined): Value {
  if (digits !== undefined && digits !== null) return Number(value.toFixed(Number(toWhole(digits))));
  const floor = Math.floor(finite(value));
  const isUp = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 !== 0);
  return BigInt(isUp ? floor + 1 : floor);
}

function extreme(args: readonly Value[], goesBefore: (a: Value, b: Value) => boolean): Value {
  const all = args.length === 1 ? items(args[0]) : args;
  if (all.length === 0) throw new Error("min() and max() need something to choose from");
  return all.reduce((best, value) => (goesBefore(value, best) ? value : best));
}

function sum(list: readonly Value[]): Value {
  const isWhole = list.every((value) => typeof numeric(value) === "bigint");
  if (isWhole) return list.reduce<bigint>((total, value) => total + toWhole(value), 0n);
  return list.reduce<number>((total, value) => total + toFloat(value), 0);
}

/** What a list, a text or the keys of a dictionary hold. */
function items(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  if (typeof value === "string") return [...value];
  if (value instanceof Map) return [...(value as ReadonlyMap<Value, Value>).keys()];
  throw new Error(`expected a list, got ${repr(value ?? null)}`);
}

function wholeOf(value: Value): bigint {
  if (typeof value === "string") {
    if (/^\s*[+-]?\d+\s*$/.test(value)) return BigInt(value.trim().replace(/^\+/, ""));
    throw new Error(`${repr(value)} is no whole number`);
  }
  return typeof value === "number" ? BigInt(Math.trunc(finite(value))) : toWhole(value);
}

function floatOf(value: Value): number {
  if (typeof value !== "string") return toFloat(value);
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isNaN(number)) throw new Error(`${repr(value)} is no number`);
  return number;
}

function dictionary([from]: readonly Value[], named: Named): Value {
  const pairs = from instanceof Map ? [...from] : from === undefined ? [] : items(from).map(items);
  return new Map([...pairs.map(([key, value]): [Value, Value] => [key!, value!]), ...named]);
}

function range(args: readonly number[]): Value {
  const [from, to, step = 1] = args.length === 1 ? [0, args[0]!] : (args as [number, number, number?]);
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!(count <= 20_000)) throw new Error("the range is too long");
  return limited(Array.from({ length: count }, (_, k): Value => BigInt(from + k * step)));
}
