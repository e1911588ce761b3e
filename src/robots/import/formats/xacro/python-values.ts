// Values of Python as xacro's expressions use them: whole numbers stay whole, and texts are what str() makes of them.

/** A value. Whole numbers are bigints, other numbers are numbers; tuples are lists. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | PythonFunction
  | PythonNamespace;

/** Something that can be called. */
export interface PythonFunction {
  readonly kind: "function";
  readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value>) => Value;
}

/** A name that others hang on, such as "math". */
export interface PythonNamespace {
  readonly kind: "namespace";
  readonly get: (name: string) => Value | undefined;
}

/** Longest text and list, and most bits of a whole number, that an expression may make. */
const MOST_LENGTH = 20_000;
const MOST_BITS = 2048n;

/** Return the operators that "+", "-", "*", "/", "//", "%" and "**" stand for. */
export function arithmetic(operator: string, left: Value, right: Value): Value {
  if (operator === "+" && typeof left === "string" && typeof right === "string") return limited(left + right);
  if (operator === "+" && Array.isArray(left) && Array.isArray(right)) return limited([...left, ...right]);
  if (operator === "*" && (typeof left === "string" || Array.isArray(left))) return repeated(left, right);
  if (operator === "%" && typeof left === "string")
    throw new Error('the formatting operator "%" is not known');
  const [a, b] = [numeric(left), numeric(right)];
  if (a === undefined || b === undefined)
    throw new Error(`${typeName(left)} ${operator} ${typeName(right)} has no meaning`);
  return typeof a === "bigint" && typeof b === "bigint"
    ? wholeArithmetic(operator, a, b)
    : floatArithmetic(operator, Number(a), Number(b));
}

function wholeArithmetic(operator: string, a: bigint, b: bigint): Value {
  if ((operator === "/" || operator === "//" || operator === "%") && b === 0n)
    throw new Error("division by zero");
  switch (operator) {
    case "+":
      return bounded(a + b);
    case "-":
      return bounded(a - b);
    case "*":
      return bounded(a * b);
    case "/":
      return Number(a) / Number(b);
    case "//":
      return (a - floorMod(a, b)) / b;
    case "%":
      return floorMod(a, b);
    default:
      if (b < 0n) return Number(a) ** Number(b);
      if (b * BigInt(bits(a)) > MOST_BITS) throw new Error("the number is too large");
      return a ** b;
  }
}

function floorMod(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function floatArithmetic(operator: string, a: number, b: number): number {
  if ((operator === "/" || operator === "//" || operator === "%") && b === 0)
    throw new Error("division by zero");
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "%":
      return a - b * Math.floor(a / b);
    default:
      return a ** b;
  }
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

function bounded(value: bigint): bigint {
  if (BigInt(bits(value)) > MOST_BITS) throw new Error("the number is too large");
  return value;
}

function repeated(left: string | readonly Value[], right: Value): Value {
  const count = Math.max(0, Number(toWhole(right)));
  if (left.length * count > MOST_LENGTH) throw new Error("the result is too long");
  if (typeof left === "string") return left.repeat(count);
  return Array.from({ length: count }, () => left).flat();
}

/** Refuse a text or a list that is too long. */
export function limited<Sized extends string | readonly Value[]>(value: Sized): Sized {
  if (value.length > MOST_LENGTH) throw new Error("the result is too long");
  return value;
}

/** The number that a value is in calculations; undefined where it is none. */
export function numeric(value: Value): bigint | number | undefined {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "bigint" || typeof value === "number" ? value : undefined;
}

/** The number that a value is; throws where it is none. */
export function toFloat(value: Value): number {
  const number = numeric(value);
  if (number === undefined) throw new Error(`expected a number, got ${repr(value)}`);
  return Number(number);
}

/** The whole number that a value is; throws where it is none. */
export function toWhole(value: Value): bigint {
  const number = numeric(value);
  if (typeof number === "bigint") return number;
  throw new Error(`expected a whole number, got ${repr(value)}`);
}

/** Whether a value counts as true. */
export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  const number = numeric(value);
  return number === undefined || Number(number) !== 0;
}

/** Whether two values are equal. */
export function equals(a: Value, b: Value): boolean {
  const [x, y] = [numeric(a), numeric(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number
  if (x !== undefined && y !== undefined) return x == y;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, k) => equals(item, b[k]!));
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && equals(item, b.get(key)!));
  return a === b;
}

/** Whether `a` goes before `b`: numbers and texts have an order. */
export function isLess(a: Value, b: Value): boolean {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return x < y;
  if (typeof a === "string" && typeof b === "string") return a < b;
  throw new Error(`${typeName(a)} and ${typeName(b)} have no order`);
}

/** Return the text that Python's str() makes of a value. */
export function str(value: Value): string {
  return typeof value === "string" ? value : repr(value);
}

/** Return the text that Python's repr() makes of a value. */
export function repr(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  if (typeof value === "number") return floatText(value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(", ")}}`;
  return `<${typeName(value)}>`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** What a value is, in Python's words. */
export function typeName(value: Value): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return "list";
  if (value instanceof Map) return "dict";
  if (typeof value === "object") return (value as PythonFunction | PythonNamespace).kind;
  return { boolean: "bool", bigint: "int", number: "float", string: "str" }[
    typeof value as "boolean" | "bigint" | "number" | "string"
  ];
}
